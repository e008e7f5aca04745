"""`/healthz`: 200 while the database answers, else 503 with the reason."""

from __future__ import annotations

import asyncio

from sqlalchemy import Connection, select
from starlette.requests import Request
from starlette.responses import Response

from cuprum.api.answers import json_answer
from cuprum.api.state import State
from cuprum.kit.errors import Unavailable
from cuprum.storage.account_tables import account

PATIENCE_SECONDS = 2


async def health(request: Request) -> Response:
    state: State = request.app.state.cuprum
    try:
        await asyncio.wait_for(state.database.read(_answers), PATIENCE_SECONDS)
    except TimeoutError:
        return _sick(f"The database did not answer within {PATIENCE_SECONDS} seconds.")
    except Unavailable as trouble:
        return _sick(str(trouble))
    return json_answer({"status": "ok"}, headers={"Cache-Control": "no-store"})


def _sick(reason: str) -> Response:
    return json_answer({"status": "unavailable", "reason": reason}, 503, {"Cache-Control": "no-store", "Retry-After": "5"})


def _answers(connection: Connection) -> None:
    connection.execute(select(account.c.id)).first()
