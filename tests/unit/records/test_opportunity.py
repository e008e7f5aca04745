"""What only opportunities have."""

from __future__ import annotations

import pytest

# The new account's first pipeline has five stages, 1 to 5; the second begins with stage 6.
SALES, PARTNERS = 1, 2
QUALIFIED, FOLLOW_UP, FIRST_MEETING = 1, 2, 6


@pytest.fixture
def deal(ada):
    return ada.post("/opportunities", {"name": "Shelving"})


def _change(who, deal, **values):
    return who.put(f"/opportunities/{deal['id']}", values)


def test_a_deal_starts_in_the_first_stage_of_the_first_pipeline(deal):
    assert {key: deal[key] for key in ("pipeline_id", "pipeline_stage_id", "status", "priority", "win_probability")} == {
        "pipeline_id": SALES, "pipeline_stage_id": QUALIFIED, "status": "Open", "priority": "None", "win_probability": 5,
    }  # fmt: skip
    assert deal["date_stage_changed"] == deal["date_created"]
    assert (deal["pipeline_type"], deal["pipeline_is_revenue"]) == ("opportunity", True)


def test_a_stage_brings_its_pipeline(ada):
    made = ada.post("/opportunities", {"name": "Desks", "pipeline_stage_id": FIRST_MEETING})
    assert (made["pipeline_id"], made["win_probability"]) == (PARTNERS, 10)


def test_a_pipeline_brings_its_first_stage(ada, deal):
    assert ada.post("/opportunities", {"name": "Desks", "pipeline_id": PARTNERS})["pipeline_stage_id"] == FIRST_MEETING
    moved = _change(ada, deal, pipeline_id=PARTNERS)
    assert (moved["pipeline_stage_id"], moved["win_probability"]) == (FIRST_MEETING, 10)


@pytest.mark.parametrize(
    "values",
    [{"pipeline_id": SALES, "pipeline_stage_id": FIRST_MEETING}, {"pipeline_stage_id": FIRST_MEETING}, {"pipeline_stage_id": 99}],
)
def test_a_stage_belongs_to_its_pipeline(ada, deal, values):
    message = ada.refused("PUT", f"/opportunities/{deal['id']}", values)
    assert message.startswith("Invalid input: Validation errors: Pipeline Stage Id: Invalid value for Pipeline Stage Id: ")


def test_an_unknown_pipeline_is_refused(ada):
    assert "there is no pipeline 99" in ada.refused("POST", "/opportunities", {"name": "Desks", "pipeline_id": 99})


def test_pipeline_and_stage_cannot_be_cleared(ada, deal):
    kept = _change(ada, deal, pipeline_id=None, pipeline_stage_id=None)
    assert (kept["pipeline_id"], kept["pipeline_stage_id"]) == (SALES, QUALIFIED)


def test_the_chance_follows_the_stage_unless_given(ada, deal):
    assert _change(ada, deal, win_probability=70)["win_probability"] == 70
    assert _change(ada, deal, details="x")["win_probability"] == 70
    assert _change(ada, deal, pipeline_stage_id=FOLLOW_UP)["win_probability"] == 10
    assert _change(ada, deal, pipeline_stage_id=QUALIFIED, win_probability=33)["win_probability"] == 33
    assert _change(ada, deal, win_probability=None)["win_probability"] is None


@pytest.mark.parametrize("chance", [-1, 101, "many", 5.5])
def test_a_chance_is_a_whole_percentage(ada, deal, chance):
    assert "Win Probability: " in ada.refused("PUT", f"/opportunities/{deal['id']}", {"win_probability": chance})


def test_a_change_of_stage_is_dated_and_noted(ada, deal):
    before = deal["date_stage_changed"]
    assert _change(ada, deal, details="x")["date_stage_changed"] == before
    assert _change(ada, deal, pipeline_stage_id=FOLLOW_UP)["date_stage_changed"] >= before
    (noted,) = ada.post(f"/opportunities/{deal['id']}/activities", {})
    assert (noted["type"]["id"], noted["type"]["category"]) == (3, "system")
    assert (noted["old_value"], noted["new_value"]) == (
        {"id": QUALIFIED, "name": "Qualified"},
        {"id": FOLLOW_UP, "name": "Follow-up"},
    )


def test_a_change_of_status_is_noted(ada, deal):
    _change(ada, deal, status="Won")
    (noted,) = ada.post(f"/opportunities/{deal['id']}/activities", {})
    assert (noted["type"]["id"], noted["old_value"], noted["new_value"]) == (1, "Open", "Won")


@pytest.mark.parametrize(("field", "value"), [("status", "Maybe"), ("priority", "Urgent")])
def test_words_are_of_their_list(ada, deal, field, value):
    assert "must be one of" in ada.refused("PUT", f"/opportunities/{deal['id']}", {field: value})


def test_a_loss_reason_goes_when_a_lost_deal_is_opened_again(ada, deal):
    lost = _change(ada, deal, status="Lost", loss_reason_id=1)
    assert (lost["status"], lost["loss_reason_id"]) == ("Lost", 1)
    assert ada.put(f"/opportunities/{deal['id']}", {**lost, "status": "Open"})["loss_reason_id"] is None
    _change(ada, deal, status="Lost", loss_reason_id=1)
    assert _change(ada, deal, status="Abandoned", loss_reason_id=2)["loss_reason_id"] == 2


@pytest.mark.parametrize("given", ["03/31/2027", "3/31/2027", "31/3/2027", "31/03/2027", "2027-03-31", 1806451200, "1806451200"])
def test_a_close_date_is_taken_in_every_form_and_told_in_one(ada, deal, given):
    assert _change(ada, deal, close_date=given)["close_date"] == "3/31/2027"


@pytest.mark.parametrize("given", ["13/32/2027", "soon", 10**20, True, [1]])
def test_what_is_no_date_is_refused(ada, deal, given):
    assert "Close Date: must be a date" in ada.refused("PUT", f"/opportunities/{deal['id']}", {"close_date": given})


class TestCompany:
    @pytest.fixture
    def acme(self, ada):
        return ada.post("/companies", {"name": "Acme"})

    def test_it_comes_with_the_primary_contact(self, ada, acme):
        person = ada.post("/people", {"name": "Bob", "company_id": acme["id"]})
        made = ada.post("/opportunities", {"name": "Desks", "primary_contact_id": person["id"]})
        assert (made["company_id"], made["company_name"]) == (acme["id"], "Acme")

    def test_one_that_is_given_stays(self, ada, acme, deal):
        other = ada.post("/companies", {"name": "Other"})
        person = ada.post("/people", {"name": "Bob", "company_id": acme["id"]})
        made = ada.post("/opportunities", {"name": "X", "primary_contact_id": person["id"], "company_id": other["id"]})
        assert made["company_id"] == other["id"]
        later = ada.post("/people", {"name": "Cy", "company_id": acme["id"]})
        assert _change(ada, made, primary_contact_id=later["id"])["company_id"] == other["id"]

    def test_it_is_found_or_made_by_its_name(self, ada, acme):
        assert ada.post("/opportunities", {"name": "X", "company_name": "acme"})["company_id"] == acme["id"]
        assert ada.post("/opportunities", {"name": "X", "company_name": "Fresh"})["company_name"] == "Fresh"

    def test_it_can_be_cleared(self, ada, acme):
        made = ada.post("/opportunities", {"name": "X", "company_id": acme["id"]})
        assert _change(ada, made, company_id=None)["company_id"] is None


def test_a_reason_goes_when_an_abandoned_deal_is_taken_up_again(ada, deal):
    assert _change(ada, deal, status="Abandoned", loss_reason_id=1)["loss_reason_id"] == 1
    assert _change(ada, deal, status="Open")["loss_reason_id"] is None
