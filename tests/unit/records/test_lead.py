"""What only leads have."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from cuprum.records.vocabulary import touch_vocabulary
from cuprum.storage.account_tables import exchange_rate

NEW, OPEN = 1, 2


def _activities(who, lead):
    return who.post(f"/leads/{lead['id']}/activities", {})


def test_a_lead_starts_with_the_default_status(ada):
    lead = ada.post("/leads", {"name": "Ada"})
    assert (lead["status_id"], lead["status"], lead["interaction_count"], lead["converted_at"]) == (NEW, "New", 0, None)


@pytest.mark.parametrize(
    "given", [{"status_id": OPEN}, {"status_id": str(OPEN)}, {"status": "open"}, {"status": "New", "status_id": OPEN}]
)
def test_a_status_is_given_by_id_or_by_name_and_the_id_wins(ada, given):
    assert ada.post("/leads", {"name": "Ada", **given})["status"] == "Open"


def test_a_whole_lead_sent_back_with_another_status_takes_it(ada):
    lead = ada.post("/leads", {"name": "Ada"})
    assert ada.put(f"/leads/{lead['id']}", {**lead, "status": "Open"})["status_id"] == OPEN
    assert ada.put(f"/leads/{lead['id']}", {**lead, "status": "Open", "status_id": NEW})["status_id"] == NEW


def test_a_cleared_status_stays(ada):
    lead = ada.post("/leads", {"name": "Ada", "status_id": OPEN})
    assert ada.put(f"/leads/{lead['id']}", {"status_id": None, "status": None})["status_id"] == OPEN


@pytest.mark.parametrize("given", [{"status": "Lukewarm"}, {"status_id": 99}])
def test_an_unknown_status_is_refused(ada, given):
    assert "there is no lead status" in ada.refused("POST", "/leads", {"name": "Ada", **given})


def test_two_leads_may_share_an_email(ada):
    for _ in range(2):
        ada.post("/leads", {"name": "Ada", "email": {"email": "ada@quill.example"}})
    assert len(ada.post("/leads/search", {"emails": "ADA@quill.example"})) == 2


def test_a_change_of_status_is_noted(ada):
    lead = ada.post("/leads", {"name": "Ada"})
    assert _activities(ada, lead) == []
    ada.put(f"/leads/{lead['id']}", {"status": "Open", "title": "Owner"})
    (noted,) = _activities(ada, lead)
    assert (noted["type"]["id"], noted["type"]["category"], noted["user_id"], noted["details"]) == (1, "system", ada.id, None)
    assert (noted["old_value"], noted["new_value"]) == ({"id": NEW, "name": "New"}, {"id": OPEN, "name": "Open"})


def test_a_change_of_owner_is_noted(cuprum, ada):
    lead = ada.post("/leads", {"name": "Ada", "assignee_id": ada.id})
    ada.put(f"/leads/{lead['id']}", {"assignee_id": cuprum.grace.id})
    ada.put(f"/leads/{lead['id']}", {"assignee_id": None})
    (second, first) = sorted(_activities(ada, lead), key=lambda one: -one["id"])
    assert (first["type"]["id"], first["old_value"], first["new_value"]) == (
        2, {"id": ada.id, "name": "Ada"}, {"id": cuprum.grace.id, "name": "Grace"},
    )  # fmt: skip
    assert (second["old_value"]["name"], second["new_value"]) == ("Grace", None)


def test_what_did_not_change_is_not_noted(ada):
    lead = ada.post("/leads", {"name": "Ada"})
    ada.put(f"/leads/{lead['id']}", lead)
    assert _activities(ada, lead) == []


class TestValue:
    def test_it_is_in_the_accounts_currency_unless_told(self, ada):
        lead = ada.post("/leads", {"name": "Ada", "monetary_value": "1800.50"})
        assert (lead["monetary_value"], lead["monetary_unit"], lead["converted_value"], lead["converted_unit"]) == (
            1800.5, "EUR", 1800.5, "EUR",
        )  # fmt: skip

    def test_without_a_rate_nothing_is_converted(self, ada):
        lead = ada.post("/leads", {"name": "Ada", "monetary_value": 100, "monetary_unit": "usd"})
        assert (lead["monetary_unit"], lead["converted_value"], lead["converted_unit"]) == ("USD", None, None)

    def test_with_a_rate_it_is_converted_at_each_change(self, cuprum, ada):
        def rate(connection):
            connection.execute(insert(exchange_rate).values(currency="USD", rate=0.5, date_modified=1))
            touch_vocabulary(connection)

        cuprum.database.write_now(rate)
        lead = ada.post("/leads", {"name": "Ada", "monetary_value": 100, "monetary_unit": "USD"})
        assert (lead["converted_value"], lead["converted_unit"]) == (50, "EUR")
        assert ada.put(f"/leads/{lead['id']}", {"monetary_value": 300})["converted_value"] == 150
        assert ada.put(f"/leads/{lead['id']}", {"monetary_unit": "EUR"})["converted_value"] == 300
        cleared = ada.put(f"/leads/{lead['id']}", {"monetary_value": None})
        assert (cleared["converted_value"], cleared["converted_unit"]) == (None, None)

    @pytest.mark.parametrize("unit", ["euro", "€", "12X"])
    def test_a_unit_is_a_currency(self, ada, unit):
        message = ada.refused("POST", "/leads", {"name": "Ada", "monetary_value": 1, "monetary_unit": unit})
        assert "Monetary Unit: must be a currency code of three letters" in message
