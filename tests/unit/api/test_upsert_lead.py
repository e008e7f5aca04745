"""Lead upsert (`copper-api/part1.md §10.4`)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, insert, select

from cuprum.records.vocabulary import touch_vocabulary
from cuprum.storage.account_tables import custom_field_definition, custom_field_option
from cuprum.storage.rows import inserted_id
from cuprum.storage.tables import TABLES

MATCH_EMAIL = {"field_name": "email", "field_value": "ada@quill.example"}


def _upsert(person, properties, match):
    return person.put("/leads/upsert", {"properties": properties, "match": match})


def _define(cuprum, data_type, *, filterable=True, on=("lead",), options=()):
    def define(connection):
        values = {"name": "Code", "data_type": data_type, "available_on": on, "is_filterable": filterable}
        definition = inserted_id(connection, custom_field_definition, values)
        for rank, name in enumerate(options):
            connection.execute(insert(custom_field_option).values(definition_id=definition, name=name, rank=rank))
        touch_vocabulary(connection)
        ids = connection.execute(select(custom_field_option.c.id).where(custom_field_option.c.definition_id == definition))
        return definition, list(ids.scalars())

    return cuprum.database.write_now(define)


def test_a_lead_that_nobody_matches_is_created(ada):
    made = _upsert(ada, {"name": "Ada Quill", "email": {"email": "ada@quill.example"}}, MATCH_EMAIL)
    assert ada.get(f"/leads/{made['id']}") == made


def test_the_email_looked_for_is_written_when_the_properties_lack_it(ada):
    made = _upsert(ada, {"name": "Ada Quill"}, MATCH_EMAIL)
    assert made["email"] == {"email": "ada@quill.example", "category": "work"}


def test_the_name_looked_for_is_written_when_the_properties_lack_it(ada):
    made = _upsert(ada, {"title": "Owner"}, {"field_name": "name", "field_value": "Ada Quill"})
    assert (made["name"], made["first_name"], made["title"]) == ("Ada Quill", "Ada", "Owner")


def test_a_lead_that_matches_is_updated_whatever_the_case_of_its_email(ada):
    lead = ada.post("/leads", {"name": "Ada", "email": {"email": "ADA@Quill.example", "category": "personal"}, "tags": ["fair"]})
    changed = _upsert(ada, {"title": "Owner"}, MATCH_EMAIL)
    assert (changed["id"], changed["title"], changed["tags"]) == (lead["id"], "Owner", ["fair"])
    assert changed["email"]["email"] == "ADA@Quill.example"


@pytest.mark.parametrize("method", ["PATCH", "POST"])
def test_upsert_is_also_taken_as(ada, method):
    body = {"properties": {"name": "Ada"}, "match": MATCH_EMAIL}
    assert ada.call(method, "/leads/upsert", body).json()["name"] == "Ada"


def test_several_matches_are_told_with_their_ids(ada):
    ids = [ada.post("/leads", {"name": "Ada", "email": {"email": "ada@quill.example"}})["id"] for _ in range(2)]
    answer = ada.call("PUT", "/leads/upsert", {"properties": {"title": "x"}, "match": MATCH_EMAIL})
    message = f"Invalid input: Validation errors: Match: 2 leads match: {ids[0]}, {ids[1]}"
    assert (answer.status_code, answer.json()) == (422, {"success": False, "status": 422, "message": message, "ids": ids})


def test_more_than_thirty_matches_are_told_without_ids(ada):
    for _ in range(4):
        ada.post("/leads/bulk_create", {"leads": [{"name": "Ada"}] * 8})
    body = {"properties": {}, "match": {"field_name": "name", "field_value": "ada"}}
    assert ada.refused("PUT", "/leads/upsert", body).endswith("Match: more than 30 leads match")


def test_a_converted_lead_is_not_matched(ada):
    lead = ada.post("/leads", {"name": "Ada Quill", "email": {"email": "ada@quill.example"}})
    ada.post(f"/leads/{lead['id']}/convert", {})
    assert _upsert(ada, {"name": "Ada Quill"}, MATCH_EMAIL)["id"] != lead["id"]


def test_a_lead_matches_by_its_option(cuprum, ada):
    field, (red, blue) = _define(cuprum, "Dropdown", options=("Red", "Blue"))
    values = [{"custom_field_definition_id": field, "value": red}]
    lead = ada.post("/leads", {"name": "Ada", "custom_fields": values})
    match = {"field_name": "custom", "field_value": {"custom_field_definition_id": field, "value": red}}
    assert _upsert(ada, {"title": "Owner"}, match)["id"] == lead["id"]
    other = {"field_name": "custom", "field_value": {"custom_field_definition_id": field, "value": blue}}
    made = _upsert(ada, {"name": "Bob"}, other)
    assert made["id"] != lead["id"]
    # As in the documented sample, the custom value looked for is not written.
    assert made["custom_fields"] == [{"custom_field_definition_id": field, "value": None}]


@pytest.mark.parametrize(
    ("data_type", "value", "same"), [("String", "Q-17", "q-17"), ("Float", 3, "3.0"), ("Date", "01/31/2026", "2026-01-31")]
)
def test_a_lead_matches_by_its_custom_value(cuprum, ada, data_type, value, same):
    field, _ = _define(cuprum, data_type)
    lead = ada.post("/leads", {"name": "Ada", "custom_fields": [{"custom_field_definition_id": field, "value": value}]})
    match = {"field_name": "custom", "field_value": {"custom_field_definition_id": field, "value": same}}
    assert _upsert(ada, {"title": "Owner"}, match)["id"] == lead["id"]


def test_a_custom_field_must_be_available_on_leads_and_filterable(cuprum, ada):
    hidden, _ = _define(cuprum, "String", filterable=False)
    elsewhere, _ = _define(cuprum, "String", on=("person",))
    for field, reason in (
        (hidden, "is not filterable"),
        (elsewhere, "is not available on lead"),
        (999, "is not available on lead"),
    ):
        match = {"field_name": "custom", "field_value": {"custom_field_definition_id": field, "value": "x"}}
        assert reason in ada.refused("PUT", "/leads/upsert", {"properties": {"name": "Ada"}, "match": match})


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"properties": {"name": "Ada"}}, "Match: field_value can't be blank"),
        ({"match": {"field_name": "phone", "field_value": "1"}}, "Match: field_name must be one of name, email, custom"),
        ({"match": {"field_name": "name", "field_value": ["Ada"]}}, "Match: field_value must be text"),
        ({"match": "Ada"}, "Match: must be an object"),
        ({"lead": {}}, "Base: Unrecognized attributes specified: lead"),
        ({"match": MATCH_EMAIL}, "Name: can't be blank"),
        ({"match": MATCH_EMAIL, "properties": {"name": "Ada", "shoe": 1}}, "Base: Unrecognized attributes specified: shoe"),
    ],
)
def test_what_cannot_be_upserted_is_refused(ada, body, reason):
    assert ada.refused("PUT", "/leads/upsert", body) == f"Invalid input: Validation errors: {reason}"


def test_a_bad_match_and_bad_properties_are_told_of_at_once(ada):
    body = {"match": {"field_name": "phone", "field_value": "1"}, "properties": {"shoe": 1, "assignee_id": 999, "tags": 3}}
    reasons = ada.refused("PUT", "/leads/upsert", body).removeprefix("Invalid input: Validation errors: ").split("\n")
    assert [reason.split(":")[0] for reason in reasons] == ["Match", "Base", "Assignee Id", "Tags"], reasons
    assert "shoe" in reasons[1]
    assert ada.post("/leads/search", {}) == []


def test_upserts_of_one_email_at_the_same_time_make_one_lead(cuprum, ada):
    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(lambda _: _upsert(ada, {"name": "Ada"}, MATCH_EMAIL)["id"], range(12)))
    assert len(set(made)) == 1
    assert cuprum.database.read_now(lambda at: at.execute(select(func.count()).select_from(TABLES["lead"])).scalar()) == 1
