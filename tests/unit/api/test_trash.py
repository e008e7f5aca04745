"""The trash: what goes with a record, what comes back with it, and what is left after thirty days."""

from __future__ import annotations

import time

from sqlalchemy import func, select

from automation import automation, group_of, undo
from cuprum.kit import pace
from cuprum.records.purge import purge, purge_all
from cuprum.records.unfinished import left
from cuprum.storage.lookup_tables import RECORD_LOOKUPS
from cuprum.storage.tables import TABLES
from plans import plan_of, sent

NOTE = {"type": {"id": 0, "category": "user"}, "details": "Rang."}


def lookups(cuprum, entity: str, record_id: int) -> int:
    def count(connection) -> int:
        return sum(
            connection.execute(
                select(func.count()).select_from(table).where(table.c.entity == entity, table.c.record_id == record_id)
            ).scalar_one()
            for table in RECORD_LOOKUPS
        )

    return cuprum.database.read_now(count)


def test_deleting_a_person_unlinks_what_linked_to_them_and_takes_along_what_was_theirs(ada):
    person = ada.post("/people", {"name": "Iris"})
    company = ada.post("/companies", {"name": "Mill", "primary_contact_id": person["id"]})
    deal = ada.post("/opportunities", {"name": "Flour", "primary_contact_id": person["id"]})
    own = {"id": person["id"], "type": "person"}
    project = ada.post("/projects", {"name": "Oven", "related_resource": own})
    task = ada.post("/tasks", {"name": "Ring", "related_resource": own})
    notes = [ada.post("/activities", {"parent": parent, **NOTE}) for parent in (own, {"id": task["id"], "type": "task"})]
    group = group_of(ada, "DELETE", f"/people/{person['id']}")
    assert ada.get(f"/companies/{company['id']}")["primary_contact_id"] is None
    assert ada.get(f"/opportunities/{deal['id']}")["primary_contact_id"] is None
    assert not ada.get(f"/projects/{project['id']}")["related_resource"]
    ada.refused("GET", f"/tasks/{task['id']}", status=404)
    assert ada.post("/activities/search", {}) == []
    counts = automation(ada, "GET", f"/changes/{group}")["counts"]
    assert counts == {"update": 3, "delete": 4}
    assert undo(ada, group) | {"group": 0} == {"group": 0, "undone": 7, "conflicts": []}
    assert ada.get(f"/projects/{project['id']}")["related_resource"] == own
    assert {one["id"] for one in ada.post("/activities/search", {})} == {one["id"] for one in notes}


def test_what_is_in_the_trash_is_found_by_nobody_and_frees_its_address(cuprum):
    ada = cuprum.ada
    emails = [{"email": "i@mill.example", "category": "work"}]
    gone = ada.post("/people", {"name": "Iris", "emails": emails, "tags": ["oak"]})
    assert lookups(cuprum, "person", gone["id"]) > 3
    ada.delete(f"/people/{gone['id']}")
    assert lookups(cuprum, "person", gone["id"]) == 0
    assert ada.post("/people/search", {"tags": ["oak"]}) == []
    ada.post("/people", {"name": "Ivo", "emails": emails})


def test_a_record_is_restored_with_what_went_with_it_and_nothing_else(ada):
    company = ada.post("/companies", {"name": "Mill"})
    people = [ada.post("/people", {"name": name, "company_id": company["id"]}) for name in ("Iris", "Ivo")]
    task = ada.post("/tasks", {"name": "Ring", "related_resource": {"id": company["id"], "type": "company"}})
    ada.delete(f"/companies/{company['id']}")
    ada.delete(f"/people/{people[1]['id']}")
    answer = automation(ada, "POST", f"/companies/{company['id']}/restore")
    assert answer["record"]["name"] == "Mill"
    assert [one["reason"] for one in answer["conflicts"]] == ["was deleted since"]
    assert ada.get(f"/people/{people[0]['id']}")["company_id"] == company["id"]
    assert ada.get(f"/tasks/{task['id']}")["name"] == "Ring"
    ada.refused("GET", f"/people/{people[1]['id']}", status=404)
    automation(ada, "POST", f"/companies/{company['id']}/restore", status=404)


def test_what_belongs_to_a_record_in_the_trash_waits_for_it(ada):
    person = ada.post("/people", {"name": "Iris"})
    task = ada.post("/tasks", {"name": "Ring", "related_resource": {"id": person["id"], "type": "person"}})
    ada.delete(f"/people/{person['id']}")
    assert "which is gone" in automation(ada, "POST", f"/tasks/{task['id']}/restore", status=422)["message"]


def test_only_its_owner_or_an_admin_takes_a_record_out_of_the_trash(cuprum):
    grace, mallory = cuprum.grace, cuprum.mallory
    person = grace.post("/people", {"name": "Iris", "assignee_id": grace.id})
    grace.delete(f"/people/{person['id']}")
    automation(mallory, "POST", f"/people/{person['id']}/restore", status=403)
    automation(grace, "POST", f"/people/{person['id']}/restore")


def test_after_its_days_the_trash_is_emptied_and_only_then(cuprum):
    ada = cuprum.ada
    old, kept = (ada.post("/people", {"name": name}) for name in ("Old", "Kept"))
    ada.delete(f"/people/{old['id']}")
    days = cuprum.settings.trash_days * 86_400
    assert purge_all(cuprum.database, int(time.time()) + days - 60) == 0
    assert purge_all(cuprum.database, int(time.time()) + days + 60) == 1
    automation(ada, "POST", f"/people/{old['id']}/restore", status=404)
    people = TABLES["person"]
    stored = cuprum.database.read_now(lambda connection: list(connection.execute(select(people.c.id)).scalars()))
    assert stored == [kept["id"]]


def test_a_database_too_slow_for_the_time_of_a_part_is_emptied_all_the_same(cuprum, monkeypatch):
    monkeypatch.setattr(pace, "LONGEST_SECONDS", 0.0)
    ada = cuprum.ada
    ada.delete(f"/people/{ada.post('/people', {'name': 'Old'})['id']}")
    ada.delete(f"/projects/{ada.post('/projects', {'name': 'Old shed'})['id']}")
    kept = pace.Pace()
    in_parts = [cuprum.database.write_now(purge, int(time.time()) + 86_400, kept) for _ in range(3)]
    assert in_parts == [1, 1, 0]


def test_emptying_the_trash_looks_through_no_table(cuprum):
    person = cuprum.ada.post("/people", {"name": "Old"})
    cuprum.ada.delete(f"/people/{person['id']}")
    with sent() as statements:
        purge_all(cuprum.database, int(time.time()) + 40 * 86_400)
    looks = [one for one in statements if "deleted_at <" in one[0] or "DELETE FROM follow" in one[0]]
    assert len(looks) > 2
    for one in looks:
        plan = cuprum.database.read_now(plan_of, one)
        assert "SCAN " not in plan, plan
        assert "Seq Scan on follow" not in plan, plan
        assert "ix_" in plan or "pk_follow" in plan or "PRIMARY KEY" in plan, plan


def test_a_deletion_that_takes_many_parts_answers_when_all_is_done_and_is_one_group(cuprum, monkeypatch):
    ada = cuprum.ada
    company = ada.post("/companies", {"name": "Mill"})
    people = [{"name": f"Iris {number}", "company_id": company["id"]} for number in range(10)]
    ada.post("/people/bulk_create", {"people": people})
    ada.post("/activities", NOTE | {"parent": {"type": "company", "id": company["id"]}})
    before = ada.post("/people/search", {"sort_by": "name"})
    monkeypatch.setattr(pace, "LONGEST_SECONDS", 0.0)
    path, headers = f"/developer_api/v1/companies/{company['id']}", {**ada.headers, "Idempotency-Key": "mill"}
    with sent() as statements:
        answer = ada.client.request("DELETE", path, headers=headers)
    assert answer.json() == {"id": company["id"], "is_deleted": True}
    assert len([one for one in statements if one[0].startswith("UPDATE person")]) == 10
    assert {one["company_id"] for one in ada.post("/people/search", {})} == {None}
    again = ada.client.request("DELETE", path, headers=headers)
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (answer.json(), "true")
    assert cuprum.database.read_now(left, int(time.time()) + 1) == []
    counts = automation(ada, "GET", f"/changes/{answer.headers['X-Cuprum-Group']}")["counts"]
    assert counts == {"update": 10, "delete": 2}
    assert undo(ada, answer.headers["X-Cuprum-Group"])["conflicts"] == []
    unchanged = [one | {"date_modified": 0} for one in before]
    assert [one | {"date_modified": 0} for one in ada.post("/people/search", {"sort_by": "name"})] == unchanged


def test_a_deletion_is_undone_even_after_the_trash_was_emptied(cuprum):
    ada = cuprum.ada
    emails = [{"email": "i@mill.example", "category": "work"}]
    values = {"name": "Iris", "emails": emails, "tags": ["oak"], "address": {"city": "Porto"}, "assignee_id": ada.id}
    person = ada.post("/people", values)
    task = ada.post("/tasks", {"name": "Ring", "related_resource": {"id": person["id"], "type": "person"}})
    group = group_of(ada, "DELETE", f"/people/{person['id']}")
    assert purge_all(cuprum.database, int(time.time()) + 40 * 86_400) == 2
    assert undo(ada, group)["conflicts"] == []
    assert ada.get(f"/people/{person['id']}") | {"date_modified": 0} == person | {"date_modified": 0}
    assert ada.post("/people/fetch_by_email", {"email": "i@mill.example"})["id"] == person["id"]
    assert ada.get(f"/tasks/{task['id']}")["name"] == "Ring"
