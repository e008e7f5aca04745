"""`/automation/v1/options`: what a property's picker offers, through a stored connection; for admins, as all connections are."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cuprum.api.answers import json_answer
from cuprum.api.call import Call, read_call
from cuprum.api.desk import work_for
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import BOOLEAN, TEXT, Named, closed, listed, whole
from cuprum.api.state import State
from cuprum.auth.may import may
from cuprum.kit.errors import Invalid, Problem

# The connector is imported where it is used: it would add to the time that a start takes.

_NEEDED = ("operation", "property", "connection")
FURTHEST_PAGE = 10_000

_ASKED = Named(
    "OptionsAsked",
    closed(
        {
            "operation": {**TEXT, "minLength": 1, "description": "An action or trigger of the catalogue, such as createTask."},
            "property": {**TEXT, "minLength": 1, "description": "Its property by its path, such as related_resource.id."},
            "connection": {**TEXT, "minLength": 1, "description": "The name of the connection to ask through."},
            "input": {"type": "object", "description": "What is filled in already: some pickers depend on it."},
            "search": {**TEXT, "description": "Only what has this text."},
            "page": whole(1, FURTHEST_PAGE, default=1),
        },
        _NEEDED,
    ),
)
_OPTIONS = Named("Options", closed({"options": listed(closed({"label": TEXT, "value": TEXT})), "more": BOOLEAN}))


@declares(
    id="listOptions",
    summary="What a property's picker offers",
    tag="Workflows",
    answer=_OPTIONS,
    body=_ASKED,
    body_required=True,
    refusals=(404, 502),
)
async def options(request: Request) -> Response:
    """A page of labels and values, and whether there are more."""
    state: State = request.app.state.cuprum
    call = await read_call(request, state.settings.max_body_bytes)
    await state.database.read(lambda db: may(work_for(db, state, call, writing=False).actor, "manage", "connections"))
    # The other server may take its time, and no reader of the database waits for it.
    return json_answer(await asyncio.to_thread(_found, state, _asked(call)))


def _found(state: State, asked: dict[str, Any]) -> dict[str, Any]:
    from cuprum.automation.offering import offered

    return offered(
        state.database,
        asked["connection"],
        asked["operation"],
        asked["property"],
        asked.get("input") or {},
        search=asked.get("search") or "",
        page=asked.get("page") or 1,
    )


def _asked(call: Call) -> dict[str, Any]:
    """What a POST has in its body, a GET has in its query; raises Invalid with every problem."""
    given = call.filters if call.method == "GET" else call.object()
    read = {name: value for name, value in given.items() if value not in (None, "")}
    if isinstance(read.get("page"), str) and read["page"].isascii() and read["page"].isdecimal():
        read["page"] = int(read["page"][:9])
    problems = [Problem(name, "is not known here") for name in read if name not in _ASKED["properties"]]
    problems += [Problem(name, "can't be blank", "blank") for name in _NEEDED if name not in read]
    problems += [Problem(name, "must be text") for name in (*_NEEDED, "search") if not isinstance(read.get(name, ""), str)]
    if not isinstance(read.get("input", {}), dict):
        problems.append(Problem("input", "must be an object"))
    page = read.get("page", 1)
    if not isinstance(page, int) or isinstance(page, bool) or not 1 <= page <= FURTHEST_PAGE:
        problems.append(Problem("page", f"must be a whole number from 1 to {FURTHEST_PAGE}"))
    if problems:
        raise Invalid(*problems)
    return read


def routes() -> list[Route]:
    return [Route("/options", options, methods=["POST", "GET"])]
