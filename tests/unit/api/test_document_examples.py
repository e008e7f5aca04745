"""Every JSON example of `copper-api/part1.md` and `part2.md`: the request is taken, the answer has the fields, their order and
their types. Ids that the documents invented are those of records that are there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from installation import Person

ADDRESS = {"street": "9 Rua do Sol", "city": "Porto", "state": None, "postal_code": "4050-001", "country": "PT"}
WORK = {"email": "ada@quill.example", "category": "work"}
MOBILE = {"number": "+351 220 000 111", "category": "mobile"}
SITE = {"url": "https://quill.example", "category": "work"}
MOMENT = 1767312000
LEAD = {
    "id": 1, "name": "Ada Quill", "prefix": None, "first_name": "Ada", "last_name": "Quill", "middle_name": None,
    "suffix": None, "address": ADDRESS, "assignee_id": 301, "company_name": "Quill & Sons", "customer_source_id": 812,
    "details": None, "email": WORK, "interaction_count": 0, "monetary_unit": "EUR", "monetary_value": 1800,
    "converted_unit": "EUR", "converted_value": 1800, "socials": [], "status": "New", "status_id": 5501,
    "tags": ["fair-2026"], "title": "Owner", "websites": [SITE], "phone_numbers": [MOBILE],
    "custom_fields": [{"custom_field_definition_id": 9002, "value": [31]}, {"custom_field_definition_id": 9003, "value": None}],
    "date_created": MOMENT, "date_modified": MOMENT, "date_last_contacted": None,
    "converted_opportunity_id": None, "converted_contact_id": None, "converted_at": None,
}  # fmt: skip
PERSON = {
    "id": 1, "name": "Ada Quill", "prefix": None, "first_name": "Ada", "middle_name": None, "last_name": "Quill",
    "suffix": None, "address": {"street": None, "city": "Porto", "state": None, "postal_code": None, "country": "PT"},
    "assignee_id": None, "company_id": 1, "company_name": "Quill & Sons", "contact_type_id": 1203, "details": None,
    "emails": [WORK], "phone_numbers": [MOBILE], "socials": [], "tags": [], "title": "Owner", "websites": [],
    "custom_fields": [{"custom_field_definition_id": 9003, "value": None}], "date_created": MOMENT, "date_modified": MOMENT,
    "date_last_contacted": None, "interaction_count": 0, "leads_converted_from": [], "date_lead_created": None,
}  # fmt: skip
COMPANY = {
    "id": 1, "name": "Quill & Sons", "address": None, "assignee_id": None, "contact_type_id": None, "details": None,
    "email_domain": None, "phone_numbers": [], "primary_contact_id": None, "socials": [], "tags": [], "websites": [],
    "custom_fields": [], "interaction_count": 0, "date_created": MOMENT, "date_modified": MOMENT,
}  # fmt: skip
OPPORTUNITY = {
    "id": 1, "name": "Roof refit 2027", "assignee_id": None, "close_date": "3/31/2027", "company_id": 3301,
    "company_name": "Acme Roofing", "customer_source_id": 512, "details": None, "loss_reason_id": None, "pipeline_id": 40,
    "pipeline_is_revenue": True, "pipeline_stage_id": 401, "pipeline_type": "opportunity", "primary_contact_id": 88123,
    "priority": "High", "status": "Open", "tags": ["q1"], "interaction_count": 0, "monetary_unit": "USD",
    "monetary_value": 12500.0, "converted_unit": None, "converted_value": None, "win_probability": 10,
    "date_stage_changed": MOMENT, "date_last_contacted": None, "leads_converted_from": [], "date_lead_created": None,
    "date_created": MOMENT, "date_modified": MOMENT,
    "custom_fields": [{"custom_field_definition_id": 9001, "value": 77001}, {"custom_field_definition_id": 9002, "value": None}],
}  # fmt: skip
PROJECT = {
    "id": 16001, "name": "Kick-off", "related_resource": None, "assignee_id": None, "status": "Open", "details": None,
    "tags": [], "custom_fields": [], "date_created": MOMENT, "date_modified": MOMENT,
}  # fmt: skip
TASK = {
    "id": 54001, "name": "Call back", "related_resource": {"id": 16001, "type": "project"}, "assignee_id": 55,
    "due_date": 1790100000, "reminder_date": None, "completed_date": None, "priority": "None", "status": "Open",
    "details": "bring figures", "tags": [], "custom_fields": [], "date_created": MOMENT, "date_modified": MOMENT,
    "custom_activity_type_id": 3,
}  # fmt: skip
ACTIVITY = {
    "id": 12500000001, "parent": {"id": 88123, "type": "person"}, "type": {"id": 0, "category": "user"}, "user_id": 55,
    "details": "Left a voicemail", "activity_date": MOMENT, "old_value": None, "new_value": None, "date_created": MOMENT,
    "date_modified": MOMENT,
}  # fmt: skip
TAG = {
    "name": "q1", "count": 5, "count_people": 1, "count_leads": 1, "count_companies": 1, "count_opportunities": 1,
    "count_projects": 1, "count_tasks": 0,
}  # fmt: skip
HOOK = {
    "id": 18240, "target": "https://example.org/hook", "type": "lead", "event": "update",
    "secret": {"secret": "s3", "key": "k"}, "headers": {"X-Hook": "abc"}, "custom_field_computed_values": True,
    "created_at": MOMENT,
}  # fmt: skip
TYPE = {"id": 0, "category": "user", "name": "Note", "is_disabled": False, "count_as_interaction": False}
CUSTOM_TYPE = {
    "id": 31, "company_id": 900, "icon_type": "Phone", "is_disabled": False, "is_interaction": False, "name": "Site visit",
    "is_default_task_type": None,
}  # fmt: skip


@dataclass
class World:
    """The account that the examples speak of."""

    ada: Person
    option: dict[str, int] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)

    def field(self, name: str, **more: Any) -> None:
        made = self.ada.post("/custom_field_definitions", {"name": name, **more})
        self.ids[name] = made["id"]
        self.option |= {one["name"]: one["id"] for one in made.get("options", ())}

    def value(self, name: str, value: Any) -> dict[str, Any]:
        return {"custom_field_definition_id": self.ids[name], "value": value}


@pytest.fixture
def world(ada: Person) -> World:
    made = World(ada)
    made.field("Fairs", data_type="MultiSelect", available_on=["lead"], options=[{"name": "Porto"}, {"name": "Lisbon"}])
    made.field("Notes", data_type="String", available_on=["lead", "person"])
    made.field("Region", data_type="Dropdown", available_on=["opportunity"], options=[{"name": "North"}])
    made.field("Size", data_type="Float", available_on=["opportunity"])
    made.field("Since", data_type="Date", available_on=["lead"])
    return made


def test_part_1(world: World):
    ada = world.ada
    account = {"setting_team_permissions_enabled": False, "setting_enable_leads": True}
    shown(
        ada.get("/account"), {"id": 70211, "name": "Harbor Lane Studio", "primary_timezone": "Europe/Lisbon", "settings": account}
    )
    user = {"id": 301, "name": "Ines Duarte", "email": "ines@harborlane.example", "groups": [{"id": 4, "name": "Sales"}]}
    shown(ada.post("/users/search"), [user])
    body = {
        "name": "Ada Quill", "email": WORK, "phone_numbers": [MOBILE], "customer_source_id": 1,
        "address": {key: value for key, value in ADDRESS.items() if key != "state"},
        "custom_fields": [world.value("Fairs", [world.option["Porto"]])],
    }  # fmt: skip
    lead = ada.post("/leads", body)
    more = {"assignee_id": ada.id, "company_name": "Quill & Sons", "monetary_value": 1800, "tags": ["fair-2026"],
            "title": "Owner", "websites": [SITE]}  # fmt: skip
    shown(lead, LEAD)
    assert shown(ada.put(f"/leads/{lead['id']}", more), LEAD)["monetary_value"] == 1800
    shown(ada.get(f"/leads/{lead['id']}"), LEAD)
    search = {"page_number": 1, "page_size": 100, "sort_by": "date_modified", "sort_direction": "desc", "status_ids": [1, 2],
              "assignee_ids": [-2], "minimum_modified_date": 1767225600}  # fmt: skip
    assert ada.post("/leads/search", search) == []
    assert [one["id"] for one in ada.post("/leads/search", {**search, "assignee_ids": [ada.id]})] == [lead["id"]]
    by_fields = [
        {"custom_field_definition_id": world.ids["Since"], "minimum_value": 1767225600, "maximum_value": 1769904000},
        {"custom_field_definition_id": world.ids["Fairs"], "value": [world.option["Porto"], world.option["Lisbon"]],
         "option": "ANY", "allow_empty": True},
    ]  # fmt: skip
    assert ada.post("/leads/search", {"page_size": 50, "custom_fields": by_fields}) == []
    assert len(ada.post("/leads/search", {"page_size": 50, "custom_fields": by_fields[1:]})) == 1
    properties = {"name": "Ada Quill", "email": WORK, "tags": ["web"]}
    upserted = ada.put(
        "/leads/upsert", {"properties": properties, "match": {"field_name": "email", "field_value": WORK["email"]}}
    )
    assert shown(upserted, LEAD)["id"] == lead["id"]
    details = {
        "person": {"name": "Ada Quill"}, "company": {"name": "Quill & Sons", "exact_match": True},
        "opportunity": {"name": "Shelving", "pipeline_id": 1, "pipeline_stage_id": 1, "monetary_value": 1800},
    }  # fmt: skip
    converted = ada.post(f"/leads/{lead['id']}/convert", {"details": details})
    person = shown(converted, {"person": PERSON, "company": COMPANY, "opportunity": OPPORTUNITY})["person"]
    assert converted["opportunity"]["primary_contact_id"] == person["id"]
    assert converted["opportunity"]["company_id"] == converted["company"]["id"] == person["company_id"]
    shown(ada.post("/people/fetch_by_email", {"email": WORK["email"]}), PERSON)
    assert shown(ada.post("/companies", {"name": "Quill & Daughters"}), COMPANY)["date_created"]
    status = [{"id": 5501, "name": "New", "order": 1, "is_default": True}]
    assert [one["order"] for one in shown(ada.get("/lead_statuses"), status)] == [1, 2, 3, 4]
    for words in ("customer_sources", "contact_types", "loss_reasons"):
        shown(ada.get(f"/{words}"), [{"id": 1, "name": "Email"}])
    note = {"parent": {"type": "person", "id": person["id"]}, "type": {"category": "user", "id": 0}, "details": "Called"}
    ada.post("/activities", note)
    shown(ada.post(f"/people/{person['id']}/activities", {}), [ACTIVITY])
    assert ada.delete(f"/people/{person['id']}") == {"id": person["id"], "is_deleted": True}


def test_the_refusals_of_part_1(ada: Person):
    assert refusal(ada, "POST", "/companies", {"name": ""}) == (
        422, {"success": False, "status": 422, "message": "Invalid input: Validation errors: Name: can't be blank"}
    )  # fmt: skip
    assert refusal(ada, "POST", "/projects/search", {"pageSize": 1})[1]["message"] == (
        "Invalid input: Validation errors: Base: Unrecognized attributes specified: pageSize"
    )
    assert refusal(ada, "POST", "/webhooks", {"target": "https://x.example", "event": "new", "url": ""})[1]["message"] == (
        "Invalid input: Validation errors: Base: Unrecognized attributes specified: url\nType: can't be blank"
    )
    assert refusal(ada, "POST", "/people", {"name": "A", "company_id": "test"})[1]["message"] == (
        "Invalid input: Validation errors: Company Id: Invalid value for Company Id: IDs must be positive integers: test"
    )
    assert refusal(ada, "GET", "/people") == (404, {"error": "not_found"})
    missing = (404, {"success": False, "status": 404, "message": "Resource not found"})
    assert (
        refusal(ada, "GET", "/people/999999")
        == refusal(ada, "POST", "/people/fetch_by_email", {"email": "x@y.example"})
        == missing
    )
    too_many = (422, {"error": "Request size too large, limit is 10"})
    assert refusal(ada, "POST", "/leads/bulk_create", {"leads": [{"name": "x"}] * 11}) == too_many
    blank = {"success": False, "message": {"name": [{"error": "blank"}]}}
    assert ada.post("/leads/bulk_create", {"leads": [{"name": ""}]}) == [blank]
    lead = ada.post("/leads", {"name": "Ada"})["id"]
    assert ada.post("/leads/bulk_update", {"leads": [{"id": lead, "name": ""}]}) == [{**blank, "id": lead}]


def test_part_2(world: World):
    ada = world.ada
    company = ada.post("/companies", {"name": "Acme Roofing"})["id"]
    person = ada.post("/people", {"name": "Rufus", "company_id": company})["id"]
    body = {
        "name": "Roof refit 2027", "primary_contact_id": person, "customer_source_id": 1, "pipeline_id": 1,
        "pipeline_stage_id": 1, "monetary_value": 12500, "close_date": "03/31/2027", "priority": "High", "tags": ["q1"],
        "custom_fields": [world.value("Region", world.option["North"])],
    }  # fmt: skip
    deal = shown(ada.post("/opportunities", body), OPPORTUNITY)
    assert (deal["close_date"], deal["company_name"], deal["priority"]) == ("3/31/2027", "Acme Roofing", "High")
    assert '"monetary_value":12500.0' in ada.call("GET", f"/opportunities/{deal['id']}").text
    project = shown(ada.post("/projects", {"name": "Kick-off"}), PROJECT)["id"]
    task = {
        "name": "Call back", "related_resource": {"id": project, "type": "project"}, "assignee_id": ada.id,
        "due_date": 1790100000, "reminder_date": None, "priority": "None", "status": "Open", "details": "bring figures",
        "tags": [], "custom_fields": [],
    }  # fmt: skip
    made = shown(ada.post("/tasks", task), TASK)
    assert {key: made[key] for key in task} == task
    assert ada.post("/tasks", {"name": "Alone"})["related_resource"] == {"id": None, "type": None}
    note = {"parent": {"type": "person", "id": person}, "type": {"category": "user", "id": 0}, "details": "Left a voicemail"}
    activity = shown(ada.post("/activities", note), ACTIVITY)
    assert ada.delete(f"/activities/{activity['id']}") == ada.get(f"/activities/{activity['id']}")
    types = shown(ada.get("/activity_types"), {"user": [TYPE], "system": [{**TYPE, "id": 1, "category": "system"}]})
    assert types["user"][0] == TYPE
    shown(ada.post("/custom_activity_types", {"name": "Site visit", "icon_type": "Phone"}), CUSTOM_TYPE)
    added = {"resource": {"id": deal["id"], "type": "opportunity"}}
    assert ada.post(f"/projects/{project}/related", added) == {"added": True, **added}
    assert ada.get(f"/projects/{project}/related") == [added["resource"], {"id": made["id"], "type": "task"}]
    assert ada.get(f"/opportunities/{deal['id']}/related/projects") == [{"id": project, "type": "project"}]
    assert ada.delete(f"/projects/{project}/related", added) == {"removed": True, **added}
    unrelated = refusal(ada, "DELETE", f"/projects/{project}/related", added)[1]["message"]
    assert unrelated == "Invalid request: Resources are not related"
    region = {"name": "Area", "data_type": "Dropdown", "available_on": ["lead", "person"]}
    options = [{"id": 77001, "name": "North", "rank": 0}, {"id": 77002, "name": "South", "rank": 1}]
    definition = ada.post("/custom_field_definitions", {**region, "options": [{"name": "North"}, {"name": "South"}]})
    # `is_filterable` is younger than the example, and the table has it.
    assert definition.pop("is_filterable") is True
    shown(definition, {"id": 9001, "name": "Area", "canonical_name": None, **_types_of(region), "options": options})
    stage = {"id": 401, "name": "Qualified", "win_probability": 5}
    shown(ada.get("/pipelines"), [{"id": 40, "name": "Sales", "stages": [stage], "type": "opportunity", "is_revenue": True}])
    for path in ("/pipeline_stages", "/pipeline_stages/pipeline/1"):
        shown(ada.get(path), [{"id": 401, "name": "Qualified", "pipeline_id": 40, "win_probability": 5}])
    assert shown(ada.get("/tags"), [TAG])[0]["name"] == "q1"
    assert ada.get("/tags?tag_names_only=true") == ["q1"]
    asked = {key: HOOK[key] for key in ("target", "type", "event", "secret", "headers", "custom_field_computed_values")}
    hook = shown(ada.post("/webhooks", asked), HOOK)
    assert {key: hook[key] for key in asked} == asked
    assert ada.delete(f"/webhooks/{hook['id']}") == {"id": hook["id"]}
    invalid = refusal(ada, "POST", "/webhooks", {**asked, "target": "no address"})[1]["message"]
    assert invalid == "Invalid input: Invalid URI For External Request"


def _types_of(region: dict[str, Any]) -> dict[str, Any]:
    return {key: region[key] for key in ("data_type", "available_on")}


def refusal(person: Person, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    answer = person.call(method, path, body)
    return answer.status_code, answer.json()


def shown(answer: Any, example: Any, where: str = "") -> Any:
    """The answer, once it has the keys of the example, in its order, and its types; what is null may be anything."""
    if isinstance(example, dict) and example and isinstance(answer, dict):
        assert list(answer) == list(example) or where.endswith((".secret", ".headers")), f"{where}: {list(answer)}"
        for key in example:
            shown(answer[key], example[key], f"{where}.{key}")
    elif isinstance(example, list) and isinstance(answer, list):
        for one in answer if example and not where.endswith("custom_fields") else []:
            shown(one, example[0], f"{where}[]")
        if where.endswith("custom_fields"):
            assert all(list(one) == ["custom_field_definition_id", "value"] for one in answer), where
    elif example is not None and answer is not None:
        assert type(answer) is type(example), f"{where}: {answer!r} is no {type(example).__name__}"
    return answer
