"""A member finds, counts and pages what they may see, whatever the filter."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from cuprum.storage.tables import TABLES
from searching import found, named, search

PRIVATE = 3


@pytest.fixture
def half(cuprum):
    """Six people, of whom Mallory may see the even ones."""
    ids = named(cuprum.ada, "people", **{
        f"Person {number}": {
            "tags": ["vip"], "title": "Owner", "address": {"city": "Porto"}, "emails": [{"email": f"p{number}@quill.example"}],
            "phone_numbers": [{"number": f"555 01{number}0"}], "assignee_id": cuprum.ada.id,
        } for number in range(6)
    })  # fmt: skip
    people = TABLES["person"]
    hidden = [one for name, one in ids.items() if int(name[-1]) % 2]
    hide = update(people).where(people.c.id.in_(hidden)).values(visibility=PRIVATE)
    cuprum.database.write_now(lambda connection: connection.execute(hide))
    cuprum.ids = ids
    return cuprum


FILTERS = [
    {}, {"name": "person"}, {"name": "pe"}, {"tags": ["vip"]}, {"tags": {"option": "NONE", "value": ["x"]}}, {"title": "own"},
    {"city": "porto"}, {"state": {"allow_empty": True}}, {"company_ids": [-2]}, {"followed": 2}, {"age": 1000},
    {"sort_by": "email"},
    {"phone_number": {"value": "0", "match": "partial"}}, {"opportunity_ids": [-2]}, {"minimum_interaction_count": 0},
]  # fmt: skip


def test_a_members_totals_and_pages_hold_what_they_may_see(half):
    for filters in FILTERS:
        assert sorted(found(half.mallory, "people", filters)) == ["Person 0", "Person 2", "Person 4"], filters
        assert len(found(half.ada, "people", filters)) == 6, filters
        pages = [search(half.mallory, "people", {**filters, "page_size": 2, "page_number": page}) for page in (1, 2, 3)]
        assert [(len(records), total) for records, total in pages] == [(2, 3), (1, 3), (0, 3)], filters


def test_a_hidden_record_is_not_found_by_what_names_it(half):
    hidden = half.ids["Person 1"]
    for filters in ({"ids": [hidden]}, {"emails": ["p1@quill.example"]}, {"name": "Person 1"}):
        assert found(half.mallory, "people", filters) == []
        assert found(half.ada, "people", filters) == ["Person 1"]
    assert half.mallory.refused("POST", "/people/fetch_by_email", {"email": "p1@quill.example"}, 404) == "Resource not found"


def test_a_hidden_opportunity_does_not_tell_who_its_people_are(half):
    opportunity = half.ada.post("/opportunities", {"name": "Secret", "primary_contact_id": half.ids["Person 0"]})["id"]
    deals = TABLES["opportunity"]
    hide = update(deals).values(visibility=PRIVATE)
    half.database.write_now(lambda connection: connection.execute(hide))
    assert found(half.ada, "people", {"opportunity_ids": [opportunity]}) == ["Person 0"]
    assert found(half.mallory, "people", {"opportunity_ids": [opportunity]}) == []
    assert "Person 0" in found(half.mallory, "people", {"opportunity_ids": [-2]})


def test_activities_of_a_hidden_record_are_hidden(half):
    for name in ("Person 0", "Person 1"):
        parent = {"id": half.ids[name], "type": "person"}
        half.ada.post("/activities", {"parent": parent, "type": {"id": 0, "category": "user"}, "details": name})
    for filters in ({}, {"user_ids": [half.ada.id]}, {"activity_types": [{"id": 0, "category": "user"}]}, {"full_result": True}):
        records, total = search(half.mallory, "activities", filters)
        assert ([one["details"] for one in records], total) == (["Person 0"], 1)
    assert search(half.mallory, "activities", {"parent": {"id": half.ids["Person 1"], "type": "person"}}) == ([], 0)
    assert search(half.ada, "activities")[1] == 2


def test_a_hidden_company_does_not_name_its_opportunities(half):
    company = half.ada.post("/companies", {"name": "Hidden Ltd"})["id"]
    named(half.ada, "opportunities", Roof={"company_id": company})
    hide = update(TABLES["company"]).values(visibility=PRIVATE)
    half.database.write_now(lambda connection: connection.execute(hide))
    assert found(half.ada, "opportunities", {"company_name": "hidden"}) == ["Roof"]
    assert found(half.mallory, "opportunities", {"company_name": "hidden"}) == []
