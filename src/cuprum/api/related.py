"""Related items of a record: list, relate, unrelate (`copper-api/part2.md §5`)."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticCustomError
from starlette.routing import Route

from cuprum.api.call import Call
from cuprum.api.desk import reads, writes
from cuprum.api.openapi.entities import with_article
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import ID, closed, listed, one_of_words
from cuprum.api.openapi.shared import WRITTEN
from cuprum.entities import BY_PLURAL, Record, reading
from cuprum.kit.errors import Invalid, NoSuchRoute, Problem
from cuprum.records.related import End, relate, related, unrelate
from cuprum.records.request_body import unknown_keys
from cuprum.records.work import Work


def routes() -> list[Route]:
    return [route for record in BY_PLURAL.values() if record.relates_to for route in _routes(record)]


def _routes(record: type[Record]) -> list[Route]:
    entity, path = record.entity, f"/{record.plural}/{{id}}/related"
    one, a_record, tag = entity.capitalize(), with_article(entity), "Related items"
    end = closed({"id": ID, "type": one_of_words(*record.relates_to)})
    named = closed({"resource": end})
    plurals = [other.plural for other in BY_PLURAL.values() if other.relates_to]

    @declares(id=f"listRelatedOf{one}", summary=f"List what {a_record} is related to", tag=tag, answer=listed(end))
    def list_related(work: Work, call: Call) -> Any:
        """What the record is related to."""
        return [_resource(end) for end in related(work, (entity, call.id()), record.relates_to)]

    @declares(
        id=f"listRelatedOfTypeOf{one}",
        summary=f"List what {a_record} is related to, of one type",
        tag=tag,
        answer=listed(end),
        path={"related": one_of_words(*plurals)},
    )
    def list_related_of_type(work: Work, call: Call) -> Any:
        """What the record is related to, of one type; none of a type that it cannot be related to."""
        other = BY_PLURAL.get(call.parameters["related"])
        if other is None or not other.relates_to:
            raise NoSuchRoute
        asked = [other.entity] if other.entity in record.relates_to else []
        return [_resource(end) for end in related(work, (entity, call.id()), asked)]

    @declares(
        id=f"relate{one}",
        summary=f"Relate {a_record} to another record",
        tag=tag,
        answer=closed({"added": {"const": True}, "resource": end}),
        body=named,
        body_required=True,
        answer_headers=WRITTEN,
    )
    def add_related(work: Work, call: Call) -> Any:
        """Relate the record to another."""
        other = _other(record, call.object())
        relate(work, (entity, call.id()), other)
        return {"added": True, "resource": _resource(other)}

    @declares(
        id=f"unrelate{one}",
        summary=f"Relate {a_record} to another record no longer",
        tag=tag,
        answer=closed({"removed": {"const": True}, "resource": end}),
        body=named,
        body_required=True,
        answer_headers=WRITTEN,
    )
    def remove_related(work: Work, call: Call) -> Any:
        """Relate the record to the other no longer."""
        other = _other(record, call.object())
        unrelate(work, (entity, call.id()), other)
        return {"removed": True, "resource": _resource(other)}

    return [
        Route(path, reads(list_related), methods=["GET"]),
        Route(f"{path}/{{related}}", reads(list_related_of_type), methods=["GET"]),
        Route(path, writes(add_related), methods=["POST"]),
        Route(path, writes(remove_related), methods=["DELETE"]),
    ]


def _resource(end: End) -> dict[str, Any]:
    entity, record_id = end
    return {"id": record_id, "type": entity}


def _other(record: type[Record], body: dict[str, Any]) -> End:
    """The other end that the body names; raises Invalid, also for a type that this one cannot be related to."""
    problems = [unknown] if (unknown := unknown_keys(body, ("resource",))) else []
    named = None
    try:
        named = reading.reference(body.get("resource"), tuple(record.relates_to))
        if named is None:
            problems.append(Problem("resource", "can't be blank", "blank"))
    except PydanticCustomError as refusal:
        problems.append(Problem("resource", refusal.message(), refusal.type))
    if named is None or problems:
        raise Invalid(*problems)
    return named["type"], named["id"]
