"""What only leads can do: upsert and convert."""

from typing import Any

from . import records
from .contract import ENTITIES
from .state import Record, Refusal, State, invalid, unknown_keys
from .validate import integer

LEAD = ENTITIES["lead"]


def upsert(state: State, body: Any) -> tuple[Record, str]:
    """The lead and what happened to it: new or update."""
    if unknown := set(body) - {"properties", "match"}:
        raise unknown_keys(unknown)
    wanted = body.get("match") or {}
    found = [lead for lead in state.records["lead"].values() if not lead["converted_at"] and is_match(lead, wanted)]
    if len(found) > 1:
        message = "Invalid input: Validation errors: Base: several leads match"
        ids = {"ids": [lead["id"] for lead in found]} if len(found) <= 30 else {}
        raise Refusal(422, {"success": False, "status": 422, "message": message, **ids})
    if found:
        return records.update(state, LEAD, found[0]["id"], body.get("properties") or {})[0], "update"
    return records.create(state, LEAD, body.get("properties") or {}), "new"


def is_match(lead: Record, wanted: Record) -> bool:
    value = wanted.get("field_value")
    match wanted.get("field_name"):
        case "name":
            return str(lead["name"]).lower() == str(value).lower()
        case "email":
            return bool(lead["email"]) and lead["email"]["email"].lower() == str(value).lower()
        case "custom" if isinstance(value, dict):
            return lead["custom_fields"].get(integer(value["custom_field_definition_id"])) == value["value"]
    raise invalid("Match: field_name must be name, email or custom")


def convert(state: State, user: Record, lead_id: int, body: Any) -> Record:
    lead = records.find(state, LEAD, lead_id)
    details = body.get("details") or {}
    if unknown := set(body) - {"details"}:
        raise unknown_keys(unknown)
    made: Record = {}
    company = company_for(state, lead, details.get("company"))
    person = person_for(state, lead, details.get("person") or {}, company)
    made["person"] = person
    if company:
        made["company"] = company
    if details.get("opportunity"):
        given = {"primary_contact_id": person["id"], "company_id": company["id"] if company else None}
        made["opportunity"] = records.create(state, ENTITIES["opportunity"], given | details["opportunity"])
        lead["converted_opportunity_id"] = made["opportunity"]["id"]
    lead["converted_contact_id"], lead["converted_at"] = person["id"], state.now()
    lead["date_modified"] = state.now()
    person["leads_converted_from"].append(lead_id)
    person["date_lead_created"] = lead["date_created"]
    return made


def company_for(state: State, lead: Record, wanted: Record | None) -> Record | None:
    if wanted is None:
        return records.company_named(state, lead["company_name"]) if lead["company_name"] else None
    if wanted.get("id"):
        return records.find(state, ENTITIES["company"], integer(wanted["id"]) or 0)
    return records.company_named(state, wanted["name"]) if wanted.get("name") else None


def person_for(state: State, lead: Record, wanted: Record, company: Record | None) -> Record:
    email = (lead["email"] or {}).get("email", "").lower()
    for person in state.records["person"].values():
        if email and any(one["email"].lower() == email for one in person["emails"]):
            return person
    body: Record = {"name": lead["name"], "company_id": company["id"] if company else None}
    body["emails"] = [lead["email"]] if lead["email"] else []
    return records.create(state, ENTITIES["person"], body | {k: v for k, v in wanted.items() if v is not None})
