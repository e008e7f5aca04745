"""Search by custom field: every type, alone, combined and empty; what cannot be searched is refused."""

from __future__ import annotations

import pytest

from custom_fields import ENTITIES, create, define, entries, option_ids

DAY = 86_400
FIRST_OF_2026 = 1767225600  # 2026-01-01, midnight UTC, which is Lisbon's in winter


def found(person, entity, *filters):
    answer = person.call("POST", f"/{ENTITIES[entity]}/search", {"custom_fields": list(filters), "sort_by": "name"})
    assert answer.status_code == 200, answer.text
    names = [record["name"] for record in answer.json()]
    assert answer.headers["X-PW-TOTAL"] == str(len(names))
    return names


def by(definition, **filters):
    return {"custom_field_definition_id": definition["id"], **filters}


def people(ada, definition, **values):
    for name, value in values.items():
        ada.post("/people", {"name": name, "custom_fields": entries({definition["id"]: value})})


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_kind_of_record_is_found_by_its_fields(ada, entity):
    field = define(ada, "Dropdown")
    north, south, _ = option_ids(field)
    create(ada, entity, {field["id"]: north})
    assert found(ada, entity, by(field, value=[north])) == ["Quill"]
    assert found(ada, entity, by(field, value=[south])) == []


def test_a_dropdown_finds_any_of_its_options_and_with_allow_empty_those_without(ada):
    field = define(ada, "Dropdown")
    north, south, west = option_ids(field)
    people(ada, field, a=north, b=south, c=west, d=None)
    assert found(ada, "person", by(field, value=[north, str(south)])) == ["a", "b"]
    assert found(ada, "person", by(field, value=west)) == ["c"]
    assert found(ada, "person", by(field, value=[north], allow_empty=True)) == ["a", "d"]
    assert found(ada, "person", by(field, allow_empty=True)) == ["d"]
    assert found(ada, "person", by(field, value=[], allow_empty="true")) == ["d"]
    assert found(ada, "person", by(field, value=[999])) == []
    assert found(ada, "person", by(field)) == ["a", "b", "c", "d"]


def test_a_multiselect_finds_any_all_or_none_of_its_options(ada):
    field = define(ada, "MultiSelect")
    north, south, west = option_ids(field)
    people(ada, field, a=[north], b=[north, south], c=[west], d=[])
    both = [north, south]
    assert found(ada, "person", by(field, value=both)) == ["a", "b"]
    assert found(ada, "person", by(field, value=both, option="ANY")) == ["a", "b"]
    assert found(ada, "person", by(field, value=both, option="ALL")) == ["b"]
    assert found(ada, "person", by(field, value=[north, north], option="ALL")) == ["a", "b"]
    assert found(ada, "person", by(field, value=[north, 999], option="ALL")) == []
    assert found(ada, "person", by(field, value=both, option="NONE")) == ["c", "d"]
    assert found(ada, "person", by(field, value=both, option="ALL", allow_empty=True)) == ["b", "d"]
    assert found(ada, "person", by(field, allow_empty=True)) == ["d"]


@pytest.mark.parametrize("data_type", ["Currency", "Float", "Percentage"])
def test_numbers_are_found_by_a_range_with_both_ends_in_it_or_exactly(ada, data_type):
    field = define(ada, data_type)
    people(ada, field, a=-5, b=10, c="20", d=30, e=None)
    assert found(ada, "person", by(field, minimum_value=10, maximum_value="20")) == ["b", "c"]
    assert found(ada, "person", by(field, maximum_value=10)) == ["a", "b"]
    assert found(ada, "person", by(field, minimum_value=20.5)) == ["d"]
    assert found(ada, "person", by(field, value="20.0")) == ["c"]
    assert found(ada, "person", by(field, value=20, minimum_value=25)) == []


def test_a_float_is_found_by_all_of_its_digits(ada):
    field = define(ada, "Float")
    people(ada, field, a=38.7222524, b=38.7222525)
    assert found(ada, "person", by(field, value=38.7222524)) == ["a"]
    assert found(ada, "person", by(field, minimum_value=38.72, maximum_value=38.73)) == ["a", "b"]


def test_days_are_found_by_a_range_of_seconds_or_of_days(ada):
    field = define(ada, "Date")
    people(ada, field, a="12/31/2025", b="1/1/2026", c=FIRST_OF_2026 + DAY, d=None)
    assert found(ada, "person", by(field, minimum_value=FIRST_OF_2026, maximum_value=FIRST_OF_2026 + DAY)) == ["b", "c"]
    assert found(ada, "person", by(field, minimum_value=FIRST_OF_2026 + 1)) == ["c"]
    assert found(ada, "person", by(field, minimum_value=FIRST_OF_2026 - 1)) == ["b", "c"]
    assert found(ada, "person", by(field, maximum_value=str(FIRST_OF_2026 + DAY - 1))) == ["a", "b"]
    assert found(ada, "person", by(field, minimum_value="1/1/2026", maximum_value="1/1/2026")) == ["b"]
    assert found(ada, "person", by(field, value=FIRST_OF_2026)) == ["b"]


def test_an_unticked_box_is_found_whether_it_was_ever_set_or_not(ada):
    field = define(ada, "Checkbox")
    people(ada, field, a=True, b=False, c=None)
    ada.post("/people", {"name": "d"})
    assert found(ada, "person", by(field, value=True)) == ["a"]
    assert found(ada, "person", by(field, value="false")) == ["b", "c", "d"]


def test_filters_are_combined_with_and(ada):
    region, size = define(ada, "Dropdown"), define(ada, "Float")
    north = option_ids(region)[0]
    for name, values in {"a": {region["id"]: north, size["id"]: 1}, "b": {region["id"]: north, size["id"]: 2}}.items():
        ada.post("/people", {"name": name, "custom_fields": entries(values)})
    assert found(ada, "person", by(region, value=[north]), by(size, minimum_value=2)) == ["b"]


def test_a_record_is_found_by_its_present_value_only(ada):
    field = define(ada, "Dropdown")
    north, south, _ = option_ids(field)
    created = create(ada, "lead", {field["id"]: north})
    ada.put(f"/leads/{created['id']}", {"custom_fields": entries({field["id"]: south})})
    assert found(ada, "lead", by(field, value=[north])) == []
    ada.put(f"/leads/{created['id']}", {"custom_fields": entries({field["id"]: None})})
    assert found(ada, "lead", by(field, allow_empty=True)) == ["Quill"]


def test_a_removed_option_counts_as_no_value(ada):
    field = define(ada, "MultiSelect", "A", "B", "C")
    a, b, _ = option_ids(field)
    people(ada, field, only_a=[a], both=[a, b])
    ada.put(f"/custom_field_definitions/{field['id']}", {"options": [{"name": "B"}, {"name": "C"}]})
    assert found(ada, "person", by(field, value=[a])) == []
    assert found(ada, "person", by(field, value=[a], option="NONE")) == ["both", "only_a"]
    assert found(ada, "person", by(field, allow_empty=True)) == ["only_a"]


@pytest.mark.parametrize("data_type", ["String", "Text", "URL"])
def test_text_cannot_be_searched_not_even_for_empty_ones(ada, data_type):
    field = define(ada, data_type)
    message = ada.refused("POST", "/people/search", {"custom_fields": [by(field, allow_empty=True)]})
    expected = f"Custom Fields: {data_type} cannot be searched: it is a {data_type} field"
    assert message == f"Invalid input: Validation errors: {expected}"


def test_what_is_not_filterable_deleted_or_elsewhere_cannot_be_searched(ada):
    hidden = define(ada, "Float", is_filterable=False)
    message = ada.refused("POST", "/people/search", {"custom_fields": [by(hidden, value=1)]})
    assert message.endswith("Custom Fields: Float cannot be searched: it is not filterable")
    elsewhere, deleted = define(ada, "Float", available_on=["lead"]), define(ada, "Float")
    ada.delete(f"/custom_field_definitions/{deleted['id']}")
    for field in (elsewhere, deleted):
        message = ada.refused("POST", "/people/search", {"custom_fields": [by(field, value=1)]})
        assert message.endswith(f"Custom field {field['id']} is not available on person")


@pytest.mark.parametrize(
    ("filters", "reason"),
    [
        ("FIELD", "must be a list of custom field filters"),
        (["x"], "each must be an object with some of custom_field_definition_id, value, option"),
        ([{"value": 1}], "custom_field_definition_id can't be blank"),
        ([{"custom_field_definition_id": "x"}], "IDs must be positive integers: x"),
        ([{"custom_field_definition_id": "FIELD", "values": [1]}], "each must be an object with some of"),
        ([{"custom_field_definition_id": "FIELD", "value": ["x"]}], "IDs must be positive integers: x"),
        ([{"custom_field_definition_id": "FIELD", "value": [{}]}], "IDs must be positive integers: {}"),
        ([{"custom_field_definition_id": "FIELD", "value": [1], "option": "SOME"}], "must be one of ANY, ALL, NONE"),
        ([{"custom_field_definition_id": "FIELD", "allow_empty": "perhaps"}], "must be true or false"),
        ([{"custom_field_definition_id": "FIELD"}] * 101, "has too many items (maximum is 100)"),
    ],
)
def test_filters_that_make_no_sense_are_refused_with_the_rule(ada, filters, reason):
    field = define(ada, "MultiSelect")["id"]
    if isinstance(filters, list):
        filters = [{**one, "custom_field_definition_id": field} if "FIELD" in str(one) else one for one in filters]
    assert reason in ada.refused("POST", "/people/search", {"custom_fields": filters})


def test_what_a_member_may_not_see_is_not_found_by_its_fields(cuprum):
    field = define(cuprum.ada, "Checkbox")
    people(cuprum.ada, field, shown=True)
    assert found(cuprum.mallory, "person", by(field, value=True)) == ["shown"]
