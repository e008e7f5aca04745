"""Custom field definitions (`copper-api/part2.md §6.1 to §6.3`)."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from cuprum.api.call import Call
from cuprum.api.desk import reads, writes
from cuprum.api.openapi.custom_fields import DEFINITION, DEFINITION_CHANGE, NEW_DEFINITION, WRITTEN_DEFINITION
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import DELETED, listed
from cuprum.api.openapi.shared import WRITTEN
from cuprum.kit.errors import NotFound
from cuprum.records import custom_fields
from cuprum.records.custom_field_draft import LEAST_OPTIONS
from cuprum.records.vocabulary import Definition
from cuprum.records.work import Work


@declares(id="listCustomFieldDefinitions", summary="List the custom fields", tag="Custom fields", answer=listed(DEFINITION))
def every(work: Work, call: Call) -> Any:
    return [_wire(definition) for definition in work.vocabulary.definitions.values()]


@declares(id="getCustomFieldDefinition", summary="Read a custom field", tag="Custom fields", answer=DEFINITION)
def get_one(work: Work, call: Call) -> Any:
    definition = work.vocabulary.definitions.get(call.id())
    if definition is None:
        raise NotFound
    return _wire(definition)


@declares(
    id="createCustomFieldDefinition", summary="Create a custom field", tag="Custom fields", answer=WRITTEN_DEFINITION,
    body=NEW_DEFINITION, body_required=True, answer_headers=WRITTEN,
)  # fmt: skip
def create(work: Work, call: Call) -> Any:
    return _written(work, custom_fields.create_definition(work, call.json()))


@declares(
    id="updateCustomFieldDefinition", summary="Change a custom field", tag="Custom fields", answer=WRITTEN_DEFINITION,
    body=DEFINITION_CHANGE, answer_headers=WRITTEN,
)  # fmt: skip
def change(work: Work, call: Call) -> Any:
    custom_fields.change_definition(work, call.id(), call.object())
    return _written(work, call.id())


@declares(
    id="deleteCustomFieldDefinition",
    summary="Delete a custom field and its values",
    tag="Custom fields",
    answer=DELETED,
    answer_headers=WRITTEN,
)
def remove(work: Work, call: Call) -> Any:
    custom_fields.delete_definition(work, call.id())
    return {"id": call.id(), "is_deleted": True}


def _written(work: Work, definition_id: int) -> dict[str, Any]:
    """`canonical_name` is in the answers to writes only, and always null."""
    whole = _wire(work.vocabulary.definitions[definition_id])
    return {"id": whole.pop("id"), "name": whole.pop("name"), "canonical_name": None, **whole}


def _wire(definition: Definition) -> dict[str, Any]:
    """Keys that belong to other types are left out."""
    logged = custom_fields.as_logged(definition)
    kept = {name: logged[name] for name in ("name", "data_type", "available_on", "is_filterable")}
    if definition.data_type in LEAST_OPTIONS:
        kept["options"] = logged["options"]
    if definition.data_type == "Currency":
        kept["currency"] = definition.currency
    return {"id": definition.id, **kept}


def routes() -> list[Route]:
    plural, single = "/custom_field_definitions", "/custom_field_definitions/{id}"
    return [
        Route(plural, reads(every, by_key=True), methods=["GET"]),
        Route(plural, writes(create), methods=["POST"]),
        Route(single, reads(get_one, by_key=True), methods=["GET"]),
        Route(single, writes(change), methods=["PUT", "PATCH"]),
        Route(single, writes(remove), methods=["DELETE"]),
    ]
