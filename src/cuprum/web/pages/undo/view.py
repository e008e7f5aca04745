"""Take back a group of changes, in as many short transactions as it takes."""

from __future__ import annotations

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from cuprum.entities import ENTITIES
from cuprum.kit.errors import CuprumError
from cuprum.records.naming import names_of
from cuprum.records.undo import Undone, undo_part
from cuprum.records.work import Work
from cuprum.web.arrangement import MAIN
from cuprum.web.browser import own_form
from cuprum.web.desk import State, answered, told, work_of
from cuprum.web.facts import label_in
from cuprum.web.visit import Answer, GoTo, Page, Visit, visit_of


async def undo(request: Request) -> Response:
    state: State = request.app.state.cuprum
    visit, undone = visit_of(request, []), Undone()
    try:
        visit = visit_of(request, await own_form(request))
        while not undone.is_done:
            undone = await state.database.write(_part, state, visit, undone)
            state.after_commit()
    except CuprumError as trouble:
        return await answered(request, visit, told(trouble))
    return await answered(request, visit, lambda work, visit: _outcome(work, visit, undone))


def _part(connection: Connection, state: State, visit: Visit, undone: Undone) -> Undone:
    work, _ = work_of(connection, state, visit)
    return undo_part(work, visit.parameters["group"], undone)


def _outcome(work: Work, visit: Visit, undone: Undone) -> Answer:
    back = visit.next("/home")
    if not undone.conflicts:
        return GoTo(back, undone.group)
    names = names_of(work, {(one["entity"], one["id"]) for one in undone.conflicts if one["entity"] in MAIN})
    plurals = {entity: ENTITIES[entity].plural for entity in MAIN}
    labels = [label_in(work, one["entity"], one["field"]) if one["field"] else None for one in undone.conflicts]
    return Page("undo/undo.html", {"undone": undone, "back": back, "names": names, "plurals": plurals, "labels": labels})
