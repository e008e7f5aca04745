"""Orders of a search: ties, empty values, letters of every alphabet, names of linked records."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from cuprum.storage.tables import TABLES
from plans import plan_of, sent
from searching import found, named


def orders(person, plural: str, sort_by: str) -> tuple[list[str], list[str]]:
    """The names in ascending and in descending order."""
    asked = [{"sort_by": sort_by, "sort_direction": direction} for direction in ("asc", "desc")]
    return tuple(found(person, plural, body) for body in asked)


def test_names_sort_by_letters_not_by_bytes(ada):
    named(ada, "people", **{name: {} for name in ("Zoë", "élan", "Adam", "Ørsted", "anna", "Émile")})
    assert orders(ada, "people", "name")[0] == ["Adam", "anna", "élan", "Émile", "Ørsted", "Zoë"]


@pytest.mark.parametrize("plural", ["leads", "people", "companies", "opportunities", "projects", "tasks"])
def test_ties_stand_in_the_order_of_their_ids(ada, plural):
    ids = [ada.post(f"/{plural}", {"name": "Same"})["id"] for _ in range(5)]
    for sort_by in ("name", "date_created"):
        for direction, expected in (("asc", ids), ("desc", ids[::-1])):
            asked = {"sort_by": sort_by, "sort_direction": direction, "page_size": 2}
            pages = [ada.post(f"/{plural}/search", {**asked, "page_number": page}) for page in (1, 2, 3)]
            assert [one["id"] for page in pages for one in page] == expected


EMPTY_LAST = {
    "leads": {
        "title": ("Boss", "Owner"), "company_name": ("Acme", "Zeta"), "value": (10, 20),
        "email": ({"email": "a@x.example"}, {"email": "b@x.example"}), "phone": ("111", "222"),
        "socials": ("a.example", "b.example"),
        "city": ("Aveiro", "Porto"), "country": ("ES", "PT"), "zip": ("1000", "2000"), "assignee": (1, 2), "source": (3, 2),
    },
    "people": {
        "title": ("Boss", "Owner"), "last_name": ("Adams", "Young"), "email": ("a@x.example", "b@x.example"),
        "phone": ("111", "222"),
        "state": ("CA", "NY"),
    },
    "companies": {
        "email_domain": ("a.example", "b.example"), "assignee": (1, 2), "contact_group": (2, 4), "primary_website": ("a", "b"),
    },
    "opportunities": {
        "close_date": ("1/5/2027", "12/5/2027"), "value": (9, 10), "monetary_value": (9, 10), "customer_source_id": (1, 2),
        "source": (3, 2),
    },
    "tasks": {"due_date": (1790000000, 1790000001), "reminder_date": (1790000000, 1790000001), "assigned_to": (1, 2)},
}  # fmt: skip

FIELD_OF = {
    "value": "monetary_value", "assignee": "assignee_id", "assigned_to": "assignee_id", "source": "customer_source_id",
    "contact_group": "contact_type_id",
}  # fmt: skip


def _given(plural: str, sort_by: str, value) -> dict:
    match sort_by:
        case "phone":
            return {"phone_numbers": [{"number": value}, {"number": "000"}]}
        case "email" if plural == "people":
            return {"emails": [{"email": value}, {"email": f"000{value}"}]}
        case "socials":
            return {"socials": [{"url": value, "category": "other"}]}
        case "primary_website":
            return {"websites": [{"url": value}, {"url": "000"}]}
        case "city" | "state" | "country":
            return {"address": {sort_by: value}}
        case "zip":
            return {"address": {"postal_code": value}}
    return {FIELD_OF.get(sort_by, sort_by): value}


@pytest.mark.parametrize("plural", EMPTY_LAST)
def test_records_without_a_value_come_last_in_both_directions(ada, plural):
    for sort_by, (lesser, greater) in EMPTY_LAST[plural].items():
        ids = named(ada, plural, None_={}, Greater=_given(plural, sort_by, greater), Lesser=_given(plural, sort_by, lesser))
        assert orders(ada, plural, sort_by) == (["Lesser", "Greater", "None_"], ["Greater", "Lesser", "None_"]), sort_by
        for record_id in ids.values():
            ada.delete(f"/{plural}/{record_id}")


@pytest.mark.parametrize("plural", ["leads", "people"])
def test_who_has_no_first_or_last_name_comes_last(ada, plural):
    named(ada, plural, **{"Zoe": {}, "Ada Young": {}})
    assert ada.post(f"/{plural}", {"last_name": "Adams"})["first_name"] is None
    assert orders(ada, plural, "first_name") == (["Ada Young", "Zoe", "Adams"], ["Zoe", "Ada Young", "Adams"])
    assert orders(ada, plural, "last_name") == (["Adams", "Ada Young", "Zoe"], ["Ada Young", "Adams", "Zoe"])


@pytest.mark.parametrize("sort_by", ["first_name", "last_name"])
@pytest.mark.parametrize("plural", ["leads", "people"])
def test_an_order_by_part_of_the_name_is_read_off_an_index(cuprum, plural, sort_by):
    """Nothing is sorted that only the first page is wanted of, in either direction."""
    ada = cuprum.ada
    named(ada, plural, **{"Ada Adams": {}, "Zoe Young": {}})
    with sent() as statements:
        for direction in ("asc", "desc"):
            ada.post(f"/{plural}/search", {"sort_by": sort_by, "sort_direction": direction})
    pages = [one for one in statements if "ORDER BY" in one[0] and "LIMIT" in one[0]]
    assert len(pages) == 2
    for page in pages:
        plan = cuprum.database.read_now(plan_of, page)
        assert f"{sort_by}_key" in plan
        assert "TEMP B-TREE" not in plan, plan
        assert "Sort" not in plan, plan


def test_linked_records_sort_by_their_names(ada):
    companies = named(ada, "companies", Zeta={}, acme={}, Éclair={})
    named(ada, "opportunities", **{name: {"company_id": one} for name, one in companies.items()}, Without={})
    for sort_by in ("company_name", "account"):
        assert orders(ada, "opportunities", sort_by) == (
            ["acme", "Éclair", "Zeta", "Without"],
            ["Zeta", "Éclair", "acme", "Without"],
        )


def test_companies_sort_by_their_contact(ada):
    people = named(ada, "people", **{"Ada Young": {}, "Bo Adams": {}})
    named(ada, "companies", **{name: {"primary_contact_id": one} for name, one in people.items()}, Without={})
    by_first, by_last = ["Ada Young", "Bo Adams", "Without"], ["Bo Adams", "Ada Young", "Without"]
    assert orders(ada, "companies", "contact")[0] == orders(ada, "companies", "contact_first_name")[0] == by_first
    assert orders(ada, "companies", "contact_last_name")[0] == by_last


def test_stages_stand_as_in_the_pipeline_and_words_of_choice_in_their_order(ada):
    stages = {stage["name"]: stage["id"] for stage in ada.get("/pipelines")[0]["stages"]}
    named(ada, "opportunities", **{name: {"pipeline_stage_id": one} for name, one in reversed(stages.items())})
    for sort_by in ("stage", "deal_last_stage"):
        assert orders(ada, "opportunities", sort_by)[0] == list(stages)
    named(ada, "projects", Done={"status": "Completed"}, Open={})
    assert orders(ada, "projects", "status") == (["Open", "Done"], ["Done", "Open"])


def test_priorities_sort_from_none_to_high_and_unset_last(ada):
    named(ada, "opportunities", **{str(word): {"priority": word} for word in ("High", "Low", "Medium", "None")})
    unset = ada.post("/opportunities", {"name": "Unset"})["id"]
    ada.put(f"/opportunities/{unset}", {"priority": None})
    assert orders(ada, "opportunities", "priority")[0] == ["None", "Low", "Medium", "High", "Unset"]


def test_inactive_days_grow_from_the_newest_contact(cuprum):
    ada = cuprum.ada
    ids = named(ada, "leads", Never={}, Old={}, New={})
    leads = TABLES["lead"]
    for name, at in (("Old", 1767312500), ("New", 1767398900)):
        contacted = update(leads).where(leads.c.id == ids[name]).values(date_last_contacted=at)
        cuprum.database.write_now(lambda connection, contacted=contacted: connection.execute(contacted))
    assert orders(ada, "leads", "inactive_days") == (["New", "Old", "Never"], ["Old", "New", "Never"])


@pytest.mark.parametrize(
    ("plural", "first"),
    [("leads", "A"), ("people", "A"), ("companies", "B"), ("opportunities", "A"), ("projects", "A"), ("tasks", "B")],
)
def test_without_a_sort_name_each_entity_has_its_own(cuprum, plural, first):
    """By name; people by first name; companies by when they changed; tasks by when they are due."""
    ada = cuprum.ada
    due = {"due_date": 1790000000} if plural == "tasks" else {}
    ids = named(ada, plural, B=due, A={})
    table = TABLES[{"people": "person", "companies": "company", "opportunities": "opportunity"}.get(plural, plural[:-1])]
    older = update(table).where(table.c.id == ids["B"]).values(date_modified=1_700_000_000)
    cuprum.database.write_now(lambda connection: connection.execute(older))
    assert found(ada, plural)[0] == first


def test_tasks_and_projects_sort_by_what_they_are_for(ada):
    company = ada.post("/companies", {"name": "C"})["id"]
    person = ada.post("/people", {"name": "P"})["id"]
    named(ada, "tasks", Person={"related_resource": {"id": person, "type": "person"}}, Free={},
          Company={"related_resource": {"id": company, "type": "company"}})  # fmt: skip
    assert orders(ada, "tasks", "related_to") == (["Company", "Person", "Free"], ["Person", "Company", "Free"])


def test_activities_come_newest_first_unless_asked_otherwise(ada):
    person = ada.post("/people", {"name": "P"})["id"]
    note = {"parent": {"id": person, "type": "person"}, "type": {"id": 0, "category": "user"}}
    for at in (1767312500, 1767312700, 1767312600):
        ada.post("/activities", {**note, "details": str(at), "activity_date": at})

    def dates(body: dict) -> list[int]:
        return [one["activity_date"] - 1767312000 for one in ada.post("/activities/search", body)]

    assert dates({}) == dates({"sort_by": "activity_date"}) == [700, 600, 500]
    assert dates({"sort_direction": "asc"}) == [500, 600, 700]
