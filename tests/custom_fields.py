"""An account with one custom field of each type, for tests: define them, write values, read them back."""

from __future__ import annotations

from typing import Any

from installation import Person

ENTITIES = {
    "lead": "leads",
    "person": "people",
    "company": "companies",
    "opportunity": "opportunities",
    "project": "projects",
    "task": "tasks",
}
DATA_TYPES = ("String", "Text", "Dropdown", "MultiSelect", "Date", "Checkbox", "Float", "URL", "Percentage", "Currency")


def define(person: Person, data_type: str, *options: str, **further: Any) -> dict[str, Any]:
    """A field named after its type, on every kind of record, with the options named."""
    body = {"name": data_type, "data_type": data_type, "available_on": list(ENTITIES), **further}
    if data_type in ("Dropdown", "MultiSelect"):
        body["options"] = [{"name": name} for name in options or ("North", "South", "West")]
    return person.post("/custom_field_definitions", body)


def option_ids(definition: dict[str, Any]) -> list[int]:
    return [option["id"] for option in definition["options"]]


def create(person: Person, entity: str, values: dict[int, Any], query: str = "") -> dict[str, Any]:
    body: dict[str, Any] = {"name": "Quill", "custom_fields": entries(values)}
    if entity == "opportunity":
        body["primary_contact_id"] = person.post("/people", {"name": "Contact"})["id"]
    return person.post(f"/{ENTITIES[entity]}{query}", body)


def entries(values: dict[int, Any]) -> list[dict[str, Any]]:
    return [{"custom_field_definition_id": definition, "value": value} for definition, value in values.items()]


def values_of(record: dict[str, Any], key: str = "value") -> dict[int, Any]:
    return {one["custom_field_definition_id"]: one[key] for one in record["custom_fields"]}
