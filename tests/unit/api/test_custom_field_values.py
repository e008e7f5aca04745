"""Values of custom fields on records: what is taken, what comes back, and what a change of a definition does to them."""

from __future__ import annotations

import pytest

from cuprum.records.custom_fields import put_back
from custom_fields import DATA_TYPES, ENTITIES, create, define, entries, option_ids, values_of

NOON_OF_15_DECEMBER_2020 = 1608033600
MIDNIGHT_IN_LISBON = 1607990400


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_record_lists_every_definition_set_or_not(ada, entity):
    unset = {"MultiSelect": [], "Checkbox": False}
    defined = {define(ada, data_type)["id"]: unset.get(data_type) for data_type in DATA_TYPES}
    created = create(ada, entity, {})
    assert values_of(created) == defined
    assert ada.get(f"/{ENTITIES[entity]}/{created['id']}") == created
    assert ada.post(f"/{ENTITIES[entity]}/search", {"ids": [created["id"]]}) == [created]


@pytest.mark.parametrize("entity", ENTITIES)
def test_one_value_of_each_type_goes_in_and_out_and_null_clears_it(ada, entity):
    fields = {data_type: define(ada, data_type) for data_type in DATA_TYPES}
    _, south, _ = option_ids(fields["Dropdown"])
    first, second, _ = option_ids(fields["MultiSelect"])
    sent = {
        "String": "blue", "Text": "a\nlong story", "URL": "www.quill.example", "Dropdown": south, "MultiSelect": [second, first],
        "Checkbox": True, "Float": 3, "Currency": 567, "Percentage": 95, "Date": "12/15/2020",
    }  # fmt: skip
    ids = {data_type: definition["id"] for data_type, definition in fields.items()}
    created = create(ada, entity, {ids[name]: value for name, value in sent.items()})
    back = {**sent, "MultiSelect": [first, second], "Float": 3.0, "Currency": 567.0, "Date": MIDNIGHT_IN_LISBON}
    assert values_of(created) == {ids[name]: value for name, value in back.items()}
    path = f"/{ENTITIES[entity]}/{created['id']}"
    cleared = ada.put(path, {"custom_fields": entries(dict.fromkeys(ids.values()))})
    assert values_of(cleared) == {**dict.fromkeys(ids.values()), ids["MultiSelect"]: [], ids["Checkbox"]: False}


@pytest.mark.parametrize(
    ("data_type", "sent", "back"),
    [
        ("String", 5, "5"),
        ("String", "", None),
        ("URL", "x" * 255, "x" * 255),
        ("Text", "y" * 5000, "y" * 5000),
        ("Float", "55.5", 55.5),
        ("Float", 789, 789.0),
        ("Float", 38.7222524, 38.7222524),
        ("Float", -0.0, 0.0),
        ("Currency", "55.5", 55.5),
        ("Currency", "", None),
        ("Percentage", 0.34, 0),
        ("Percentage", 99.9, 99),
        ("Percentage", "12", 12),
        ("Checkbox", "true", True),
        ("Checkbox", 1, True),
        ("Checkbox", "0", False),
        ("Checkbox", "", False),
        ("Date", "12/15/2020", MIDNIGHT_IN_LISBON),
        ("Date", "2020-12-15", MIDNIGHT_IN_LISBON),
        ("Date", NOON_OF_15_DECEMBER_2020, MIDNIGHT_IN_LISBON),
        ("Date", str(NOON_OF_15_DECEMBER_2020), MIDNIGHT_IN_LISBON),
        ("Date", 18611 * 86400, 18611 * 86400),
        ("Date", "", None),
    ],
)
def test_values_are_coerced(ada, data_type, sent, back):
    field = define(ada, data_type)["id"]
    value = values_of(create(ada, "person", {field: sent}))[field]
    assert value == back
    assert type(value) is type(back)


def test_floats_are_printed_with_their_point(ada):
    field = define(ada, "Float")["id"]
    created = create(ada, "lead", {field: 789})
    assert '"value":789.0' in ada.call("GET", f"/leads/{created['id']}").text


@pytest.mark.parametrize(
    ("data_type", "sent", "reason"),
    [
        ("String", "x" * 256, "is too long (maximum is 255 characters)"),
        ("String", True, "must be text"),
        ("URL", ["www"], "must be text"),
        ("Text", "a\u0000b", "contains characters that are not text"),
        ("Float", "many", "is not a number"),
        ("Float", True, "is not a number"),
        ("Currency", 10**14, "must be between -10000000000000 and 10000000000000"),
        ("Percentage", "1e400", "must be between -10000000000000 and 10000000000000"),
        ("Checkbox", "perhaps", "must be true or false"),
        ("Date", "13/13/2020", "must be a date such as 12/31/2026"),
        ("Date", "--5", "must be a date such as 12/31/2026"),
        ("Date", "9" * 5000, "must be a date such as 12/31/2026"),
        ("Date", 10**30 + 1, "must be a date such as 12/31/2026, or its Unix seconds"),
        ("Date", True, "must be a date such as 12/31/2026"),
        ("Date", {"day": 1}, "must be a date such as 12/31/2026"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_with_the_rule(ada, data_type, sent, reason):
    field = define(ada, data_type)["id"]
    message = ada.refused("POST", "/people", {"name": "Quill", "custom_fields": entries({field: sent})})
    assert message == f"Invalid input: Validation errors: Custom Fields: {data_type} {reason}"


@pytest.mark.parametrize("odd", ["--5", "-", "²", "5-", "1.", ".5", "²-²-", "2020-12-15"])
def test_text_that_looks_like_a_number_is_just_text(ada, odd):
    field = define(ada, "String")["id"]
    assert values_of(create(ada, "person", {field: odd}))[field] == odd


def test_options_are_ids_never_labels(ada):
    field = define(ada, "Dropdown", "North", "South")
    north, south = option_ids(field)
    for wrong in ("North", 7, [north]):
        message = ada.refused("POST", "/leads", {"name": "Quill", "custom_fields": entries({field["id"]: wrong})})
        assert message.endswith(f"Dropdown has no option {wrong}; its options are {north} (North), {south} (South)")


def test_multiselects_come_back_in_the_order_of_the_options(ada):
    field = define(ada, "MultiSelect", "A", "B", "C")
    a, b, c = option_ids(field)
    created = create(ada, "company", {field["id"]: [c, str(a), c, None]})
    assert values_of(created)[field["id"]] == [a, c]
    ada.put(f"/custom_field_definitions/{field['id']}", {"options": [{"name": "C"}, {"name": "B"}, {"name": "A"}]})
    assert values_of(ada.get(f"/companies/{created['id']}"))[field["id"]] == [c, a]
    one = ada.put(f"/companies/{created['id']}", {"custom_fields": entries({field["id"]: b})})
    assert values_of(one)[field["id"]] == [b]


def test_only_the_definitions_that_are_listed_change(ada):
    text, number = define(ada, "String")["id"], define(ada, "Float")["id"]
    created = create(ada, "task", {text: "blue", number: 1})
    changed = ada.put(f"/tasks/{created['id']}", {"custom_fields": entries({number: 2})})
    assert values_of(changed) == {text: "blue", number: 2.0}
    kept = ada.put(f"/tasks/{created['id']}", {"custom_fields": [{"custom_field_definition_id": text}]})
    assert values_of(kept) == {text: "blue", number: 2.0}


def test_a_record_that_was_read_may_be_sent_back_with_its_computed_values(ada):
    fields = [define(ada, data_type) for data_type in DATA_TYPES]
    chosen = {field["id"]: option_ids(field)[0] for field in fields if "options" in field}
    created = create(ada, "person", chosen, "?custom_field_computed_values=true")
    back = ada.put(f"/people/{created['id']}", {"custom_fields": created["custom_fields"]})
    assert values_of(back) == values_of(created)


def test_a_field_of_another_kind_of_record_is_refused(ada):
    field = define(ada, "String", available_on=["lead"])["id"]
    message = ada.refused("POST", "/people", {"name": "Quill", "custom_fields": entries({field: "x", 999: "y"})})
    assert message == (
        f"Invalid input: Validation errors: Custom Fields: Custom field {field} is not available on person\n"
        "Custom Fields: Custom field 999 is not available on person"
    )


@pytest.mark.parametrize("entity", ENTITIES)
def test_computed_values_are_the_names_of_the_options(ada, entity):
    query = "?custom_field_computed_values=true"
    one, many, number = define(ada, "Dropdown"), define(ada, "MultiSelect"), define(ada, "Float")
    north, _, west = option_ids(many)
    chosen = {one["id"]: option_ids(one)[1], many["id"]: [west, north], number["id"]: 2}
    named = {one["id"]: "South", many["id"]: ["North", "West"], number["id"]: 2.0}
    created = create(ada, entity, chosen, query)
    plural = ENTITIES[entity]
    assert values_of(created, "computed_value") == named
    assert ada.get(f"/{plural}/{created['id']}{query}") == created
    assert ada.put(f"/{plural}/{created['id']}{query}", {}) == created
    assert ada.post(f"/{plural}/search{query}", {"ids": [created["id"]]}) == [created]
    cleared = ada.put(f"/{plural}/{created['id']}{query}", {"custom_fields": entries(dict.fromkeys(chosen))})
    assert values_of(cleared, "computed_value") == {one["id"]: None, many["id"]: [], number["id"]: None}
    assert all("computed_value" not in entry for entry in ada.get(f"/{plural}/{created['id']}")["custom_fields"])


def test_a_removed_option_disappears_from_the_values_and_comes_back_with_it(cuprum):
    ada = cuprum.ada
    one, many = define(ada, "Dropdown", "North", "South"), define(ada, "MultiSelect", "A", "B", "C")
    a, b, _ = option_ids(many)
    created = create(ada, "person", {one["id"]: option_ids(one)[0], many["id"]: [a, b]})
    path = f"/people/{created['id']}"
    ada.put(f"/custom_field_definitions/{one['id']}", {"options": [{"name": "South"}]})
    ada.put(f"/custom_field_definitions/{many['id']}", {"options": [{"name": "B"}, {"name": "C"}]})
    assert values_of(ada.get(path)) == {one["id"]: None, many["id"]: [b]}
    before = {key: one[key] for key in ("name", "data_type", "available_on", "is_filterable", "options")} | {"currency": None}
    cuprum.as_person("ada", lambda work: put_back(work, one["id"], before))
    assert values_of(ada.get(path)) == {one["id"]: option_ids(one)[0], many["id"]: [b]}


def test_a_deleted_definition_hides_its_values_until_it_is_put_back(cuprum):
    ada = cuprum.ada
    text, number = define(ada, "String"), define(ada, "Float")
    created = create(ada, "project", {text["id"]: "blue", number["id"]: 1})
    path = f"/projects/{created['id']}"
    ada.delete(f"/custom_field_definitions/{text['id']}")
    assert values_of(ada.get(path)) == {number["id"]: 1.0}
    assert values_of(ada.put(path, {"custom_fields": entries({number["id"]: 2})})) == {number["id"]: 2.0}
    assert "is not available on project" in ada.refused("PUT", path, {"custom_fields": entries({text["id"]: "red"})})
    before = {key: text[key] for key in ("name", "data_type", "available_on", "is_filterable")} | {
        "currency": None,
        "options": [],
    }
    cuprum.as_person("ada", lambda work: put_back(work, text["id"], before))
    assert values_of(ada.get(path)) == {text["id"]: "blue", number["id"]: 2.0}


def test_a_field_that_is_no_longer_available_hides_its_values_and_shows_them_again(ada):
    field = define(ada, "String")["id"]
    created = create(ada, "company", {field: "blue"})
    ada.put(f"/custom_field_definitions/{field}", {"available_on": ["person"]})
    assert ada.get(f"/companies/{created['id']}")["custom_fields"] == []
    ada.put(f"/custom_field_definitions/{field}", {"available_on": ["person", "company"]})
    assert values_of(ada.get(f"/companies/{created['id']}")) == {field: "blue"}


def test_a_new_definition_rewrites_no_record(ada):
    created = create(ada, "person", {})
    field = define(ada, "Checkbox")["id"]
    read = ada.get(f"/people/{created['id']}")
    assert values_of(read) == {field: False}
    assert read["date_modified"] == created["date_modified"]
