"""Up to ten records in one call, each taken or refused for itself (`copper-api/part1.md §14`, `part2.md §10`)."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticCustomError
from starlette.routing import Route

from cuprum.api.call import Call
from cuprum.api.desk import writes
from cuprum.api.openapi.entities import bulk_change_schema, new_schema, record_schema
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import TEXT, Named, closed, listed
from cuprum.api.openapi.shared import COMPUTED, WRITTEN
from cuprum.entities import BY_PLURAL, Record, reading
from cuprum.kit.errors import BatchTooLarge, CuprumError, Forbidden, Invalid, NotFound, Problem
from cuprum.records import read, write
from cuprum.records.request_body import unknown_keys
from cuprum.records.work import Work

MOST_ITEMS = 10

REFUSED_ITEM = Named(
    "RefusedItem",
    closed(
        {
            "success": {"const": False},
            "message": {
                "type": "object",
                "additionalProperties": listed(closed({"error": TEXT})),
                "description": "Attribute → its errors, each one word.",
            },
            "id": {"description": "Of an update, as it was sent."},
        },
        ("success", "message"),
        description="One item of a bulk request that was refused; the others are not.",
    ),
)


def routes() -> list[Route]:
    return [_route(record, verb) for record in BY_PLURAL.values() for verb in record.bulk]


def _route(record: type[Record], verb: str) -> Route:
    entity = record.entity

    def create(work: Work, item: Any, computed: bool) -> Any:
        try:
            with work.group.attempt():
                return read.one(work, entity, write.create(work, entity, item), computed=computed)
        except CuprumError as refusal:
            return {"success": False, "message": _message(refusal)}

    def update(work: Work, item: Any, computed: bool) -> Any:
        try:
            with work.group.attempt():
                record_id = _id(item)
                write.change(work, entity, record_id, item)
                return read.one(work, entity, record_id, computed=computed)
        except CuprumError as refusal:
            return {"success": False, "message": _message(refusal), "id": item.get("id") if isinstance(item, dict) else None}

    answer = create if verb == "create" else update
    item = new_schema(record) if verb == "create" else bulk_change_schema(record)

    @declares(
        id=f"bulk{verb.capitalize()}{record.plural.capitalize()}", tag=record.plural.capitalize(),
        summary=f"{verb.capitalize()} up to {MOST_ITEMS} {record.plural}", body_required=True,
        answer=listed({"anyOf": [record_schema(record), REFUSED_ITEM]}),
        body=closed({record.plural: listed(item, maxItems=MOST_ITEMS)}), query=COMPUTED, answer_headers=WRITTEN,
    )  # fmt: skip
    def bulk(work: Work, call: Call) -> Any:
        return [answer(work, item, call.computed) for item in _items(record, call.object())]

    bulk.__name__, bulk.__doc__ = f"bulk_{verb}", f"{verb.capitalize()} up to {MOST_ITEMS} {record.plural}."
    return Route(f"/{record.plural}/bulk_{verb}", writes(bulk), methods=["POST"])


def _items(record: type[Record], body: dict[str, Any]) -> list[Any]:
    problems = [unknown] if (unknown := unknown_keys(body, (record.plural,))) else []
    items = body.get(record.plural)
    if items is None:
        problems.append(Problem(record.plural, "can't be blank", "blank"))
    elif not isinstance(items, list):
        problems.append(Problem(record.plural, "must be a list"))
    if problems:
        raise Invalid(*problems)
    assert isinstance(items, list)
    if len(items) > MOST_ITEMS:
        raise BatchTooLarge(MOST_ITEMS)
    return items


def _id(item: Any) -> int:
    given = item.get("id") if isinstance(item, dict) else None
    if given is None or given == "":
        raise Invalid(Problem("id", "can't be blank", "blank"))
    try:
        record_id = reading.record_id(given, "Id")
    except PydanticCustomError as refusal:
        raise Invalid(Problem("id", refusal.message(), refusal.type)) from None
    assert record_id is not None
    return record_id


def _message(refusal: CuprumError) -> dict[str, list[dict[str, str]]]:
    """Attribute → its errors, each one word: single calls have a sentence here (`part1.md §14`)."""
    message: dict[str, list[dict[str, str]]] = {}
    for attribute, code in _codes(refusal):
        message.setdefault(attribute, []).append({"error": code})
    return message


def _codes(refusal: CuprumError) -> list[tuple[str, str]]:
    match refusal:
        case Invalid(problems=problems):
            return [(problem.attribute, problem.code) for problem in problems]
        case NotFound():
            return [("id", "not_found")]
        case Forbidden():
            return [("base", "forbidden")]
    return [("base", "invalid")]
