"""Related items (`copper-api/part2.md §5`)."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from cuprum.entities import BY_PLURAL
from cuprum.kit import jsonio
from cuprum.storage.event_tables import change
from cuprum.storage.tables import TABLES

PAIRS = [
    (record.plural, other)
    for record in BY_PLURAL.values()
    for other in BY_PLURAL.values()
    if other.entity in record.relates_to
]  # fmt: skip


def _new(who, plural, **values):
    record_id = who.post(f"/{plural}", {"name": "X", **values})["id"]
    return f"/{plural}/{record_id}/related", {"id": record_id, "type": BY_PLURAL[plural].entity}


def _logged(cuprum):
    rows = cuprum.database.read_now(lambda at: at.execute(select(change).order_by(change.c.seq)).all())
    return [(row.entity, row.record_id, row.kind, jsonio.decode(row.before), jsonio.decode(row.after)) for row in rows]


@pytest.mark.parametrize(("plural", "other"), PAIRS, ids=lambda one: one if isinstance(one, str) else one.plural)
def test_related_records_show_from_both_ends_until_they_are_parted(ada, plural, other):
    near, this = _new(ada, plural)
    far, that = _new(ada, other.plural)
    assert ada.get(near) == []
    assert ada.post(near, {"resource": that}) == {"added": True, "resource": that}
    assert (ada.get(near), ada.get(far)) == ([that], [this])
    assert (ada.get(f"{near}/{other.plural}"), ada.get(f"{far}/{plural}")) == ([that], [this])
    assert ada.delete(far, {"resource": this}) == {"removed": True, "resource": this}
    assert (ada.get(near), ada.get(far)) == ([], [])


def test_relating_twice_is_relating_once(ada):
    near, _ = _new(ada, "companies")
    _, project = _new(ada, "projects")
    for _ in range(2):
        assert ada.post(near, {"resource": project})["added"]
    assert ada.get(near) == [project]


def test_types_can_be_listed_alone(ada):
    near, _ = _new(ada, "people")
    for plural in ("opportunities", "projects"):
        ada.post(near, {"resource": _new(ada, plural)[1]})
    assert [one["type"] for one in ada.get(near)] == ["opportunity", "project"]
    assert [one["type"] for one in ada.get(f"{near}/projects")] == ["project"]
    assert ada.get(f"{near}/leads") == []
    assert ada.get(f"{near}/") == ada.get(near)
    assert ada.refused("GET", f"{near}/shoes", status=404) == "not_found"


def test_a_persons_company_is_their_related_company(ada):
    at, company = _new(ada, "companies")
    near, person = _new(ada, "people", company_id=company["id"])
    assert (ada.get(near), ada.get(at)) == ([company], [person])
    ada.delete(near, {"resource": company})
    assert ada.get(f"/people/{person['id']}")["company_id"] is None
    ada.post(at, {"resource": person})
    assert ada.get(f"/people/{person['id']}")["company_id"] == company["id"]


def test_a_person_has_one_company_at_most(ada):
    near, person = _new(ada, "people", company_id=_new(ada, "companies")[1]["id"])
    at, another = _new(ada, "companies")
    reason = f"Invalid request: The person {person['id']} can be related to 1 company at most"
    assert ada.refused("POST", near, {"resource": another}) == reason
    assert ada.refused("POST", at, {"resource": person}) == reason


def test_an_opportunitys_contact_and_company_are_related(ada):
    (_, person), (_, company) = _new(ada, "people"), _new(ada, "companies")
    near, deal = _new(ada, "opportunities", primary_contact_id=person["id"], company_id=company["id"])
    assert ada.get(near) == [company, person]
    further = _new(ada, "people")[1]
    ada.post(near, {"resource": further})
    assert ada.get(f"{near}/people") == [person, further]
    ada.delete(near, {"resource": person})
    ada.delete(near, {"resource": company})
    read = ada.get(f"/opportunities/{deal['id']}")
    assert (read["primary_contact_id"], read["company_id"], ada.get(near)) == (None, None, [further])


def test_a_task_is_related_to_what_it_is_about_and_to_nothing_else(ada):
    _, lead = _new(ada, "leads")
    near, task = _new(ada, "tasks", related_resource=lead)
    assert ada.get(near) == [lead]
    _, person = _new(ada, "people")
    assert ada.refused("POST", near, {"resource": person}) == (
        f"Invalid request: The task {task['id']} can be related to one record at most"
    )
    ada.delete(near, {"resource": lead})
    ada.post(f"/people/{person['id']}/related", {"resource": task})
    assert ada.get(f"/tasks/{task['id']}")["related_resource"] == person


def test_what_a_project_is_about_is_related_too(ada):
    _, company = _new(ada, "companies")
    near, project = _new(ada, "projects", related_resource=company)
    _, person = _new(ada, "people")
    ada.post(near, {"resource": person})
    assert ada.get(near) == [company, person]
    ada.delete(near, {"resource": company})
    assert ada.get(f"/projects/{project['id']}")["related_resource"] is None


def test_what_is_not_related_cannot_be_parted(ada):
    near, _ = _new(ada, "people")
    message = ada.refused("DELETE", near, {"resource": _new(ada, "projects")[1]})
    assert message == "Invalid request: Resources are not related"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "Resource: can't be blank"),
        ({"resource": {"id": 1, "type": "person"}}, "Resource: type must be one of company, opportunity, task, project"),
        ({"resource": {"id": "x", "type": "task"}}, "Resource: Invalid value for Id: IDs must be positive integers: x"),
        ({"resource": {"id": 1, "type": "task"}, "kind": 1}, "Base: Unrecognized attributes specified: kind"),
        ({"resource": [1]}, 'Resource: must be an object with "id" and "type"'),
    ],
)
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_what_names_no_record_is_refused(ada, method, body, reason):
    near, _ = _new(ada, "people")
    assert ada.refused(method, near, body) == f"Invalid input: Validation errors: {reason}"


def test_both_ends_must_be_there(ada):
    near, person = _new(ada, "people")
    for method, path, resource in (
        ("GET", "/people/999/related", None),
        ("POST", "/people/999/related", {"id": person["id"], "type": "project"}),
        ("POST", near, {"id": 999, "type": "project"}),
        ("DELETE", near, {"id": 999, "type": "project"}),
    ):
        body = {"resource": resource} if resource else None
        assert ada.refused(method, path, body, 404) == "Resource not found"


def test_nobody_learns_of_what_they_may_not_see(cuprum, ada):
    near, _ = _new(ada, "people")
    hidden, project = _new(ada, "projects", assignee_id=ada.id)
    ada.post(near, {"resource": project})
    cuprum.database.write_now(lambda at: at.execute(update(TABLES["project"]).values(visibility=3)))
    assert cuprum.mallory.get(near) == []
    assert cuprum.mallory.refused("GET", hidden, status=404) == "Resource not found"
    assert cuprum.mallory.refused("DELETE", near, {"resource": project}, 404) == "Resource not found"
    assert cuprum.mallory.refused("POST", near, {"resource": project}, 404) == "Resource not found"
    assert ada.get(near) == [project]


def test_a_converted_lead_is_related_to_nothing(ada):
    near, lead = _new(ada, "leads")
    ada.post(f"/leads/{lead['id']}/convert", {})
    assert ada.refused("GET", near, status=404) == "Resource not found"


def test_relating_and_parting_are_in_the_log(cuprum, ada):
    near, person = _new(ada, "people")
    _, deal = _new(ada, "opportunities")
    before = len(_logged(cuprum))
    for method in ("POST", "POST", "DELETE"):
        assert ada.call(method, near, {"resource": deal}).status_code == 200
    row = {"entity": "opportunity", "record_id": deal["id"], "other_entity": "person", "other_id": person["id"]}
    (*added, whole), (*removed, whole_again, nothing) = _logged(cuprum)[before:]
    assert (added, removed, nothing) == (["relation", deal["id"], "new", {}], ["relation", deal["id"], "delete"], {})
    assert whole == whole_again == row | {"date_created": whole["date_created"]}


def test_relating_can_be_undone(ada):
    near, _ = _new(ada, "people")
    _, deal = _new(ada, "opportunities")
    _, company = _new(ada, "companies")
    for resource in (deal, company):
        group = ada.call("POST", near, {"resource": resource}).headers["X-Cuprum-Group"]
        assert ada.client.post(f"/automation/v1/changes/{group}/undo", headers=ada.headers).status_code == 200
        assert ada.get(near) == []


def test_relating_by_a_field_is_an_update_in_the_log(cuprum, ada):
    near, person = _new(ada, "people")
    _, company = _new(ada, "companies")
    ada.post(near, {"resource": company})
    assert _logged(cuprum)[-1] == ("person", person["id"], "update", {"company_id": None}, {"company_id": company["id"]})
