"""Lead conversion (`copper-api/part1.md §10.5`)."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, update

from cuprum.records.vocabulary import touch_vocabulary
from cuprum.storage.account_tables import custom_field_definition, customer_source, record_share
from cuprum.storage.event_tables import change
from cuprum.storage.rows import inserted_id
from cuprum.storage.tables import TABLES

LEAD = {
    "name": "Ada Quill",
    "email": {"email": "ada@quill.example", "category": "personal"},
    "company_name": "Quill & Sons",
    "title": "Owner",
    "tags": ["fair", "vip"],
    "monetary_value": 1800,
    "phone_numbers": [{"number": "+351 220 000 111", "category": "mobile"}],
    "address": {"street": "9 Rua do Sol", "city": "Porto", "country": "PT"},
}


def _convert(who, lead, **details):
    return who.post(f"/leads/{lead['id']}/convert", {"details": details})


def _converted(person, lead):
    found = person.post("/leads/search", {"ids": [lead["id"]], "include_converted_leads": True})
    return found[0]


def test_a_lead_becomes_a_person_and_a_company(ada):
    lead = ada.post("/leads", LEAD)
    made = ada.post(f"/leads/{lead['id']}/convert", {})
    assert list(made) == ["person", "company"]
    person, company = made["person"], made["company"]
    assert {key: person[key] for key in ("name", "first_name", "last_name", "title", "tags", "address", "phone_numbers")} == {
        key: lead[key] for key in ("name", "first_name", "last_name", "title", "tags", "address", "phone_numbers")
    }
    assert person["emails"] == [{"email": "ada@quill.example", "category": "personal"}]
    assert (person["company_id"], person["company_name"]) == (company["id"], "Quill & Sons")
    assert (person["leads_converted_from"], person["date_lead_created"]) == ([lead["id"]], lead["date_created"])
    assert (company["name"], company["email_domain"], company["assignee_id"]) == ("Quill & Sons", "quill.example", ada.id)
    assert (ada.get(f"/people/{person['id']}"), ada.get(f"/companies/{company['id']}")) == (person, company)


def test_a_converted_lead_is_gone_but_for_a_search_that_asks_for_it(ada):
    lead = ada.post("/leads", LEAD)
    made = _convert(ada, lead, opportunity={"name": "Shelving"})
    assert ada.refused("GET", f"/leads/{lead['id']}", status=404) == "Resource not found"
    assert ada.refused("PUT", f"/leads/{lead['id']}", {"title": "x"}, 404) == "Resource not found"
    assert ada.post("/leads/search", {}) == []
    found = _converted(ada, lead)
    assert (found["converted_contact_id"], found["converted_opportunity_id"]) == (made["person"]["id"], made["opportunity"]["id"])
    assert found["converted_at"] >= lead["date_created"]
    task = {"name": "Call", "related_resource": {"id": lead["id"], "type": "lead"}}
    assert f"there is no lead {lead['id']}" in ada.refused("POST", "/tasks", task)


def test_a_lead_is_converted_once(ada):
    lead = ada.post("/leads", LEAD)
    _convert(ada, lead)
    assert ada.refused("POST", f"/leads/{lead['id']}/convert", {}, 404) == "Resource not found"


def test_an_opportunity_is_made_only_when_asked_for(ada):
    lead = ada.post("/leads", {**LEAD, "assignee_id": ada.id})
    assert "opportunity" not in _convert(ada, ada.post("/leads", {"name": "Bob"}), opportunity=None)
    made = _convert(ada, lead, opportunity={"name": "Shelving"})
    deal = made["opportunity"]
    assert (deal["name"], deal["primary_contact_id"], deal["company_id"]) == (
        "Shelving",
        made["person"]["id"],
        made["company"]["id"],
    )
    assert (deal["monetary_value"], deal["monetary_unit"], deal["tags"]) == (1800.0, "EUR", ["fair", "vip"])
    assert (deal["assignee_id"], deal["status"], deal["win_probability"]) == (ada.id, "Open", 5)
    assert (deal["leads_converted_from"], deal["date_lead_created"]) == ([lead["id"]], lead["date_created"])
    assert deal == ada.get(f"/opportunities/{deal['id']}")


def test_details_are_taken_at_their_word(ada, cuprum):
    details = {
        "person": {"name": "Ada M. Quill", "assignee_id": cuprum.grace.id, "contact_type_id": 2},
        "company": {"name": "Quill", "exact_match": True},
        "opportunity": {"name": "Desks", "pipeline_id": 2, "monetary_value": "25.5", "assignee_id": cuprum.grace.id},
    }
    made = _convert(ada, ada.post("/leads", LEAD), **details)
    person, deal = made["person"], made["opportunity"]
    assert (person["name"], person["last_name"], person["assignee_id"], person["contact_type_id"]) == (
        "Ada M. Quill", "Quill", cuprum.grace.id, 2,
    )  # fmt: skip
    assert made["company"]["name"] == "Quill"
    assert (deal["pipeline_id"], deal["monetary_value"], deal["assignee_id"]) == (2, 25.5, cuprum.grace.id)


def test_a_person_with_the_leads_email_is_used_again(ada):
    known = ada.post(
        "/people", {"name": "A. Quill", "emails": [{"email": "ADA@quill.example"}], "tags": ["VIP"], "title": "Boss"}
    )
    made = _convert(ada, ada.post("/leads", LEAD), person={"name": "Somebody Else"})
    person = made["person"]
    assert (person["id"], person["name"], person["title"], person["tags"]) == (known["id"], "A. Quill", "Boss", ["VIP", "fair"])
    assert person["company_id"] == made["company"]["id"]
    assert len(person["leads_converted_from"]) == 1


def test_a_person_who_is_known_keeps_their_company(ada):
    company = ada.post("/companies", {"name": "Older"})
    ada.post("/people", {"name": "Ada", "emails": [{"email": "ada@quill.example"}], "company_id": company["id"]})
    assert _convert(ada, ada.post("/leads", LEAD))["company"]["id"] == company["id"]
    assert [one["name"] for one in ada.post("/companies/search", {})] == ["Older"]


class TestCompany:
    def test_an_id_names_it(self, ada):
        company = ada.post("/companies", {"name": "Acme"})
        assert _convert(ada, ada.post("/leads", LEAD), company={"id": company["id"]})["company"]["id"] == company["id"]

    def test_an_unknown_id_is_refused(self, ada):
        message = ada.refused("POST", f"/leads/{ada.post('/leads', LEAD)['id']}/convert", {"details": {"company": {"id": 99}}})
        assert message.endswith("Company: Invalid value for Company Id: there is no company 99")

    def test_id_and_name_exclude_each_other(self, ada):
        company = ada.post("/companies", {"name": "Acme"})
        body = {"details": {"company": {"id": company["id"], "name": "Acme"}}}
        assert "not both" in ada.refused("POST", f"/leads/{ada.post('/leads', LEAD)['id']}/convert", body)

    @pytest.mark.parametrize("none", [{"name": ""}, ""])
    def test_an_empty_name_wants_none(self, ada, none):
        made = _convert(ada, ada.post("/leads", LEAD), company=none)
        assert list(made) == ["person"]
        assert made["person"]["company_id"] is None
        assert ada.post("/companies/search", {}) == []

    @pytest.mark.parametrize("name", ["quill & sons", "The Quill and Sons Ltd."])
    def test_a_name_finds_the_one_that_is_alike(self, ada, name):
        company = ada.post("/companies", {"name": "Quill & Sons" if "&" in name else "Quill and Sons"})
        assert _convert(ada, ada.post("/leads", LEAD), company={"name": name})["company"]["id"] == company["id"]

    def test_a_name_that_may_mean_several_is_refused_with_their_ids(self, ada):
        first, second = (ada.post("/companies", {"name": name})["id"] for name in ("Quill Ltd", "QUILL, Inc."))
        lead = ada.post("/leads", LEAD)
        message = ada.refused("POST", f"/leads/{lead['id']}/convert", {"details": {"company": {"name": "Quill"}}})
        assert f"Quill Ltd (id {first}), QUILL, Inc. (id {second})" in message
        assert ada.get(f"/leads/{lead['id']}") == lead
        assert ada.post("/people/search", {}) == []

    def test_exact_match_does_not_look_for_what_is_alike(self, ada):
        ada.post("/companies", {"name": "Quill Ltd"})
        made = _convert(ada, ada.post("/leads", LEAD), company={"name": "Quill", "exact_match": True})
        assert made["company"]["name"] == "Quill"

    def test_without_a_name_the_emails_domain_stands_for_it(self, ada):
        without = {**LEAD, "company_name": None}
        company = _convert(ada, ada.post("/leads", without))["company"]
        assert (company["name"], company["email_domain"]) == ("quill.example", "quill.example")
        colleague = {"name": "Bob", "email": {"email": "bob@QUILL.example"}}
        assert _convert(ada, ada.post("/leads", colleague))["company"]["id"] == company["id"]

    def test_a_public_mail_domain_is_no_company(self, ada):
        lead = ada.post("/leads", {"name": "Ada", "email": {"email": "ada@gmail.com"}})
        assert list(_convert(ada, lead)) == ["person"]
        named = ada.post("/leads", {"name": "Bob", "email": {"email": "bob@gmail.com"}, "company_name": "Bob's"})
        assert _convert(ada, named)["company"]["email_domain"] is None

    def test_a_domain_that_is_taken_stays_with_its_company(self, ada):
        ada.post("/companies", {"name": "Holder", "email_domain": "quill.example"})
        company = _convert(ada, ada.post("/leads", LEAD))["company"]
        assert (company["name"], company["email_domain"]) == ("Quill & Sons", None)


def test_activities_and_tasks_move_to_the_person(ada):
    lead = ada.post("/leads", LEAD)
    parent = {"id": lead["id"], "type": "lead"}
    call = ada.post("/activities", {"parent": parent, "type": {"id": 1, "category": "user"}, "details": "Called"})
    task = ada.post("/tasks", {"name": "Send offer", "related_resource": parent})
    ada.put(f"/leads/{lead['id']}", {"status": "Open"})
    person = _convert(ada, lead)["person"]
    assert ada.get(f"/activities/{call['id']}")["parent"] == {"id": person["id"], "type": "person"}
    assert ada.get(f"/tasks/{task['id']}")["related_resource"] == {"id": person["id"], "type": "person"}
    assert len(ada.post(f"/people/{person['id']}/activities")) == 2
    assert (person["interaction_count"], person["date_last_contacted"]) == (1, call["activity_date"])


def test_custom_values_go_where_their_definition_is_available(cuprum, ada):
    def define(connection):
        shared = {"name": "x", "data_type": "String", "is_filterable": False}
        made = [
            inserted_id(connection, custom_field_definition, {**shared, "available_on": on})
            for on in (["lead", "person", "opportunity"], ["lead", "company"], ["lead"])
        ]
        touch_vocabulary(connection)
        return made

    widely, company_only, lead_only = cuprum.database.write_now(define)
    values = [{"custom_field_definition_id": field, "value": f"v{field}"} for field in (widely, company_only, lead_only)]
    made = _convert(ada, ada.post("/leads", {**LEAD, "custom_fields": values}), opportunity={})
    assert made["person"]["custom_fields"] == made["opportunity"]["custom_fields"] == values[:1]
    assert made["company"]["custom_fields"] == values[1:2]


def test_a_conversion_is_one_group_and_says_convert_for_the_lead(cuprum, ada):
    lead = ada.post("/leads", LEAD)
    ada.post("/tasks", {"name": "Call", "related_resource": {"id": lead["id"], "type": "lead"}})
    group = ada.call("POST", f"/leads/{lead['id']}/convert", {}).headers["X-Cuprum-Group"]
    entries = cuprum.database.read_now(lambda at: at.execute(select(change).where(change.c.group_id == group)).all())
    assert sorted((one.entity, one.kind) for one in entries) == [
        ("company", "new"), ("lead", "convert"), ("person", "new"), ("task", "update"),
    ]  # fmt: skip


def test_a_conversion_can_be_undone(ada):
    lead = ada.post("/leads", LEAD)
    parent = {"id": lead["id"], "type": "lead"}
    call = ada.post("/activities", {"parent": parent, "type": {"id": 1, "category": "user"}, "details": "Called"})
    task = ada.post("/tasks", {"name": "Send offer", "related_resource": parent})
    before = ada.get(f"/leads/{lead['id']}")
    group = ada.call("POST", f"/leads/{lead['id']}/convert", {"details": {"opportunity": {}}}).headers["X-Cuprum-Group"]
    undone = ada.client.post(f"/automation/v1/changes/{group}/undo", headers=ada.headers)
    assert (undone.status_code, undone.json()["conflicts"]) == (200, [])
    after = ada.get(f"/leads/{lead['id']}")
    assert {**after, "date_modified": 0} == {**before, "date_modified": 0}
    assert ada.get(f"/activities/{call['id']}")["parent"] == ada.get(f"/tasks/{task['id']}")["related_resource"] == parent
    for plural in ("people", "companies", "opportunities"):
        assert ada.post(f"/{plural}/search", {}) == []


def test_a_source_that_was_archived_does_not_stop_a_conversion(cuprum, ada):
    lead = ada.post("/leads", {**LEAD, "customer_source_id": 1})

    def archive(connection):
        connection.execute(update(customer_source).where(customer_source.c.id == 1).values(archived_at=1))
        touch_vocabulary(connection)

    cuprum.database.write_now(archive)
    assert _convert(ada, lead, opportunity={})["opportunity"]["customer_source_id"] is None


def test_who_could_see_the_lead_sees_what_it_becomes(cuprum, ada):
    lead = ada.post("/leads", {**LEAD, "assignee_id": ada.id})

    def only_for_grace(connection):
        connection.execute(update(TABLES["lead"]).values(visibility=2))
        connection.execute(insert(record_share).values(entity="lead", record_id=lead["id"], grantee=f"u{cuprum.grace.id}"))

    cuprum.database.write_now(only_for_grace)
    assert cuprum.mallory.refused("POST", f"/leads/{lead['id']}/convert", {}, 404) == "Resource not found"
    made = _convert(cuprum.grace, lead, opportunity={})
    for plural, entity in (("people", "person"), ("companies", "company"), ("opportunities", "opportunity")):
        assert cuprum.grace.get(f"/{plural}/{made[entity]['id']}") == made[entity]
        assert cuprum.mallory.refused("GET", f"/{plural}/{made[entity]['id']}", status=404) == "Resource not found"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"person": {}}, "Base: Unrecognized attributes specified: person"),
        ({"details": {"deal": {}}}, "Base: Unrecognized attributes specified: deal"),
        ({"details": {"company": {"domain": "x"}}}, "Base: Unrecognized attributes specified: domain"),
        ({"details": {"opportunity": []}}, "Opportunity: must be an object"),
        ({"details": {"company": {"id": "acme"}}}, "Company: Invalid value for Company Id: IDs must be positive integers: acme"),
        (
            {"details": {"opportunity": {"pipeline_id": 1, "pipeline_stage_id": 6}}},
            "Pipeline Stage Id: Invalid value for Pipeline Stage Id: the stage is not part of the pipeline",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_and_converts_nothing(ada, body, reason):
    lead = ada.post("/leads", LEAD)
    assert ada.refused("POST", f"/leads/{lead['id']}/convert", body) == f"Invalid input: Validation errors: {reason}"
    assert ada.get(f"/leads/{lead['id']}") == lead
    assert ada.post("/people/search", {}) == []
