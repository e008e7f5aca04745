"""A small value that a schema allows, to start from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cuprum.api.openapi.schemas import Schema

# People recognise a name sooner than the word "text".
_BY_NAME = {"name": "Ada Quill", "email": "ada@quill.example", "details": "Left a voicemail"}


def example_of(schema: Schema, schemas: Mapping[str, Schema]) -> Any:
    """An object of the keys that are needed, or else of the first one."""
    match schema:
        case {"$ref": str(reference)}:
            return example_of(schemas[reference.rpartition("/")[2]], schemas)
        case {"anyOf": [first, *_]}:
            return example_of(first, schemas)
        case {"examples": [first, *_]} | {"default": first} | {"const": first} | {"enum": [first, *_]}:
            return first
        case {"type": [str(kind), "null"]}:
            return example_of({**schema, "type": kind}, schemas)
        case {"type": "object", "properties": properties}:
            names = schema.get("required") or list(properties)[:1]
            return {name: _BY_NAME.get(name) or example_of(properties[name], schemas) for name in names}
        case {"type": "array", "items": items}:
            return [example_of(items, schemas)]
        case {"type": "integer"}:
            return 17
        case {"type": "number"}:
            return 12500
        case {"type": "boolean"}:
            return True
        case {"type": "object"}:
            return {}
    return "…"
