"""An import is started, once however often somebody clicks; one that does not run is forgotten."""

from __future__ import annotations

import asyncio

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from cuprum.kit.errors import Conflict, CuprumError
from cuprum.transfer import imports
from cuprum.transfer.importing import start_queued
from cuprum.transfer.kept_files import drop_file
from cuprum.web.browser import own_form
from cuprum.web.desk import State, answered, told, work_of
from cuprum.web.visit import GoTo, Visit, visit_of


async def start(request: Request) -> Response:
    state: State = request.app.state.cuprum
    visit = visit_of(request, [])
    try:
        visit = visit_of(request, await own_form(request))
        try:
            await state.database.write(_queued, state, visit)
        except Conflict:
            # It was started before: the page says how far it is.
            pass
        else:
            await asyncio.to_thread(start_queued, state.database, state.engine())
    except CuprumError as trouble:
        return await answered(request, visit, told(trouble))
    return await answered(request, visit, lambda work, visit: GoTo(f"/imports/{visit.id}"))


def _queued(connection: Connection, state: State, visit: Visit) -> None:
    imports.queue(connection, work_of(connection, state, visit)[0].actor, visit.id)


async def forget(request: Request) -> Response:
    """Remove what is kept of it, the file too; its records stay."""
    state: State = request.app.state.cuprum
    visit = visit_of(request, [])
    try:
        visit = visit_of(request, await own_form(request))
        uid = await state.database.write(_forgotten, state, visit)
        await asyncio.to_thread(drop_file, state.database, uid)
    except CuprumError as trouble:
        return await answered(request, visit, told(trouble))
    return await answered(request, visit, lambda work, visit: GoTo("/imports"))


def _forgotten(connection: Connection, state: State, visit: Visit) -> str:
    return imports.forget(connection, work_of(connection, state, visit)[0].actor, visit.id).uid
