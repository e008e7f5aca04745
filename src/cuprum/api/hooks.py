"""Where other servers tell us that something happened: stored as it comes and answered at once; a poller looks later."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cuprum.api.answers import json_answer
from cuprum.api.call import read_call
from cuprum.api.state import State
from cuprum.kit.errors import NotFound

LARGEST_BODY = 100_000


def routes() -> list[Route]:
    return [Route("/hooks/copper/{path}", from_copper, methods=["POST"])]


async def from_copper(request: Request) -> Response:
    """The path alone says which subscription it is for; whether it is genuine is found out by whoever reads it."""
    # With the connector: no request before the first notification needs it.
    from cuprum.automation.triggers.inbox import take
    from cuprum.connector.polling.notification import HEADER

    state: State = request.app.state.cuprum
    call = await read_call(request, LARGEST_BODY)
    known = await state.database.write(take, call.parameters["path"], call.headers.get(HEADER, ""), call.raw)
    if not known:
        raise NotFound
    state.notified()
    return json_answer({})
