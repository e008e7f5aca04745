"""A schema in a few words, for people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cuprum.api.openapi.schemas import Schema

# A word, and the name of the schema that it stands for, if it does.
Word = tuple[str, str | None]


def words(schema: Schema) -> list[Word]:
    """`list of`, `Email`, `or null`: what a value looks like."""
    return list(_words(schema))


def _words(schema: Schema) -> Iterator[Word]:
    match schema:
        case {"$ref": str(reference)}:
            name = reference.rpartition("/")[2]
            yield name, name
        case {"anyOf": [first, *others]}:
            yield from _words(first)
            for other in others:
                yield "or", None
                yield from _words(other)
        case {"const": value}:
            yield _literal(value), None
        case {"enum": [*values]}:
            yield " · ".join(_literal(value) for value in values), None
        case {"type": [str(first), "null"]}:
            yield from _words({**schema, "type": first})
            yield "or null", None
        case {"type": "array", "items": items}:
            yield "list of", None
            yield from _words(items)
        case {"type": "object", "properties": properties}:
            yield "object with " + ", ".join(properties), None
        case {"type": "string", "format": str(form)}:
            yield form, None
        case {"type": str(name)}:
            yield {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(name, name), None
        case _:
            yield "any value", None


def _literal(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def notes(schema: Schema) -> str:
    """The rules beside the type, in a line."""
    return " ".join(_notes(schema))


def _notes(schema: Schema) -> Iterator[str]:
    if "description" in schema:
        yield schema["description"]
    match schema:
        case {"minimum": least, "maximum": most} if most < 2**31:
            yield f"{least} to {most}."
    if "maxLength" in schema:
        yield f"At most {schema['maxLength']:,} characters."
    if "default" in schema:
        yield f"Default {_literal(schema['default'])}."
    if schema.get("readOnly"):
        yield "Read-only."
