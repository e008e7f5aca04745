"""The sample data: loaded to look around with, and removed again; the page says what goes and what stays."""

from __future__ import annotations

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from cuprum.auth.may import may
from cuprum.entities import ENTITIES
from cuprum.kit.errors import Conflict, CuprumError
from cuprum.records.demo.samples import Loading, overview
from cuprum.records.sample_stays import sample_group
from cuprum.records.undo import Undone, undo_part
from cuprum.records.work import Work
from cuprum.web.browser import own_form
from cuprum.web.desk import State, answered, told, work_of
from cuprum.web.visit import GoTo, Page, Visit, visit_of


def samples(work: Work, visit: Visit) -> Page:
    group = sample_group(work)
    found = overview(work, group) if group else None
    names = {entity: (ENTITIES[entity].plural, entity) for entity in ENTITIES}
    return Page("samples/samples.html", {"is_loaded": bool(group), "overview": found, "names": names})


async def load(request: Request) -> Response:
    """Tell the story, in as many short transactions as it takes; where it was told already, a second click does nothing."""
    state: State = request.app.state.cuprum
    visit, loading = visit_of(request, []), Loading()
    try:
        visit = visit_of(request, await own_form(request))
        while not loading.is_done:
            await state.database.write(_tell, state, visit, loading)
            state.after_commit()
    except Conflict:
        return await answered(request, visit, lambda work, visit: GoTo("/home", done=""))
    except CuprumError as trouble:
        return await answered(request, visit, told(trouble))
    return await answered(request, visit, lambda work, visit: GoTo("/home", done=loading.group))


def _tell(connection: Connection, state: State, visit: Visit, loading: Loading) -> None:
    loading.part(work_of(connection, state, visit)[0])


async def remove(request: Request) -> Response:
    """Take it back; what stays was named on the page."""
    state: State = request.app.state.cuprum
    visit, undone = visit_of(request, []), Undone()
    try:
        visit = visit_of(request, await own_form(request))
        group = await state.database.read(_to_remove, state, visit)
        while group and not undone.is_done:
            undone = await state.database.write(_part, state, visit, group, undone)
            state.after_commit()
    except CuprumError as trouble:
        return await answered(request, visit, told(trouble))
    return await answered(request, visit, lambda work, visit: GoTo("/home", done=undone.group or ""))


def _to_remove(connection: Connection, state: State, visit: Visit) -> str | None:
    work, _ = work_of(connection, state, visit)
    may(work.actor, "manage", "sample data")
    return sample_group(work)


def _part(connection: Connection, state: State, visit: Visit, group: str, undone: Undone) -> Undone:
    return undo_part(work_of(connection, state, visit)[0], group, undone)
