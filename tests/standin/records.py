"""Create, read, update, delete of one record, as the stand-in keeps it and as the wire shows it."""

import copy
from typing import Any

from .contract import ENTITIES, Entity
from .state import Record, State, invalid, refuse
from .validate import body_for, custom_out


def create(state: State, entity: Entity, body: Any) -> Record:
    taken = body_for(state, entity, body, creating=True)
    check_unique(state, entity, taken, None)
    now = state.now()
    record = copy.deepcopy(entity.defaults) | {"custom_fields": {}}
    record |= {"id": state.new_id(), "date_created": now, "date_modified": now}
    set_defaults(state, entity, record, taken)
    write(state, entity, record, taken)
    state.records[entity.name][record["id"]] = record
    return record


def set_defaults(state: State, entity: Entity, record: Record, taken: Record) -> None:
    match entity.name:
        case "lead":
            record["status_id"] = next(one["id"] for one in state.lead_statuses if one["is_default"])
        case "person":
            record["contact_type_id"] = next(one["id"] for one in state.contact_types if one["name"] == "Uncategorized")
        case "opportunity":
            pipeline = next((one for one in state.pipelines if one["id"] == taken.get("pipeline_id")), state.pipelines[0])
            record["pipeline_id"] = pipeline["id"]
            record["pipeline_stage_id"] = pipeline["stages"][0]["id"]
            record["win_probability"] = pipeline["stages"][0]["win_probability"]
            record["date_stage_changed"] = state.now()
            contact = state.records["person"].get(taken.get("primary_contact_id") or 0)
            if contact and "company_id" not in taken:
                record["company_id"] = contact["company_id"]


def find(state: State, entity: Entity, record_id: int) -> Record:
    record = state.records[entity.name].get(record_id)
    if record is None or record.get("converted_at"):
        raise refuse(404, "Resource not found")
    return record


def update(state: State, entity: Entity, record_id: int, body: Any) -> tuple[Record, Record]:
    """The record afterwards and the attributes that changed, as {attribute: [old, new]}."""
    record = find(state, entity, record_id)
    taken = body_for(state, entity, body, creating=False)
    check_unique(state, entity, taken, record_id)
    before = copy.deepcopy(record)
    write(state, entity, record, taken)
    changed = {key: [before[key], record[key]] for key in taken if before.get(key) != record.get(key)}
    if changed:
        record["date_modified"] = state.now()
    return record, changed


def write(state: State, entity: Entity, record: Record, taken: Record) -> None:
    custom = taken.get("custom_fields")
    record.update({key: value for key, value in taken.items() if key != "custom_fields"})
    if custom is not None:
        record["custom_fields"] = record["custom_fields"] | custom
    match entity.name:
        case "lead" | "person" if "name" in taken:
            first, _, last = taken["name"].strip().rpartition(" ")
            record["first_name"], record["last_name"] = (first or last, last if first else None)
        case "task" if "status" in taken:
            record["completed_date"] = state.now() if taken["status"] == "Completed" else None
        case "task" | "project" if "related_resource" in taken and not taken["related_resource"]:
            record["related_resource"] = copy.deepcopy(entity.defaults["related_resource"])
        case "opportunity" if "pipeline_stage_id" in taken:
            stage = next((one for one in state.stages() if one["id"] == taken["pipeline_stage_id"]), None)
            if stage is None or stage["pipeline_id"] != record["pipeline_id"]:
                raise invalid("Pipeline Stage: is not a stage of the pipeline")
            record["date_stage_changed"] = state.now()
    if entity.name == "person" and taken.get("company_name") and not taken.get("company_id"):
        record["company_id"] = company_named(state, taken["company_name"])["id"]


def company_named(state: State, name: str) -> Record:
    found = next((one for one in state.records["company"].values() if one["name"].lower() == name.lower()), None)
    return found or create(state, ENTITIES["company"], {"name": name})


def check_unique(state: State, entity: Entity, taken: Record, record_id: int | None) -> None:
    """A person's address and a company's domain are unique over all."""
    others = [one for key, one in state.records[entity.name].items() if key != record_id]
    if entity.name == "person":
        held = {email["email"].lower() for one in others for email in one["emails"]}
        for email in taken.get("emails") or ():
            if str(email.get("email")).lower() in held:
                raise invalid(f"Emails: {email['email']} is already in use")
    domain = taken.get("email_domain")
    if entity.name == "company" and domain and any(one["email_domain"] == domain for one in others):
        raise invalid("Email Domain: has already been taken")


def delete(state: State, entity: Entity, record_id: int) -> Record:
    find(state, entity, record_id)
    del state.records[entity.name][record_id]
    state.related = {pair for pair in state.related if (entity.name, record_id) not in pair}
    return {"id": record_id, "is_deleted": True}


def wire(state: State, entity: Entity, record: Record, computed: bool = False) -> Record:
    """The record as the API answers it: joined names and every custom field."""
    out = copy.deepcopy(record)
    out["custom_fields"] = custom_out(state, entity.name, record["custom_fields"], computed)
    if entity.name == "lead":
        out["status"] = next((one["name"] for one in state.lead_statuses if one["id"] == record["status_id"]), "")
    if entity.name in ("person", "opportunity"):
        company = state.records["company"].get(record["company_id"] or 0)
        out["company_name"] = company["name"] if company else None
    return out
