"""From a request to a piece of work and back: reads on a reader, writes in one transaction committed at the edge."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from cuprum.api.answers import json_bytes
from cuprum.api.call import Call, read_call
from cuprum.api.features import refuse_switched_off
from cuprum.api.idempotency import once
from cuprum.api.state import State
from cuprum.auth.api_keys import Caller, by_api_key
from cuprum.auth.bearer import bearer_token, by_bearer, refuse_too_narrow
from cuprum.events.log import Group
from cuprum.kit import jsonio
from cuprum.kit.uuid7 import uuid7
from cuprum.records.long_work import LongWork, long_work_part
from cuprum.records.work import Work

Handler = Callable[[Work, Call], Any]
Endpoint = Callable[[Request], Awaitable[Response]]


def reads(handler: Handler, *, by_key: bool = False) -> Endpoint:
    """An endpoint whose handler only looks; `by_key` when it looks at one record or at what is cached."""

    async def endpoint(request: Request) -> Response:
        state: State = request.app.state.cuprum
        call = await read_call(request, state.settings.max_body_bytes)
        look = state.database.glance if by_key else state.database.read
        encoded = await look(answered, state, handler, call)
        return json_bytes(encoded, headers=call.answer_headers)

    return _named_after(handler, endpoint)


def writes(handler: Handler) -> Endpoint:
    """An endpoint whose handler may change something; its answer goes out once that is committed."""

    async def endpoint(request: Request) -> Response:
        state: State = request.app.state.cuprum
        call = await read_call(request, state.settings.max_body_bytes)
        encoded = await state.database.write(answered_once, state, handler, call)
        state.after_commit()
        return json_bytes(encoded, headers=call.answer_headers)

    return _named_after(handler, endpoint)


def writes_in_parts(begin: Callable[[Work, Call], LongWork], handler: Callable[[Work, Call, LongWork], Any]) -> Endpoint:
    """As `writes`, for what may take many short transactions: the handler gives the answer in the last, when all is done."""

    async def endpoint(request: Request) -> Response:
        state: State = request.app.state.cuprum
        call = await read_call(request, state.settings.max_body_bytes)
        group_id, so_far, encoded = uuid7(), None, None
        while encoded is None:
            so_far, encoded = await state.database.write(_part_once, state, begin, handler, call, group_id, so_far)
            state.after_commit()
        return json_bytes(encoded, headers=call.answer_headers)

    return _named_after(handler, endpoint)


def _part_once(
    connection: Connection,
    state: State,
    begin: Callable[[Work, Call], LongWork],
    handler: Callable[[Work, Call, LongWork], Any],
    call: Call,
    group_id: str,
    so_far: LongWork | None,
) -> tuple[LongWork | None, bytes | None]:
    work, now = work_for(connection, state, call, writing=True), so_far

    def part() -> bytes | None:
        nonlocal now
        now = done = long_work_part(work, group_id, so_far or begin(work, call))
        return _answer(work, lambda work, call: handler(work, call, done), call) if done.is_done else None

    encoded = once(work, call, part)
    return now, encoded


def _named_after(handler: Callable[..., Any], endpoint: Endpoint) -> Endpoint:
    endpoint.__name__ = handler.__name__
    endpoint.__doc__ = handler.__doc__
    endpoint.handler = handler  # type: ignore[attr-defined]
    return endpoint


def answered(connection: Connection, state: State, handler: Handler, call: Call) -> bytes:
    """The encoded answer of a handler, in the transaction of the connection."""
    return _answer(work_for(connection, state, call, writing=False), handler, call)


def answered_once(connection: Connection, state: State, handler: Handler, call: Call) -> bytes:
    """The same for a write, which may come with a key that tells its repetitions."""
    work = work_for(connection, state, call, writing=True)
    encoded = once(work, call, lambda: _answer(work, handler, call))
    assert encoded is not None
    return encoded


def _answer(work: Work, handler: Handler, call: Call) -> bytes:
    answer = jsonio.encode(handler(work, call))
    if work.group.changes:
        call.answer_headers["X-Cuprum-Group"] = work.group.id
    return answer


def work_for(connection: Connection, state: State, call: Call, *, writing: bool) -> Work:
    """The work of whoever the headers name; raises Unauthenticated, or Forbidden for what is switched off or not granted."""
    caller = _caller(connection, state, call, writing)
    actor, vocabulary = caller.actor, state.vocabulary.at(connection, caller.vocabulary_version)
    call.log["actor"] = actor.user_id
    if state.limits:
        state.limits.take(call.path)
    refuse_switched_off(vocabulary, call.path)
    group = Group(connection, actor.user_id, actor.face, actor.via, f"{call.method} {call.path}", state.listeners)
    return Work(connection, actor, vocabulary, state.settings, group, group.at)


def _caller(connection: Connection, state: State, call: Call, writing: bool) -> Caller:
    headers = call.headers
    key, token = headers.get("x-pw-accesstoken"), bearer_token(headers.get("authorization"))
    if key or token is None:
        return by_api_key(connection, key, headers.get("x-pw-useremail"), state.last_used)
    caller = by_bearer(connection, token, state.grants_last_used)
    refuse_too_narrow(caller, call.path, writing=writing)
    return caller
