"""Paging: full pages, exact totals, what lies past the end."""

from __future__ import annotations

import pytest

from searching import search


@pytest.fixture
def many(ada):
    """Two hundred and five projects named 000 to 204."""
    for number in range(205):
        ada.post("/projects", {"name": f"{number:03}"})
    return ada


def test_pages_are_full_and_the_total_is_exact(many):
    seen = []
    for page in range(1, 12):
        records, total = search(many, "projects", {"page_number": page})
        assert total == 205
        assert len(records) == (20 if page <= 10 else 5)
        seen += [one["name"] for one in records]
    assert seen == [f"{number:03}" for number in range(205)]


def test_a_page_past_the_end_is_empty_and_keeps_the_total(many):
    for page in (12, 10_000, 2**31):
        assert search(many, "projects", {"page_number": page}) == ([], 205)


def test_a_larger_page_than_there_is_gives_the_largest(many):
    for asked in (200, 201, 1000, "500", 10**12):
        assert len(search(many, "projects", {"page_size": asked})[0]) == 200


def test_pages_that_cannot_be_are_refused(ada):
    for key, value in (("page_size", 0), ("page_size", -1), ("page_number", 0), ("page_number", "one"), ("page_size", 1.5)):
        assert key.replace("_", " ").title() in ada.refused("POST", "/people/search", {key: value})


def test_a_page_of_nothing_is_refused_with_the_size_that_pages_have(ada):
    for asked in (0, -1, "0"):
        said = ada.refused("POST", "/people/search", {"page_size": asked})
        assert said == "Invalid input: Validation errors: Page Size: must be between 1 and 200"


def test_a_blank_page_is_the_default_one(many):
    records, _ = search(many, "projects", {"page_number": None, "page_size": "", "sort_by": None, "sort_direction": ""})
    assert [one["name"] for one in records] == [f"{number:03}" for number in range(20)]


def test_the_body_wins_over_the_query(many):
    records, _ = search(many, "projects", {"page_size": 3}, params={"page_size": "200", "page_number": "2"})
    assert [one["name"] for one in records] == ["003", "004", "005"]


def test_the_search_window_ends_what_can_be_reached(template, tmp_path):
    with template.copy(tmp_path / "home", search_window=5) as windowed:
        for number in range(7):
            windowed.ada.post("/projects", {"name": str(number)})
        reached = [search(windowed.ada, "projects", {"page_size": 3, "page_number": page}) for page in (1, 2, 3)]
    assert [[one["name"] for one in records] for records, _ in reached] == [["0", "1", "2"], ["3", "4"], []]
    assert {total for _, total in reached} == {7}


def test_fields_limit_the_keys_of_the_answer_and_keep_their_order(ada):
    ada.post("/people", {"name": "Ada Quill", "tags": ["vip"]})
    assert ada.post("/people/search", {"fields": ["tags", "name", "shoe_size"]}) == [
        {"id": 1, "name": "Ada Quill", "tags": ["vip"]}
    ]
    assert list(ada.post("/people/search", {"fields": ["tags", "name"]})[0]) == ["id", "name", "tags"]
    whole = ada.post("/people/search")
    for nothing in ([], None, ""):
        assert ada.post("/people/search", {"fields": nothing}) == whole
