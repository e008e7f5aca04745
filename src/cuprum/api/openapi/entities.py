"""The schemas of an entity: the record as it is shown, a new one, a change to one."""

from __future__ import annotations

import sys
from functools import cache

from cuprum.api.openapi.kinds import shown, written
from cuprum.api.openapi.schemas import ID, Named, Schema, closed
from cuprum.entities import Field, Record, fields, kinds

_PASSED_OVER = "Keys that only the server writes are passed over; unknown ones are refused."


@cache
def record_schema(record: type[Record]) -> Schema:
    """Every key, in the order of the wire."""
    properties = {one.name: shown(record, one) for one in fields(record) if not one.kind.hidden}
    return Named(record.__name__, closed(properties, description=sys.modules[record.__module__].__doc__))


@cache
def part_schema(record: type[Record]) -> Schema:
    """The keys that a search asked for with `fields`, and the id."""
    properties = {one.name: shown(record, one) for one in fields(record) if not one.kind.hidden}
    described = f"A {record.__name__.lower()} with only the keys that `fields` asked for, and the id."
    return Named(f"{record.__name__}Part", closed(properties, ("id",), description=described))


@cache
def new_schema(record: type[Record]) -> Schema:
    required = tuple(one.name for one in writable(record) if one.kind.required)
    properties = {one.name: _needed(written(one)) if one.name in required else written(one) for one in writable(record)}
    return Named(f"New{record.__name__}", closed(properties, required, description=_PASSED_OVER))


@cache
def change_schema(record: type[Record]) -> Schema:
    properties = {one.name: _needed(written(one)) if one.kind.required else written(one) for one in writable(record)}
    described = f"A key that is absent keeps its value, null clears it. {_PASSED_OVER}"
    return Named(f"{record.__name__}Change", closed(properties, (), description=described))


@cache
def bulk_change_schema(record: type[Record]) -> Schema:
    """A change that names its record."""
    change = change_schema(record)
    return Named(f"Bulk{record.__name__}Change", {**closed({"id": ID, **change["properties"]}, ("id",))})


def with_article(entity: str) -> str:
    return f"an {entity}" if entity[0] in "aeiou" else f"a {entity}"


def writable(record: type[Record]) -> list[Field]:
    return [one for one in fields(record) if not (one.kind.read_only or one.kind.hidden or isinstance(one.kind, kinds.Key))]


def _needed(schema: Schema) -> Schema:
    """Without null, and not empty."""
    if "anyOf" in schema:
        return schema["anyOf"][0]
    needed = {**schema, "type": next(one for one in schema["type"] if one != "null")}
    return {**needed, "minLength": 1, "pattern": r"\S"} if needed["type"] == "string" else needed
