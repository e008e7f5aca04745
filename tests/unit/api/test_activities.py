"""Activities over the API: of one record, deleted ones, and whose they are (`copper-api/part1.md §13`, `part2.md §4`)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from cuprum.entities import ENTITIES
from cuprum.records.vocabulary import touch_vocabulary
from cuprum.storage.account_tables import activity_type
from cuprum.storage.tables import TABLES

NOTE, CALL = {"id": 0, "category": "user"}, {"id": 1, "category": "user"}


def _note(who, parent_type, parent_id, **further):
    body = {"parent": {"id": parent_id, "type": parent_type}, "type": NOTE, "details": "Left a voicemail", **further}
    return who.post("/activities", body)


@pytest.fixture
def person(ada):
    return ada.post("/people", {"name": "Bob Stone"})


def test_an_activity_is_its_authors_and_of_now_unless_told(cuprum, ada, person):
    made = _note(ada, "person", person["id"])
    assert (made["user_id"], made["type"], made["old_value"], made["new_value"]) == (ada.id, NOTE, None, None)
    assert made["activity_date"] == made["date_created"]
    other = _note(ada, "person", person["id"], user_id=cuprum.grace.id, activity_date=1_700_000_000)
    assert (other["user_id"], other["activity_date"]) == (cuprum.grace.id, 1_700_000_000)


def test_further_keys_of_a_type_are_ignored(ada, person):
    made = _note(ada, "person", person["id"], type={"id": 0, "category": "user", "name": "Note", "is_disabled": False})
    assert made["type"] == NOTE


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"details": None}, "Details: can't be blank"),
        ({"details": "  "}, "Details: can't be blank"),
        ({"type": None}, "Type: can't be blank"),
        ({"parent": None}, "Parent: can't be blank"),
        ({"type": {"id": 3, "category": "system"}}, "Type: only activities of category user can be written"),
        ({"type": {"id": 77, "category": "user"}}, "Type: there is no enabled activity type 77"),
        ({"parent": {"id": 99, "type": "person"}}, "Parent: there is no person 99"),
        ({"user_id": 99}, "User Id: Invalid value for User Id: there is no user 99"),
    ],
)
def test_what_is_no_activity_is_refused(ada, person, change, reason):
    body = {"parent": {"id": person["id"], "type": "person"}, "type": NOTE, "details": "x", **change}
    assert ada.refused("POST", "/activities", body) == f"Invalid input: Validation errors: {reason}"


def test_a_disabled_type_is_kept_but_not_given_anew(cuprum, ada, person):
    made = _note(ada, "person", person["id"], type=CALL)

    def disable(connection):
        connection.execute(update(activity_type).where(activity_type.c.id == 1).values(is_disabled=True))
        touch_vocabulary(connection)

    cuprum.database.write_now(disable)
    assert ada.put(f"/activities/{made['id']}", {"type": CALL, "details": "y"})["details"] == "y"
    body = {"parent": {"id": person["id"], "type": "person"}, "type": CALL, "details": "x"}
    assert "there is no enabled activity type 1" in ada.refused("POST", "/activities", body)


@pytest.mark.parametrize("record", [one for one in ENTITIES.values() if one.entity != "activity"])
def test_the_activities_of_one_record_come_newest_first(ada, record):
    plural, entity = record.plural, record.entity
    one, other = (ada.post(f"/{plural}", {"name": name}) for name in ("Bob", "Cy"))
    first = _note(ada, entity, one["id"], activity_date=100)
    second = _note(ada, entity, one["id"], activity_date=200)
    _note(ada, entity, other["id"])
    answer = ada.call("POST", f"/{plural}/{one['id']}/activities")
    assert answer.json() == [second, first]
    assert answer.headers["X-PW-TOTAL"] == "2"
    assert ada.refused("POST", f"/{plural}/999/activities", {}, 404) == "Resource not found"


def test_the_activities_of_one_record_are_filtered_and_paged(ada, person):
    calls = [_note(ada, "person", person["id"], type=CALL, activity_date=at) for at in (1, 2, 3)]
    _note(ada, "person", person["id"], activity_date=4)
    ada.put(f"/people/{person['id']}", {"assignee_id": ada.id})
    path = f"/people/{person['id']}/activities"
    assert len(ada.post(path, {})) == 5
    body = {"activity_types": [CALL], "page_size": 2, "page_number": "2"}
    answer = ada.call("POST", path, body)
    assert (answer.json(), answer.headers["X-PW-TOTAL"]) == (calls[:1], "3")
    assert ada.refused("POST", path, {"pageSize": 1}).endswith("Unrecognized attributes specified: pageSize")


def test_a_companys_activities_have_those_of_its_people(ada):
    company = ada.post("/companies", {"name": "Acme"})
    person = ada.post("/people", {"name": "Bob", "company_id": company["id"]})
    former = ada.post("/people", {"name": "Cy", "company_id": company["id"]})
    own, of_person = _note(ada, "company", company["id"], activity_date=1), _note(ada, "person", person["id"], activity_date=2)
    _note(ada, "person", former["id"])
    ada.put(f"/people/{former['id']}", {"company_id": None})
    assert ada.post(f"/companies/{company['id']}/activities", {}) == [of_person, own]


def test_a_deleted_activity_answers_with_a_stub_and_stays_as_it_was(cuprum, ada, person):
    made = _note(ada, "person", person["id"])
    stub = {"id": made["id"], "is_deleted": True}
    assert ada.delete(f"/activities/{made['id']}") == stub
    assert ada.get(f"/activities/{made['id']}") == stub
    assert "was deleted" in ada.refused("PUT", f"/activities/{made['id']}", {"details": "x"})
    assert ada.refused("DELETE", f"/activities/{made['id']}", status=404) == "Resource not found"
    assert ada.refused("GET", "/activities/4711", status=404) == "Resource not found"
    assert ada.post("/activities/search", {}) == []
    cuprum.database.write_now(lambda at: at.execute(update(TABLES["person"]).values(visibility=3, assignee_id=ada.id)))
    assert cuprum.mallory.refused("GET", f"/activities/{made['id']}", status=404) == "Resource not found"


def test_only_types_that_count_are_interactions_and_the_count_stays_right(ada, person):
    def counted():
        read = ada.get(f"/people/{person['id']}")
        return read["interaction_count"], read["date_last_contacted"]

    _note(ada, "person", person["id"])
    assert counted() == (0, None)
    first = _note(ada, "person", person["id"], type=CALL, activity_date=100)
    second = _note(ada, "person", person["id"], type=CALL, activity_date=200)
    assert counted() == (2, 200)
    ada.put(f"/activities/{second['id']}", {"activity_date": 50})
    assert counted() == (2, 100)
    ada.put(f"/activities/{second['id']}", {"type": NOTE})
    assert counted() == (1, 100)
    lead = ada.post("/leads", {"name": "Elsewhere"})
    ada.put(f"/activities/{first['id']}", {"parent": {"id": lead["id"], "type": "lead"}})
    assert counted() == (0, None)
    assert ada.get(f"/leads/{lead['id']}")["interaction_count"] == 1
    ada.delete(f"/activities/{first['id']}")
    assert ada.get(f"/leads/{lead['id']}")["interaction_count"] == 0


def test_calls_noted_at_the_same_time_are_all_counted(ada, person):
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _: _note(ada, "person", person["id"], type=CALL), range(12)))
    assert ada.get(f"/people/{person['id']}")["interaction_count"] == 12


class TestWhose:
    """A member changes and deletes what is theirs or what they wrote; an admin everything."""

    def test_a_member_does_not_rewrite_somebody_elses_note(self, cuprum, ada, person):
        made = _note(ada, "person", person["id"])
        assert "You may not update this activity" in cuprum.grace.refused(
            "PUT", f"/activities/{made['id']}", {"details": "x"}, 403
        )
        assert "You may not delete this activity" in cuprum.grace.refused("DELETE", f"/activities/{made['id']}", status=403)

    def test_a_member_rewrites_their_own(self, cuprum, person):
        made = _note(cuprum.grace, "person", person["id"])
        assert cuprum.grace.put(f"/activities/{made['id']}", {"details": "x"})["details"] == "x"
        assert cuprum.grace.delete(f"/activities/{made['id']}")["is_deleted"]

    def test_what_was_noted_in_a_members_name_is_theirs_too(self, cuprum, ada, person):
        made = _note(ada, "person", person["id"], user_id=cuprum.grace.id)
        assert cuprum.grace.put(f"/activities/{made['id']}", {"details": "x"})["details"] == "x"

    def test_an_admin_rewrites_anybodys(self, cuprum, ada, person):
        made = _note(cuprum.grace, "person", person["id"])
        assert ada.put(f"/activities/{made['id']}", {"details": "x"})["user_id"] == cuprum.grace.id

    def test_clearing_the_user_keeps_them(self, cuprum, ada, person):
        made = _note(cuprum.grace, "person", person["id"])
        assert ada.put(f"/activities/{made['id']}", {"user_id": None})["user_id"] == cuprum.grace.id

    def test_a_system_activity_is_not_rewritten(self, ada, person):
        ada.put(f"/people/{person['id']}", {"assignee_id": ada.id})
        noted = ada.post(f"/people/{person['id']}/activities", {})[0]
        assert "system activities cannot be changed" in ada.refused("PUT", f"/activities/{noted['id']}", {"details": "x"})

    def test_a_system_activity_is_deleted_like_any_other(self, ada, person):
        ada.put(f"/people/{person['id']}", {"assignee_id": ada.id})
        noted = ada.post(f"/people/{person['id']}/activities", {})[0]
        assert noted["type"]["category"] == "system"
        assert ada.delete(f"/activities/{noted['id']}") == {"id": noted["id"], "is_deleted": True}
