"""Undo over the API: any group, conflicts named, and undone again."""

from __future__ import annotations

from typing import Any

from automation import automation, group_of, undo
from cuprum.api import changes
from cuprum.kit import pace
from cuprum.records import undo as undo_module
from cuprum.records.undo import undo_at_the_machine


def is_gone(person, path: str) -> bool:
    return person.call("GET", path).status_code == 404


def test_an_update_is_undone_and_done_again(ada):
    made = ada.post("/people", {"name": "Iris Fontaine", "title": "Baker", "tags": ["oak"]})
    group = group_of(ada, "PUT", f"/people/{made['id']}", {"title": "Miller", "tags": ["ash", "elm"]})
    undone = undo(ada, group)
    assert (undone["undone"], undone["conflicts"]) == (1, [])
    assert ada.get(f"/people/{made['id']}") | {"date_modified": 0} == made | {"date_modified": 0}
    assert ada.post("/people/search", {"tags": ["oak"]})[0]["id"] == made["id"]
    undo(ada, undone["group"])
    again = ada.get(f"/people/{made['id']}")
    assert (again["title"], again["tags"]) == ("Miller", ["ash", "elm"])


def test_a_group_undone_is_not_undone_twice_and_names_its_undo(ada):
    made = ada.post("/people", {"name": "Iris Fontaine"})
    group = group_of(ada, "PUT", f"/people/{made['id']}", {"title": "Miller"})
    by = undo(ada, group)["group"]
    assert by in automation(ada, "POST", f"/changes/{group}/undo", status=422)["message"]
    assert automation(ada, "GET", f"/changes/{group}")["undone_by"] == by
    undo(ada, by)
    assert automation(ada, "GET", f"/changes/{group}")["undone_by"] is None
    assert undo(ada, group)["undone"] == 1


def test_an_undone_create_lies_in_the_trash_with_what_depends_on_it(ada):
    answer = ada.call("POST", "/people", {"name": "Iris Fontaine", "company_name": "Fontaine Mills"})
    person = answer.json()
    task = ada.post("/tasks", {"name": "Call Iris", "related_resource": {"id": person["id"], "type": "person"}})
    note = {"parent": {"id": person["id"], "type": "person"}, "type": {"id": 0, "category": "user"}, "details": "Rang."}
    ada.post("/activities", note)
    undone = undo(ada, answer.headers["X-Cuprum-Group"])
    assert undone["conflicts"] == []
    assert is_gone(ada, f"/people/{person['id']}")
    assert is_gone(ada, f"/companies/{person['company_id']}")
    assert is_gone(ada, f"/tasks/{task['id']}")
    assert ada.post("/activities/search", {}) == []
    undo(ada, undone["group"])
    assert ada.get(f"/people/{person['id']}")["company_name"] == "Fontaine Mills"
    assert ada.get(f"/tasks/{task['id']}")["related_resource"] == {"id": person["id"], "type": "person"}
    assert [one["details"] for one in ada.post("/activities/search", {})] == ["Rang."]


def test_a_deletion_is_undone_with_the_links_that_it_took(ada):
    company = ada.post("/companies", {"name": "Fontaine Mills", "email_domain": "fontaine.example"})
    person = ada.post("/people", {"name": "Iris Fontaine", "company_id": company["id"]})
    deal = ada.post("/opportunities", {"name": "Flour", "primary_contact_id": person["id"], "company_id": company["id"]})
    group = group_of(ada, "DELETE", f"/companies/{company['id']}")
    assert ada.get(f"/people/{person['id']}")["company_id"] is None
    assert ada.get(f"/opportunities/{deal['id']}")["company_id"] is None
    assert undo(ada, group)["conflicts"] == []
    assert ada.get(f"/people/{person['id']}")["company_id"] == company["id"]
    assert ada.get(f"/opportunities/{deal['id']}")["company_name"] == "Fontaine Mills"
    assert ada.post("/companies/search", {"email_domains": "fontaine.example"})[0]["id"] == company["id"]


def test_a_field_changed_since_is_named_and_the_rest_is_undone(cuprum):
    ada, grace = cuprum.ada, cuprum.grace
    made = ada.post("/people", {"name": "Iris Fontaine", "title": "Baker", "details": "tall"})
    group = group_of(ada, "PUT", f"/people/{made['id']}", {"title": "Miller", "details": "short"})
    grace.put(f"/people/{made['id']}", {"title": "Mayor"})
    undone = undo(ada, group)
    (conflict,) = undone["conflicts"]
    assert conflict | {"at": 0} == {
        "entity": "person", "id": made["id"], "field": "title", "reason": "was changed since",
        "by": {"id": grace.id, "name": "Grace"}, "at": 0, "now": "Mayor",
    }  # fmt: skip
    assert conflict["at"] > 0
    present = ada.get(f"/people/{made['id']}")
    assert (present["title"], present["details"]) == ("Mayor", "tall")


def test_a_value_that_was_set_again_on_purpose_is_not_taken_back(cuprum):
    ada, grace = cuprum.ada, cuprum.grace
    made = ada.post("/people", {"name": "Iris Fontaine", "title": "Baker"})
    group = group_of(ada, "PUT", f"/people/{made['id']}", {"title": "Miller"})
    for title in ("Mayor", "Miller"):
        grace.put(f"/people/{made['id']}", {"title": title})
    assert [one["field"] for one in undo(ada, group)["conflicts"]] == ["title"]
    assert ada.get(f"/people/{made['id']}")["title"] == "Miller"


def test_an_address_taken_since_names_its_holder_and_the_rest_comes_back(ada):
    emails = [{"email": one, "category": "work"} for one in ("iris@mill.example", "shop@mill.example")]
    made = ada.post("/people", {"name": "Iris Fontaine", "emails": emails})
    group = group_of(ada, "DELETE", f"/people/{made['id']}")
    heir = ada.post("/people", {"name": "Ivo Fontaine", "emails": emails[1:]})
    (conflict,) = undo(ada, group)["conflicts"]
    assert conflict["holder"] == {"entity": "person", "id": heir["id"], "name": "Ivo Fontaine"}
    assert "shop@mill.example" in conflict["reason"]
    assert ada.get(f"/people/{made['id']}")["emails"] == emails[:1]
    assert ada.post("/people/fetch_by_email", {"email": "shop@mill.example"})["id"] == heir["id"]


def test_the_holder_of_an_address_stays_unnamed_to_who_may_not_see_them(cuprum):
    ada, mallory = cuprum.ada, cuprum.mallory
    emails = [{"email": "iris@mill.example", "category": "work"}]
    made = mallory.post("/people", {"name": "Iris Fontaine", "emails": emails})
    group = group_of(mallory, "DELETE", f"/people/{made['id']}")
    heir = ada.post("/people", {"name": "Secret Heir", "emails": emails, "assignee_id": ada.id})
    automation(ada, "PUT", f"/people/{heir['id']}/visibility", {"visibility": "only_me"})
    undone = undo(mallory, group)
    assert undone["conflicts"][0]["holder"] is None
    assert "Secret Heir" not in str(undone)
    assert mallory.get(f"/people/{made['id']}")["emails"] == []


def test_a_domain_taken_since_names_its_holder(ada):
    made = ada.post("/companies", {"name": "Mill", "email_domain": "mill.example"})
    group = group_of(ada, "DELETE", f"/companies/{made['id']}")
    heir = ada.post("/companies", {"name": "New Mill", "email_domain": "mill.example"})
    (conflict,) = undo(ada, group)["conflicts"]
    assert (conflict["field"], conflict["holder"]["id"]) == ("email_domain", heir["id"])
    assert ada.get(f"/companies/{made['id']}")["email_domain"] is None


def test_a_stage_change_undone_is_no_longer_told_and_told_again_when_redone(ada):
    deal = ada.post("/opportunities", {"name": "Flour"})
    stages = [one["id"] for one in _stages(ada, deal["pipeline_id"])]
    group = group_of(ada, "PUT", f"/opportunities/{deal['id']}", {"pipeline_stage_id": stages[2]})
    assert len(ada.post("/activities/search", {"parent": {"id": deal["id"], "type": "opportunity"}})) == 1
    by = undo(ada, group)["group"]
    assert ada.get(f"/opportunities/{deal['id']}")["pipeline_stage_id"] == deal["pipeline_stage_id"]
    assert ada.post("/activities/search", {}) == []
    undo(ada, by)
    assert len(ada.post("/activities/search", {})) == 1


def test_a_stage_change_that_stands_is_still_told(cuprum):
    ada, grace = cuprum.ada, cuprum.grace
    deal = ada.post("/opportunities", {"name": "Flour"})
    stages = [one["id"] for one in _stages(ada, deal["pipeline_id"])]
    group = group_of(ada, "PUT", f"/opportunities/{deal['id']}", {"pipeline_stage_id": stages[2]})
    for stage in (stages[3], stages[2]):
        grace.put(f"/opportunities/{deal['id']}", {"pipeline_stage_id": stage})
    assert undo(ada, group)["conflicts"]
    assert len(ada.post("/activities/search", {})) == 3


def test_interactions_are_counted_anew(ada):
    person = ada.post("/people", {"name": "Iris Fontaine"})
    call = {"parent": {"id": person["id"], "type": "person"}, "type": {"id": 1, "category": "user"}, "details": "Rang."}
    group = group_of(ada, "POST", "/activities", call)
    assert ada.get(f"/people/{person['id']}")["interaction_count"] == 1
    by = undo(ada, group)["group"]
    present = ada.get(f"/people/{person['id']}")
    assert (present["interaction_count"], present["date_last_contacted"]) == (0, None)
    undo(ada, by)
    assert ada.get(f"/people/{person['id']}")["interaction_count"] == 1


def test_a_link_to_what_is_gone_is_named_and_not_restored(ada):
    mills = [ada.post("/companies", {"name": name}) for name in ("Old Mill", "New Mill")]
    person = ada.post("/people", {"name": "Iris", "company_id": mills[0]["id"]})
    group = group_of(ada, "PUT", f"/people/{person['id']}", {"company_id": mills[1]["id"], "title": "Miller"})
    ada.delete(f"/companies/{mills[0]['id']}")
    (conflict,) = undo(ada, group)["conflicts"]
    assert conflict["field"] == "company_id"
    present = ada.get(f"/people/{person['id']}")
    assert (present["company_id"], present["title"]) == (mills[1]["id"], None)


def test_what_was_deleted_since_is_named(cuprum):
    ada, grace = cuprum.ada, cuprum.grace
    person = grace.post("/people", {"name": "Iris"})
    group = group_of(ada, "PUT", f"/people/{person['id']}", {"title": "Miller"})
    grace.delete(f"/people/{person['id']}")
    (conflict,) = undo(ada, group)["conflicts"]
    assert (conflict["reason"], conflict["by"]["name"]) == ("was deleted since", "Grace")


def test_members_undo_what_they_did_and_admins_anything(cuprum):
    ada, grace, mallory = cuprum.ada, cuprum.grace, cuprum.mallory
    person = grace.post("/people", {"name": "Iris"})
    group = group_of(grace, "PUT", f"/people/{person['id']}", {"title": "Miller"})
    assert "admin" in automation(mallory, "POST", f"/changes/{group}/undo", status=403)["message"]
    automation(mallory, "GET", f"/changes/{group}", status=404)
    assert undo(grace, group)["undone"] == 1
    other = group_of(grace, "PUT", f"/people/{person['id']}", {"title": "Mayor"})
    assert undo(ada, other)["undone"] == 1
    automation(ada, "POST", "/changes/none/undo", status=404)


def test_groups_are_listed_newest_first_by_pages(cuprum):
    ada, grace = cuprum.ada, cuprum.grace
    for name in ("Iris", "Ivo", "Ina"):
        ada.post("/people", {"name": name})
    grace.post("/people", {"name": "Ilse"})
    first = automation(ada, "GET", "/groups?limit=3")
    assert [one["actor"]["name"] for one in first["groups"]] == ["Grace", "Ada", "Ada"]
    assert first["groups"][0] | {"id": 0, "at": 0, "via": 0} == {
        "id": 0, "at": 0, "actor": {"id": grace.id, "name": "Grace"}, "face": "api", "via": 0,
        "label": "POST /developer_api/v1/people", "counts": {"new": 1}, "undone_by": None,
    }  # fmt: skip
    rest = automation(ada, "GET", f"/groups?limit=3&before={first['next']}")
    assert (len(rest["groups"]), rest["next"]) == (1, None)
    assert [one["actor"]["name"] for one in automation(grace, "GET", "/groups")["groups"]] == ["Grace"]


def test_a_group_shows_its_entries(ada):
    company = ada.post("/companies", {"name": "Mill"})
    person = ada.post("/people", {"name": "Iris", "company_id": company["id"]})
    group = group_of(ada, "DELETE", f"/companies/{company['id']}")
    shown = automation(ada, "GET", f"/changes/{group}")
    assert shown["counts"] == {"update": 1, "delete": 1}
    assert shown["entries"][0] == {
        "entity": "person", "id": person["id"], "kind": "update",
        "before": {"company_id": company["id"]}, "after": {"company_id": None},
    }  # fmt: skip


def _stages(person, pipeline_id: int) -> list[dict[str, Any]]:
    """From the vocabulary itself: not every installation lists stages over the API."""
    state = person.client.app.state.cuprum
    vocabulary = state.database.read_now(state.vocabulary.at)
    return vocabulary.stages_of(pipeline_id)


def test_somebody_at_the_machine_undoes_any_group_under_nobodys_name(cuprum):
    person = cuprum.grace.post("/people", {"name": "Iris"})
    group = group_of(cuprum.grace, "PUT", f"/people/{person['id']}", {"title": "Miller"})
    undone = undo_at_the_machine(cuprum.database, group)
    assert (undone.count, undone.conflicts) == (1, [])
    shown = automation(cuprum.ada, "GET", f"/changes/{undone.group}")
    assert (shown["actor"], shown["face"], shown["label"]) == (
        None,
        "cli",
        f"Undo of PUT /developer_api/v1/people/{person['id']}",
    )


def test_a_long_undo_goes_on_in_short_transactions_as_one_group(cuprum, monkeypatch):
    ada = cuprum.ada
    company = ada.post("/companies", {"name": "Mill"})
    people = [ada.post("/people", {"name": f"Iris {number}", "company_id": company["id"]}) for number in range(25)]
    group = group_of(ada, "DELETE", f"/companies/{company['id']}")
    monkeypatch.setattr(pace, "LONGEST_SECONDS", 0.005)
    parts = []
    began = undo_module.undo_part
    monkeypatch.setattr(changes, "undo_part", lambda work, *further: parts.append(work) or began(work, *further))
    undone = undo(ada, group)
    assert (undone["undone"], undone["conflicts"], len(parts) > 2) == (26, [], True)
    assert automation(ada, "GET", f"/changes/{undone['group']}")["counts"] == {"restore": 1, "update": 25}
    assert all(ada.get(f"/people/{one['id']}")["company_id"] == company["id"] for one in people)
