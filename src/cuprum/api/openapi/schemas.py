"""JSON schemas as plain dictionaries, with the few forms that every file of the API uses."""

from __future__ import annotations

from typing import Any

from cuprum.entities.reading import LARGEST_ID, LAST_SECOND

Schema = dict[str, Any]


class Named(dict[str, Any]):
    """A schema with a name of its own: the document prints it once under `components` and refers to it."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(schema)
        self.name = name


ANY: Schema = {}
TEXT: Schema = {"type": "string"}
BOOLEAN: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "number"}
ID: Schema = {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID}
SECONDS: Schema = {
    "type": "integer",
    "format": "int64",
    "minimum": 0,
    "maximum": LAST_SECOND,
    "description": "A moment in Unix seconds.",
}


def whole(least: int, most: int, **further: Any) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most, **further}


def one_of_words(*words: str, **further: Any) -> Schema:
    return {"type": "string", "enum": list(words), **further}


def listed(item: Schema, **further: Any) -> Schema:
    return {"type": "array", "items": item, **further}


def closed(properties: dict[str, Schema], required: tuple[str, ...] | None = None, **further: Any) -> Schema:
    """An object with these keys and no others; all of them are required unless `required` names fewer."""
    needed = list(properties) if required is None else list(required)
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False, **further}
    return {**schema, "required": needed} if needed else schema


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    if isinstance(schema, Named) or not isinstance(schema.get("type"), str):
        return {"anyOf": [schema, {"type": "null"}]}
    nullable = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], None]
    return nullable


DELETED = Named("Deleted", closed({"id": ID, "is_deleted": {"const": True}}, description="What is left of a deleted record."))
