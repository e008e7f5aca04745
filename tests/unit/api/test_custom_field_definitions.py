"""Custom field definitions: what may be defined, changed and deleted, and by whom."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cuprum.kit import jsonio
from cuprum.storage.event_tables import change

PATH = "/custom_field_definitions"
REGION = {
    "name": "Region",
    "data_type": "Dropdown",
    "available_on": ["lead", "person"],
    "options": [{"name": "North"}, {"name": "South"}],
}


def logged(cuprum, definition_id):
    of_it = (change.c.entity == "custom_field_definition", change.c.record_id == definition_id)
    entries = select(change.c.kind, change.c.before, change.c.after).where(*of_it).order_by(change.c.seq)
    rows = cuprum.database.read_now(lambda connection: connection.execute(entries).all())
    return [(row.kind, jsonio.decode(row.before), jsonio.decode(row.after)) for row in rows]


def options_of(definition):
    return {option["name"]: option["id"] for option in definition["options"]}


def test_a_dropdown_is_answered_with_ids_and_ranks_of_its_options(ada):
    created = ada.post(PATH, REGION)
    north, south = options_of(created).values()
    assert list(created) == ["id", "name", "canonical_name", "data_type", "available_on", "is_filterable", "options"]
    assert created == {
        "id": created["id"],
        "name": "Region",
        "canonical_name": None,
        "data_type": "Dropdown",
        "available_on": ["lead", "person"],
        "is_filterable": True,
        "options": [{"id": north, "name": "North", "rank": 0}, {"id": south, "name": "South", "rank": 1}],
    }


def test_canonical_name_is_in_the_answers_to_writes_only(ada):
    created = ada.post(PATH, REGION)
    plain = {key: value for key, value in created.items() if key != "canonical_name"}
    assert ada.get(f"{PATH}/{created['id']}") == plain
    assert ada.get(PATH) == [plain]
    assert ada.put(f"{PATH}/{created['id']}", {}) == created


@pytest.mark.parametrize("data_type", ["String", "Text", "Date", "Checkbox", "Float", "URL", "Percentage"])
def test_keys_of_other_types_are_left_out(ada, data_type):
    created = ada.post(PATH, {"name": "Field", "data_type": data_type, "available_on": ["task"], "options": [], "currency": None})
    assert list(created) == ["id", "name", "canonical_name", "data_type", "available_on", "is_filterable"]


def test_a_currency_field_has_the_currency_asked_for_or_the_accounts_own(ada):
    asked = ada.post(PATH, {"name": "Fee", "data_type": "Currency", "currency": "usd"})
    assert (asked["currency"], asked["available_on"]) == ("USD", [])
    assert ada.post(PATH, {"name": "Fee", "data_type": "Currency"})["currency"] == "EUR"


def test_every_problem_of_a_definition_is_told_at_once(ada):
    body = {"label": "x", "name": " ", "data_type": "Colour", "available_on": ["person", "people"], "currency": "euro"}
    assert ada.refused("POST", PATH, body) == (
        "Invalid input: Validation errors: Base: Unrecognized attributes specified: label\n"
        "Name: can't be blank\n"
        "Data Type: must be one of String, Text, Dropdown, MultiSelect, Date, Checkbox, Float, URL, Percentage, "
        "Currency, Connect\n"
        "Available On: must be some of lead, person, company, opportunity, project, task\n"
        "Currency: must be a currency code of three letters such as EUR"
    )


def test_name_and_type_are_needed(ada):
    assert ada.refused("POST", PATH) == "Invalid input: Validation errors: Name: can't be blank\nData Type: can't be blank"


@pytest.mark.parametrize(
    ("data_type", "options", "reason"),
    [
        ("Dropdown", [], "must have at least 1 option"),
        ("MultiSelect", [{"name": "One"}], "must have at least 2 options"),
        ("Dropdown", [{"name": ""}], "Name can't be blank"),
        ("Dropdown", [{"name": "A"}, {"name": "a"}], "has the same name twice: a"),
        ("Dropdown", [{"id": 99, "name": "A"}], "there is no option 99"),
        ("Dropdown", [{"label": "A"}], 'each must be an object with "name", and the "id" of an option that is to stay'),
        ("Float", [{"name": "A"}], "are only for Dropdown and MultiSelect fields, not for Float"),
    ],
)
def test_options_are_refused_with_the_rule(ada, data_type, options, reason):
    message = ada.refused("POST", PATH, {"name": "F", "data_type": data_type, "options": options})
    assert message == f"Invalid input: Validation errors: Options: {reason}"


def test_connect_fields_cannot_be_created(ada):
    message = ada.refused("POST", PATH, {"name": "Parent of", "data_type": "Connect", "available_on": ["company"]})
    assert message == "Invalid input: Validation errors: Data Type: Connect fields cannot be created through the API"


def test_a_type_stays_and_a_definition_that_was_read_may_be_sent_back(ada):
    created = ada.post(PATH, REGION)
    path = f"{PATH}/{created['id']}"
    assert ada.put(path, created) == created
    message = ada.refused("PUT", path, {"data_type": "Text"})
    assert message.endswith("Data Type: can't be changed: the values of this field are Dropdown")


def test_new_options_replace_the_list_and_those_named_again_keep_their_ids(ada):
    created = ada.post(PATH, REGION)
    before = options_of(created)
    sent = [{"name": "East"}, {"name": "south"}, {"id": before["North"], "name": "Far North"}]
    after = options_of(ada.put(f"{PATH}/{created['id']}", {"options": sent}))
    assert list(after) == ["East", "south", "Far North"]
    assert (after["south"], after["Far North"]) == (before["South"], before["North"])
    assert after["East"] not in before.values()


def test_two_options_may_swap_their_names_by_id(ada):
    created = ada.post(PATH, REGION)
    before = options_of(created)
    swapped = [{"id": before["North"], "name": "South"}, {"id": before["South"], "name": "North"}]
    after = options_of(ada.put(f"{PATH}/{created['id']}", {"options": swapped}))
    assert after == {"South": before["North"], "North": before["South"]}


def test_an_update_without_options_keeps_them(ada):
    created = ada.post(PATH, REGION)
    changed = ada.put(f"{PATH}/{created['id']}", {"name": "Area", "is_filterable": "false", "available_on": ["task"]})
    assert changed == {**created, "name": "Area", "is_filterable": False, "available_on": ["task"]}


def test_a_deleted_definition_is_gone(ada):
    path = f"{PATH}/{ada.post(PATH, REGION)['id']}"
    assert ada.delete(path) == {"id": int(path.rpartition("/")[2]), "is_deleted": True}
    assert ada.get(PATH) == []
    for method in ("GET", "PUT", "DELETE"):
        assert ada.refused(method, path, status=404) == "Resource not found"


def test_members_read_definitions_and_only_admins_write_them(cuprum):
    created = cuprum.ada.post(PATH, REGION)
    path = f"{PATH}/{created['id']}"
    assert cuprum.grace.get(path)["name"] == "Region"
    for method, address in (("POST", PATH), ("PUT", path), ("DELETE", path)):
        message = cuprum.grace.refused(method, address, REGION, status=403)
        assert message == "You may not change custom fields: that is for admins. Ask an admin of the account."


def test_each_change_is_logged_with_the_whole_definition(cuprum):
    ada = cuprum.ada
    created = ada.post(PATH, REGION)
    path = f"{PATH}/{created['id']}"
    ada.put(path, {"options": [{"name": "South"}, {"name": "East"}]})
    ada.put(path, {"name": "Region"})
    ada.delete(path)
    (new, nothing, first), (update, before, second), (delete, last, gone) = logged(cuprum, created["id"])
    assert (new, update, delete) == ("new", "update", "delete")
    assert (nothing, gone) == ({}, {})
    assert (first, second) == (before, last)
    assert first == {
        "name": "Region",
        "data_type": "Dropdown",
        "available_on": ["lead", "person"],
        "is_filterable": True,
        "currency": None,
        "options": created["options"],
        "is_required": False,
        "place": 0,
    }
    assert [option["name"] for option in second["options"]] == ["South", "East"]
