"""What happened: the change feed, and groups of changes to look at and to undo."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cuprum.api.answers import json_answer
from cuprum.api.call import Call, read_call
from cuprum.api.desk import reads, work_for
from cuprum.api.openapi.changes import FEED, FEED_QUERY, GROUP, GROUP_PATH, GROUP_QUERY, GROUPS, GROUPS_QUERY, UNDONE
from cuprum.api.openapi.operation import declares
from cuprum.api.state import State
from cuprum.entities import ENTITIES
from cuprum.kit.errors import Invalid, Problem
from cuprum.records import groups
from cuprum.records.feed import Part, end_of_feed, read_feed
from cuprum.records.undo import Undone, undo_part
from cuprum.records.work import Work

PATH = "/changes"
_LONGEST_WAIT_SECONDS = 25
_LOOK_AGAIN_SECONDS = 0.5
_SECONDS = re.compile(r"[0-9]{1,11}(\.[0-9]{1,6})?")


def routes() -> list[Route]:
    return [
        Route(PATH, changes, methods=["GET"]),
        Route(f"{PATH}/{{group}}", reads(group), methods=["GET"]),
        Route(f"{PATH}/{{group}}/undo", undo, methods=["POST"]),
        Route("/groups", reads(recent), methods=["GET"]),
    ]


@declares(id="readChanges", summary="The change feed", tag="Changes and undo", answer=FEED, query=FEED_QUERY, refusals=(410,))
async def changes(request: Request) -> Response:
    """The change feed. With `wait` it answers as soon as there is news or the server ends, else after so many seconds."""
    state: State = request.app.state.cuprum
    call = await read_call(request, state.settings.max_body_bytes)
    ends = time.monotonic() + _number(call, "wait", 0, _LONGEST_WAIT_SECONDS, 0)
    end = await state.database.read(end_of_feed)
    part = await state.database.read(_part, state, call, call.query.get("after") or None)
    while not part.entries and not part.more and time.monotonic() < ends and not state.is_ending:
        await asyncio.sleep(min(_LOOK_AGAIN_SECONDS, max(0.0, ends - time.monotonic())))
        if await request.is_disconnected():
            break
        if (present := await state.database.read(end_of_feed)) != end:
            end, part = present, await state.database.read(_part, state, call, part.cursor)
    return json_answer({"changes": part.entries, "cursor": part.cursor, "more": part.more})


def _part(connection: Connection, state: State, call: Call, after: str | None) -> Part:
    work = work_for(connection, state, call, writing=False)
    return read_feed(work, after, _entities(call), _number(call, "limit", 1, 1000, 100), since=_since(call))


def _entities(call: Call) -> frozenset[str]:
    given = call.query.get("entity") or ""
    listed = ",".join(map(str, given)) if isinstance(given, list) else str(given)
    asked = frozenset(part.strip() for part in listed.split(",")) - {""}
    if unknown := sorted(asked - ENTITIES.keys()):
        raise Invalid(Problem("entity", f"must be some of {', '.join(ENTITIES)}, not {', '.join(unknown)}", "inclusion"))
    return asked or frozenset(ENTITIES)


def _number(call: Call, name: str, least: int, most: int, default: int) -> int:
    given = call.query.get(name)
    if given in (None, ""):
        return default
    if not isinstance(given, str) or not given.isascii() or not given.isdecimal() or len(given) > 18:
        raise Invalid(Problem(name, "must be a whole number"))
    return min(max(int(given), least), most)


def _since(call: Call) -> float:
    given = call.query.get("since") or "0"
    if not isinstance(given, str) or not _SECONDS.fullmatch(given):
        raise Invalid(Problem("since", "must be a moment in Unix seconds, such as 1767225600 or 1767225600.25"))
    return float(given)


@declares(
    id="undoGroup",
    summary="Undo a group of changes",
    tag="Changes and undo",
    answer=UNDONE,
    path=GROUP_PATH,
    answer_headers=("X-Cuprum-Group",),
)
async def undo(request: Request) -> Response:
    """Undo a group, in as many short transactions as it takes."""
    state: State = request.app.state.cuprum
    call = await read_call(request, state.settings.max_body_bytes)
    undone = Undone()
    while not undone.is_done:
        undone = await state.database.write(_undo_part, state, call, undone)
        state.after_commit()
    return json_answer(undone.answer(), headers={"X-Cuprum-Group": undone.group} if undone.group else None)


def _undo_part(connection: Connection, state: State, call: Call, undone: Undone) -> Undone:
    return undo_part(work_for(connection, state, call, writing=True), call.parameters["group"], undone)


@declares(
    id="getGroup", summary="Look at a group of changes", tag="Changes and undo", answer=GROUP, path=GROUP_PATH, query=GROUP_QUERY
)
def group(work: Work, call: Call) -> Any:
    return groups.one_group(
        work, call.parameters["group"], limit=_number(call, "limit", 1, 1000, 200), after=_number(call, "after", 0, 2**62, 0)
    )


@declares(
    id="listGroups", summary="List groups of changes, newest first", tag="Changes and undo", answer=GROUPS, query=GROUPS_QUERY
)
def recent(work: Work, call: Call) -> Any:
    actor = _number(call, "actor", 0, 2**62, 0) or None
    before = call.query.get("before") or None
    return groups.recent_groups(work, before=before, actor=actor, limit=_number(call, "limit", 1, 200, 50))
