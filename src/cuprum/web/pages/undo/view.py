"""Take back a group of changes, in as many short transactions as it takes."""

from __future__ import annotations

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from cuprum.entities import ENTITIES
from cuprum.kit.errors import CuprumError
from cuprum.records.conflict import Conflict
from cuprum.records.naming import names_of
from cuprum.records.undo import Undone, undo_part
from cuprum.records.work import Work
from cuprum.web.arrangement import MAIN
from cuprum.web.browser import own_form
from cuprum.web.desk import State, answered, told, work_of
from cuprum.web.facts import label_in
from cuprum.web.pages.changes.between import word_of
from cuprum.web.visit import Answer, GoTo, Page, Visit, visit_of

# A page names so many of what was left as it is.
_MOST = 200


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
    left = [
        {
            "name": names.get((one["entity"], one["id"])) or _called(work, one),
            "path": f"/{plurals[one['entity']]}/{one['id']}" if (one["entity"], one["id"]) in names else None,
            "label": label_in(work, one["entity"], one["field"]) if one["field"] else None,
            "reason": one["reason"], "by": (one.get("by") or {}).get("name"),
        }
        for one in undone.conflicts[:_MOST]
    ]  # fmt: skip
    return Page("undo/undo.html", {"undone": undone, "back": back, "left": left, "further": len(undone.conflicts) - len(left)})


def _called(work: Work, one: Conflict) -> str:
    """What has no page of its own, or is not there to see."""
    known = work.vocabulary.words.get(one["entity"], {}).get(one["id"], {})
    return " ".join(filter(None, ("The", word_of(one["entity"]), known.get("name"))))
