"""What the caller was told: their notifications, listed and marked as read, under `/automation/v1`."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticCustomError
from starlette.routing import Route

from cuprum.api.call import Call
from cuprum.api.desk import reads, writes
from cuprum.api.openapi import notifications as words
from cuprum.api.openapi.operation import declares
from cuprum.entities import reading
from cuprum.kit.errors import Invalid, Problem
from cuprum.records.inbox import inbox, mark_all_read, mark_read, unread
from cuprum.records.inbox_words import Told, in_words
from cuprum.records.request_body import only_keys
from cuprum.records.work import Work

_TAG = "Notifications"


def routes() -> list[Route]:
    return [
        Route("/notifications", reads(list_notifications), methods=["GET"]),
        Route("/notifications/read", writes(read_notifications), methods=["POST"]),
    ]


@declares(id="listNotifications", summary="What you were told", tag=_TAG, answer=words.LISTED, query=words.QUERY)
def list_notifications(work: Work, call: Call) -> Any:
    limit = _number(call, "limit", 1, words.MOST) or 50
    only_unread = str(call.query.get("unread", "")).lower() in ("true", "1")
    rows = inbox(work, limit=limit + 1, before=_number(call, "before", 1, reading.LARGEST_ID), only_unread=only_unread)
    told = in_words(work, rows[:limit])
    following = told[-1].id if len(rows) > limit else None
    return {"notifications": [_shown(one) for one in told], "unread": unread(work), "next": following}


@declares(
    id="readNotifications", summary="Mark notifications as read", tag=_TAG, answer=words.READ, body=words.TO_READ,
    body_required=True,
)  # fmt: skip
def read_notifications(work: Work, call: Call) -> Any:
    """Those of the list, or all up to one; what is not the caller's is passed over."""
    body = call.object()
    only_keys(body, ("ids", "up_to"))
    if body.get("up_to") is not None:
        return {"read": mark_all_read(work, _ids([body["up_to"]], "up_to")[0])}
    given = body.get("ids")
    if not isinstance(given, list) or not 1 <= len(given) <= words.MOST:
        raise Invalid(Problem("ids", f"must be a list of 1 to {words.MOST} ids"))
    return {"read": mark_read(work, _ids(given, "ids"))}


def _number(call: Call, name: str, least: int, most: int) -> int | None:
    try:
        return reading.whole_number(call.query.get(name), least, most)
    except PydanticCustomError as refusal:
        raise Invalid(Problem(name, refusal.message())) from refusal


def _ids(given: list[Any], name: str) -> list[int]:
    try:
        ids = [reading.record_id(one, name) for one in given]
    except PydanticCustomError as refusal:
        raise Invalid(Problem(name, refusal.message())) from refusal
    if None in ids:
        raise Invalid(Problem(name, "can't be blank", "blank"))
    return [one for one in ids if one is not None]


def _shown(one: Told) -> dict[str, Any]:
    entity, record_id = one.about or (None, None)
    return {
        "id": one.id, "kind": one.kind, "at": one.at, "read_at": one.read_at, "actor": one.actor, "entity": entity,
        "record_id": record_id, "name": one.name, "count": one.count, "text": one.sentence, "excerpt": one.excerpt,
        "path": one.path,
    }  # fmt: skip
