"""Undo of what is no record: custom fields, conversions with all that they move, webhooks."""

from __future__ import annotations

from sqlalchemy import update

from automation import group_of, undo
from cuprum.events.log import Group
from cuprum.records.people_of_account import add_user, revoke_key
from cuprum.records.undo import undo_at_the_machine
from cuprum.storage.account_tables import user


def define(person, **values):
    body = {"name": "Grain", "data_type": "Dropdown", "available_on": ["person", "lead"], **values}
    return person.call("POST", "/custom_field_definitions", body)


def listed(person):
    return {one["id"]: one for one in person.get("/custom_field_definitions")}


def test_a_custom_field_defined_is_undone_and_its_deletion_too(ada):
    made = define(ada, options=[{"name": "Rye", "rank": 0}, {"name": "Oats", "rank": 1}])
    definition = listed(ada)[made.json()["id"]]
    rye = definition["options"][0]["id"]
    custom = [{"custom_field_definition_id": definition["id"], "value": rye}]
    person = ada.post("/people", {"name": "Iris", "custom_fields": custom})
    group = group_of(ada, "DELETE", f"/custom_field_definitions/{definition['id']}")
    assert undo(ada, group)["conflicts"] == []
    assert listed(ada)[definition["id"]] == definition
    assert ada.get(f"/people/{person['id']}")["custom_fields"] == custom
    undo(ada, made.headers["X-Cuprum-Group"])
    assert definition["id"] not in listed(ada)


def test_a_definition_changed_since_keeps_what_was_changed(ada):
    definition = define(ada, options=[{"name": "Rye", "rank": 0}]).json()
    path = f"/custom_field_definitions/{definition['id']}"
    group = group_of(ada, "PUT", path, {"name": "Cereal", "available_on": ["person"]})
    ada.put(path, {"name": "Flour"})
    assert [one["field"] for one in undo(ada, group)["conflicts"]] == ["name"]
    present = listed(ada)[definition["id"]]
    assert (present["name"], sorted(present["available_on"])) == ("Flour", ["lead", "person"])


def test_one_custom_value_is_undone_beside_another_that_changed_since(ada):
    first = define(ada, name="One", data_type="String").json()["id"]
    second = define(ada, name="Two", data_type="String").json()["id"]

    def values(one, two):
        return [{"custom_field_definition_id": first, "value": one}, {"custom_field_definition_id": second, "value": two}]

    person = ada.post("/people", {"name": "Iris", "custom_fields": values("a", "b")})
    group = group_of(ada, "PUT", f"/people/{person['id']}", {"custom_fields": values("c", "d")})
    ada.put(f"/people/{person['id']}", {"custom_fields": [{"custom_field_definition_id": second, "value": "e"}]})
    (conflict,) = undo(ada, group)["conflicts"]
    assert (conflict["field"], conflict["now"]) == (f"custom_fields.{second}", "e")
    assert ada.get(f"/people/{person['id']}")["custom_fields"] == values("a", "e")


def test_a_conversion_is_undone_with_all_that_it_moved_and_done_again(cuprum):
    ada = cuprum.ada
    lead = ada.post("/leads", {"name": "Lea Lind", "email": {"email": "lea@lind.example", "category": "work"}})
    own = {"id": lead["id"], "type": "lead"}
    task = ada.post("/tasks", {"name": "Ring", "related_resource": own})
    note = ada.post("/activities", {"parent": own, "type": {"id": 0, "category": "user"}, "details": "Rang."})
    body = {"details": {"company": {"name": "Lind Ltd"}, "opportunity": {"name": "Flour"}}}
    answer = ada.call("POST", f"/leads/{lead['id']}/convert", body)
    assert answer.status_code == 200, answer.text
    undone = undo(ada, answer.headers["X-Cuprum-Group"])
    assert undone["conflicts"] == []
    assert ada.get(f"/leads/{lead['id']}") | {"date_modified": 0} == lead | {"date_modified": 0}
    assert ada.get(f"/tasks/{task['id']}")["related_resource"] == own
    assert ada.get(f"/activities/{note['id']}")["parent"] == own
    for plural in ("people", "companies", "opportunities"):
        assert ada.post(f"/{plural}/search", {}) == []
    undo(ada, undone["group"])
    (person,) = ada.post("/people/search", {})
    assert person["company_name"] == "Lind Ltd"
    assert ada.get(f"/tasks/{task['id']}")["related_resource"] == {"id": person["id"], "type": "person"}
    assert ada.post("/opportunities/search", {})[0]["primary_contact_id"] == person["id"]


def test_a_webhook_that_was_deleted_comes_back_and_its_secret_is_not_told(ada):
    body = {"target": "https://hooks.example/x", "type": "person", "event": "new", "secret": {"key": "hush"}}
    hook = ada.post("/webhooks", body)
    group = group_of(ada, "PUT", f"/webhooks/{hook['id']}", {"secret": {"key": "other"}, "event": "update"})
    undone = undo(ada, group)
    assert "other" not in str(undone)
    assert [(one["field"], "secret" in one["reason"]) for one in undone["conflicts"]] == [("secret", True)]
    assert ada.get(f"/webhooks/{hook['id']}")["event"] == "new"
    assert undo(ada, group_of(ada, "DELETE", f"/webhooks/{hook['id']}"))["conflicts"] == []
    assert ada.get(f"/webhooks/{hook['id']}")["target"] == body["target"]


def test_the_only_owner_stays_and_a_revoked_key_is_not_given_back(cuprum):
    def add(connection, email, role):
        group = Group(connection, None, "cli", None, "user add")
        add_user(connection, email=email, name=email, role=role, group=group)
        return group.id

    database = cuprum.database
    second = database.write_now(add, "second@harbour.example", "owner")
    assert undo_at_the_machine(database, second).conflicts == []
    third = database.write_now(add, "third@harbour.example", "owner")
    database.write_now(lambda connection: connection.execute(update(user).where(user.c.id == cuprum.ada.id).values(role="admin")))
    assert [one["reason"] for one in undo_at_the_machine(database, third).conflicts] == ["stays: an account has an owner"]

    def revoke(connection):
        group = Group(connection, None, "cli", None, "key revoke")
        revoke_key(connection, key_id=1, group=group)
        return group.id

    undone = undo_at_the_machine(database, database.write_now(revoke))
    assert (undone.count, undone.conflicts[0]["field"]) == (0, "revoked_at")
