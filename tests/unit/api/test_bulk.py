"""Bulk create and update (`copper-api/part1.md §14`, `part2.md §10`)."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from cuprum.records.vocabulary import touch_vocabulary
from cuprum.storage.account_tables import custom_field_definition, custom_field_option
from cuprum.storage.event_tables import change, change_group
from cuprum.storage.rows import inserted_id


def _failed(**errors):
    return {"success": False, "message": {field: [{"error": word}] for field, word in errors.items()}}


@pytest.mark.parametrize("plural", ["leads", "people", "companies", "opportunities"])
def test_several_are_created_in_the_order_given(ada, plural):
    made = ada.post(f"/{plural}/bulk_create", {plural: [{"name": "Bob"}, {"name": ""}, {"name": "Ada"}]})
    assert [made[0]["name"], made[1], made[2]["name"]] == ["Bob", _failed(name="blank"), "Ada"]
    assert ada.get(f"/{plural}/{made[2]['id']}") == made[2]
    assert len(ada.post(f"/{plural}/search", {})) == 2


@pytest.mark.parametrize("plural", ["leads", "people", "companies"])
def test_several_are_updated_and_failures_carry_their_id(ada, plural):
    ids = [ada.post(f"/{plural}", {"name": name})["id"] for name in ("Ada", "Bob")]
    items = [{"id": ids[0], "details": "x"}, {"id": ids[1], "name": " "}, {"id": 999, "name": "Y"}, {"name": "Z"}, {"id": "a"}]
    made = ada.post(f"/{plural}/bulk_update", {plural: items})
    assert (made[0]["details"], made[0]["name"]) == ("x", "Ada")
    assert made[1:] == [
        {**_failed(name="blank"), "id": ids[1]},
        {**_failed(id="not_found"), "id": 999},
        {**_failed(id="blank"), "id": None},
        {**_failed(id="invalid"), "id": "a"},
    ]
    assert ada.get(f"/{plural}/{ids[1]}")["name"] == "Bob"


def test_activities_are_created_in_bulk(ada):
    person = ada.post("/people", {"name": "Ada"})
    note = {"parent": {"id": person["id"], "type": "person"}, "type": {"id": 1, "category": "user"}, "details": "Called"}
    made = ada.post("/activities/bulk_create", {"activities": [note, {**note, "details": None}, note]})
    assert [one.get("details") for one in made] == ["Called", None, "Called"]
    assert made[1] == _failed(details="blank")
    assert ada.get(f"/people/{person['id']}")["interaction_count"] == 2


@pytest.mark.parametrize(
    "path", ["opportunities/bulk_update", "activities/bulk_update", "projects/bulk_create", "tasks/bulk_create"]
)
def test_what_copper_does_not_have_is_not_found(ada, path):
    assert ada.refused("POST", f"/{path}", {path.split("/")[0]: []}, 404) == "not_found"


def test_more_than_ten_are_refused(ada):
    answer = ada.call("POST", "/leads/bulk_create", {"leads": [{"name": "Ada"}] * 11})
    assert (answer.status_code, answer.json()) == (422, {"error": "Request size too large, limit is 10"})
    assert ada.post("/leads/search", {}) == []


def test_nothing_given_is_nothing_done(ada):
    assert ada.post("/leads/bulk_create", {"leads": []}) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"people": [{"name": "Ada"}]}, "Base: Unrecognized attributes specified: people\nLeads: can't be blank"),
        ({}, "Leads: can't be blank"),
        ({"leads": {"name": "Ada"}}, "Leads: must be a list"),
    ],
)
def test_the_root_key_must_be_right(ada, body, reason):
    assert ada.refused("POST", "/leads/bulk_create", body) == f"Invalid input: Validation errors: {reason}"


def test_every_problem_of_an_item_is_told(ada):
    made = ada.post("/people/bulk_create", {"people": [{"name": "", "shoe": 1, "company_id": "x"}, 7]})
    assert made == [_failed(base="invalid", name="blank", company_id="invalid"), _failed(base="invalid")]


def test_of_two_people_with_one_email_the_later_fails(ada):
    email = {"emails": [{"email": "ada@quill.example"}]}
    made = ada.post("/people/bulk_create", {"people": [{"name": "Ada", **email}, {"name": "Bob", **email}, {"name": "Cy"}]})
    assert [made[0]["name"], made[1], made[2]["name"]] == ["Ada", _failed(emails="taken"), "Cy"]


def test_a_failed_item_leaves_nothing_behind(ada):
    """The company that its name would have made goes with it."""
    items = [{"name": "Ada", "company_name": "Ghost", "emails": [{"email": "a@x.example"}]}]
    ada.post("/people", {"name": "Holder", "emails": [{"email": "a@x.example"}]})
    assert ada.post("/people/bulk_create", {"people": items}) == [_failed(emails="taken")]
    assert ada.post("/companies/search", {}) == []


def test_a_bulk_call_is_one_group_without_what_failed(cuprum, ada):
    items = [{"name": "Ada"}, {"name": "Bob", "email": "no address"}, {"name": "Cy"}]
    group = ada.call("POST", "/leads/bulk_create", {"leads": items}).headers["X-Cuprum-Group"]
    logged = cuprum.database.read_now(lambda at: at.execute(select(change.c.group_id, change.c.kind)).all())
    assert [tuple(one) for one in logged] == [(group, "new"), (group, "new")]


def test_a_group_whose_first_item_failed_late_is_still_whole(cuprum, ada):
    """The first item writes its group into the log, then runs into a clash."""
    ada.post("/companies", {"name": "Holder", "email_domain": "quill.example"})
    person = {"name": "Ada", "company_name": "Fresh", "emails": [{"email": "b@x.example"}]}
    ada.post("/people", {"name": "Bob", "emails": [{"email": "b@x.example"}]})
    answer = ada.call("POST", "/people/bulk_create", {"people": [person, {"name": "Cy"}]})
    group = answer.headers["X-Cuprum-Group"]
    found = cuprum.database.read_now(lambda at: at.execute(select(change_group.c.id).where(change_group.c.id == group)).all())
    assert len(found) == 1
    assert [one["name"] for one in ada.post("/companies/search", {})] == ["Holder"]


def test_when_every_item_fails_nothing_is_logged(cuprum, ada):
    answer = ada.call("POST", "/leads/bulk_create", {"leads": [{"name": ""}]})
    assert answer.status_code == 200
    assert "X-Cuprum-Group" not in answer.headers
    assert cuprum.database.read_now(lambda at: at.execute(select(change_group)).all()) == []


def test_what_a_member_may_not_see_cannot_be_updated(cuprum, ada):
    assert cuprum.mallory.post("/people/bulk_update", {"people": [{"id": 4711, "name": "x"}]}) == [
        {**_failed(id="not_found"), "id": 4711}
    ]


def test_computed_values_are_told_when_asked_for(cuprum, ada):
    def define(connection):
        values = {"name": "Size", "data_type": "Dropdown", "available_on": ["lead"], "is_filterable": True}
        field = inserted_id(connection, custom_field_definition, values)
        connection.execute(insert(custom_field_option).values(definition_id=field, name="Small", rank=0))
        touch_vocabulary(connection)
        return field, connection.execute(select(custom_field_option.c.id)).scalar_one()

    field, small = cuprum.database.write_now(define)
    item = {"name": "Ada", "custom_fields": [{"custom_field_definition_id": field, "value": small}]}
    made = ada.post("/leads/bulk_create?custom_field_computed_values=true", {"leads": [item]})
    assert made[0]["custom_fields"] == [{"custom_field_definition_id": field, "value": small, "computed_value": "Small"}]
