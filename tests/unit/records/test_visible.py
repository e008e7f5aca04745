"""No select of records goes round `visible`: the watch that every test has, and a walk through all that members can ask."""

from __future__ import annotations

import pytest
from sqlalchemy import and_, or_, select

from cuprum.auth.actor import Actor
from cuprum.entities import ENTITIES
from cuprum.records.criteria import criteria
from cuprum.records.sorting import sort_keys
from cuprum.records.visible import behind_the_scenes, visible, visible_even_in_trash
from cuprum.storage.tables import TABLES
from watched_selects import unguarded, watching

MALLORY = Actor(3, "member", "Mallory", "mallory@harbour.example", (1,))
people, companies, activities = TABLES["person"], TABLES["company"], TABLES["activity"]


def test_a_select_without_the_predicate_is_noticed():
    assert list(unguarded(select(people.c.id).where(people.c.id == 1))) == ["person"]
    assert list(unguarded(select(activities.c.id).where(activities.c.parent_id == 1))) == ["activity"]
    assert list(unguarded(select(people.alias().c.id))) == ["person"]


def test_a_predicate_that_another_condition_lets_by_does_not_count():
    seen = visible(MALLORY, "person")
    assert list(unguarded(select(people.c.id).where(or_(people.c.id == 1, seen)))) == ["person"]
    assert list(unguarded(select(people.c.id).where(and_(people.c.id == 1, seen)))) == []


def test_a_select_within_a_select_needs_the_predicate_of_its_own():
    inner = select(companies.c.id).where(companies.c.name == "Mill")
    outer = select(people.c.id).where(visible(MALLORY, "person"))
    assert list(unguarded(outer.where(people.c.company_id.in_(inner)))) == ["company"]
    assert list(unguarded(outer.where(people.c.company_id.in_(inner.where(visible(MALLORY, "company")))))) == []


def test_the_predicate_of_one_table_does_not_cover_another():
    both = select(people.c.id, companies.c.id).join_from(people, companies, people.c.company_id == companies.c.id)
    assert list(unguarded(both.where(visible(MALLORY, "person")))) == ["company"]


@pytest.mark.parametrize("entity", ENTITIES)
@pytest.mark.parametrize("predicate", [visible, visible_even_in_trash])
def test_the_predicate_itself_passes(entity, predicate):
    assert list(unguarded(select(TABLES[entity].c.id).where(predicate(MALLORY, entity)))) == []


def test_what_goes_into_no_answer_says_so():
    assert list(unguarded(behind_the_scenes(select(people.c.id), "a test"))) == []


def test_the_watch_sees_what_members_do_and_leaves_admins_alone(cuprum, monkeypatch):
    from cuprum.records import read

    monkeypatch.setattr(read, "present", lambda actor, entity: people.c.deleted_at.is_(None))
    monkeypatch.setattr(read, "_built", {})
    person = cuprum.ada.post("/people", {"name": "Iris"})
    with watching() as went_round:
        cuprum.ada.get(f"/people/{person['id']}")
        assert went_round == []
        cuprum.mallory.get(f"/people/{person['id']}")
    assert len(went_round) == 1
    cuprum.went_round.clear()


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_parameter_and_every_order_of_a_search_keeps_to_the_predicate(cuprum, entity):
    """What they find is told elsewhere; here every statement that a search can make is made, and watched."""
    mallory, record = cuprum.mallory, ENTITIES[entity]
    for order in sort_keys(entity):
        mallory.post(f"/{record.plural}/search", {"sort_by": order})
    parent = {"id": 1, "type": "company"}
    values = ["Iris", 1, [1, -2], parent, [parent], ["oak"], {"option": "ANY", "value": ["oak"]}, {"value": "Porto"},
              {"number": "0123456789"}, [1, 0, 2_000_000_000], True, "Open", "None"]  # fmt: skip
    for key in criteria(record):
        accepted = [mallory.call("POST", f"/{record.plural}/search", {key: value}).status_code for value in values]
        assert set(accepted) <= {200, 422}, key
        assert 200 in accepted or key == "custom_fields", key


@pytest.mark.parametrize("entity", [one for one in ENTITIES if one != "activity"])
def test_every_door_of_a_record_keeps_to_the_predicate(cuprum, entity):
    mallory, record = cuprum.mallory, ENTITIES[entity]
    made = mallory.post(f"/{record.plural}", {"name": "Iris Fontaine", "assignee_id": mallory.id})
    own, at = {"id": made["id"], "type": entity}, f"/{record.plural}/{made['id']}"
    note = mallory.post("/activities", {"parent": own, "type": {"id": 0, "category": "user"}, "details": "Rang."})
    mallory.put(at, {"name": "Ivo Fontaine", "assignee_id": mallory.id, "tags": ["oak"]})
    mallory.get(at)
    for path in (f"{at}/activities", f"{at}/related", "/tags", "/account", "/users/me"):
        assert mallory.call("POST" if path.endswith("activities") else "GET", path).status_code in (200, 404)
    mallory.put(f"/activities/{note['id']}", {"details": "Rang twice."})
    ways = {"headers": mallory.headers}
    for method, path, body in (
        ("PUT", f"{at}/visibility", {"visibility": "only_me"}), ("GET", f"{at}/visibility", None), ("PUT", f"{at}/follow", None),
    ):  # fmt: skip
        assert mallory.client.request(method, f"/automation/v1{path}", json=body, **ways).status_code == 200
    group = mallory.call("DELETE", at).headers["X-Cuprum-Group"]
    for method, path in (
        ("POST", f"{at}/restore"), ("GET", "/changes"), ("GET", "/groups"), ("GET", f"/changes/{group}"),
        ("POST", f"/changes/{group}/undo"),
    ):  # fmt: skip
        assert mallory.client.request(method, f"/automation/v1{path}", **ways).status_code == 200
