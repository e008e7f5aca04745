"""Search by phone: how a number ends (`copper-api/part1.md §5`)."""

from __future__ import annotations

import pytest

from searching import found, named


@pytest.fixture
def numbers(ada):
    for plural in ("people", "leads", "companies"):
        named(ada, plural, **{
            "Porto": {"phone_numbers": [{"number": "+351 220 000 111", "category": "work"}]},
            "Short": {"phone_numbers": [{"number": "000-111"}, {"number": "(415) 555-0123", "category": "home"}]},
            "None": {},
        })  # fmt: skip
    return ada


LOOKED_FOR = [
    ("220000111", ["Porto", "Short"]),  # nine digits: fuzzy, 000111 is what remains
    ("+351 (220) 000-111", ["Porto", "Short"]),
    ("000111", ["Porto", "Short"]),  # six digits: partial
    ("0111", ["Porto", "Short"]),
    ("22000", []),
    ({"value": "220 000 111", "match": "partial"}, ["Porto"]),
    ({"value": "351220000111", "match": "partial"}, ["Porto"]),
    ({"value": "9351220000111", "match": "partial"}, []),
    ({"value": "9351220000111", "match": "fuzzy"}, ["Porto"]),
    ({"value": "00111", "match": "fuzzy"}, ["Porto", "Short"]),
    ({"value": "90111", "match": "fuzzy"}, []),
    ("0014155550123", ["Short"]),
    ({"value": "4155550123"}, ["Short"]),
    (5550123, ["Short"]),
    ("999999", []),
]


@pytest.mark.parametrize("plural", ["people", "leads", "companies"])
def test_the_end_of_the_number_decides(numbers, plural):
    for number, names in LOOKED_FOR:
        assert found(numbers, plural, {"phone_number": number, "sort_by": "name"}) == names, number


def test_both_names_of_the_parameter_are_taken(numbers):
    assert found(numbers, "people", {"phone_numbers": ["5550123", "220000111"], "sort_by": "name"}) == ["Porto", "Short"]


@pytest.mark.parametrize("number", ["n/a", {"value": "5550123", "match": "exact"}, True])
def test_what_cannot_be_a_number_is_refused(ada, number):
    assert "Phone Number: " in ada.refused("POST", "/people/search", {"phone_number": number})


def test_a_changed_number_is_found_alone(ada):
    ids = named(ada, "people", Ada={"phone_numbers": [{"number": "5550123", "category": "work"}]})
    ada.put(f"/people/{ids['Ada']}", {"phone_numbers": [{"number": "5550999", "category": "work"}]})
    assert found(ada, "people", {"phone_number": "5550123"}) == []
    assert found(ada, "people", {"phone_number": "5550999"}) == ["Ada"]
