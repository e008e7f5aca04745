"""What is done with the selected rows of a list: a field set, tags put on or taken off, an owner, the trash, or a file."""

from __future__ import annotations

import asyncio
import logging
import time

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from cuprum.entities import ENTITIES
from cuprum.kit.errors import CuprumError, Invalid, NotFound, Unauthenticated
from cuprum.kit.uuid7 import uuid7
from cuprum.records.bulk_edit import (
    BulkEdit,
    begin_bulk_edit,
    bulk_edit_of,
    bulk_edit_part,
)
from cuprum.records.unfinished import work_left_by
from cuprum.records.work import Work
from cuprum.web.browser import own_form
from cuprum.web.desk import State, answered, work_of
from cuprum.web.list_state import ListState
from cuprum.web.pages.bulk.order import ON, fact_of_form, facts_on, ids_of, order_of, selected
from cuprum.web.pages.list_export.view import MOST_PICKED
from cuprum.web.pages.list_filter.view import record_beside
from cuprum.web.visit import Answer, GoTo, Page, Visit, visit_of

log = logging.getLogger("cuprum.bulk")

# Longer than this nobody looks at an empty page: then it goes on behind one that tells how far it is.
WAITS_SECONDS = 3.0
# The panel names each row that was picked, and has some fields of its own.
_MOST_FIELDS = MOST_PICKED + 200
_going_on: set[asyncio.Task[None]] = set()


async def bulk(request: Request) -> Response:
    """Asks for what is missing; with everything there, does it, and tells of every record that was kept from it."""
    state: State = request.app.state.cuprum
    visit, group_id = visit_of(request, []), uuid7()
    try:
        visit = visit_of(request, await own_form(request, most_fields=_MOST_FIELDS))
        ready = await state.database.read(_ready, state, visit)
        if not isinstance(ready, BulkEdit):
            answer = ready
            return await answered(request, visit, lambda work, visit: answer)
        ends, edit = time.monotonic() + WAITS_SECONDS, ready
        while True:
            edit = await state.database.write(_part, state, visit, group_id, edit)
            state.after_commit()
            if edit.is_done or time.monotonic() >= ends:
                break
    except Unauthenticated:
        return await answered(request, visit, lambda work, visit: GoTo("/home"))
    except CuprumError as trouble:
        refusal = trouble
        return await answered(request, visit, lambda work, visit: _asks(work, visit, refusal))
    if not edit.is_done:
        _go_on(state, group_id, await state.database.read(_who, state, visit))
    return await answered(request, visit, lambda work, visit: _outcome(work, visit, edit, group_id))


def progress(work: Work, visit: Visit) -> Answer:
    """How far a long one is; what came of it when it is through."""
    group_id = visit.parameters["group"]
    edit = bulk_edit_of(work, group_id)
    if edit is None:
        raise NotFound("Nothing is told of this any more: look at the recent changes.")
    return _outcome(work, visit, edit, group_id)


# --- what is asked


def _ready(connection: Connection, state: State, visit: Visit) -> BulkEdit | Answer:
    """The whole order, or the page that asks for the rest of it."""
    work, _ = work_of(connection, state, visit)
    what = visit.parameters["what"]
    if what == "export":
        ids = ",".join(map(str, ids_of(visit) or ()))
        return GoTo(ListState.behind(visit, record_beside(visit)).beside("export", ids=ids), done="")
    if what == "merge":
        # Of all that fit nobody can compare each with each.
        return GoTo(f"/{record_beside(visit).plural}/merge?ids=" + ",".join(map(str, ids_of(visit) or ())), done="")
    if what != "delete" and visit.fields.get("set") != ON:
        selected(visit)
        return _asks(work, visit)
    return begin_bulk_edit(work, order_of(work, visit, what))


# --- what is shown


def _asks(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    record, what = record_beside(visit), visit.parameters["what"]
    if what not in _TITLES:
        raise trouble or NotFound()
    state, ids = ListState.behind(visit, record), ids_of(visit)
    fact = fact_of_form(work, visit)
    problems = trouble.problems if isinstance(trouble, Invalid) else ()
    own = {fact.name if fact else "", "custom_fields", *(("company_id",) if fact and fact.name == "company_id" else ())}
    words = {
        "record": record, "back": state.address, "what": what, "ids": ids or [], "is_all": ids is None, "title": _TITLES[what],
        "facts": facts_on(work, visit), "fact": fact, "path": f"/{record.plural}/bulk/{what}", "typed": visit.form,
        "is_typed": trouble is not None, "has_tags": what in ("tag", "untag"),
        "problems": [one.reason for one in problems if one.attribute in own],
        "others": [f"{one.field}: {one.reason}" for one in problems if one.attribute not in own] if problems else
                  [str(trouble)] if trouble else [],
    }  # fmt: skip
    return Page("bulk/ask.html", words, part="panel", status=trouble.status if trouble else 200)


_TITLES = {"edit": "Edit", "assign": "Assign", "tag": "Add tags to", "untag": "Remove tags from", "delete": "Delete"}


def _outcome(work: Work, visit: Visit, edit: BulkEdit, group_id: str) -> Answer:
    record = ENTITIES[edit.entity]
    back = (ListState.behind(visit, record)).address
    if edit.is_done and not edit.refused and edit.changed:
        return GoTo(back, group_id)
    words = {
        "edit": edit, "record": record, "back": back, "group": group_id,
        "path": f"/bulk/{group_id}", "of": back,
    }  # fmt: skip
    return Page("bulk/outcome.html", words, part="outcome")


# --- how it is done


def _part(connection: Connection, state: State, visit: Visit, group_id: str, edit: BulkEdit) -> BulkEdit:
    work, _ = work_of(connection, state, visit)
    return bulk_edit_part(work, group_id, edit)


def _who(connection: Connection, state: State, visit: Visit) -> int:
    work, _ = work_of(connection, state, visit)
    return work.actor.user_id


def _go_on(state: State, group_id: str, user_id: int) -> None:
    """Behind the page. Should this process end, the next server finishes it."""
    task = asyncio.create_task(_all_parts(state, group_id, user_id))
    _going_on.add(task)
    task.add_done_callback(_going_on.discard)


async def _all_parts(state: State, group_id: str, user_id: int) -> None:
    def part(connection: Connection) -> bool:
        work = work_left_by(connection, user_id, state.settings, state.listeners)
        return bulk_edit_part(work, group_id, is_told=True).is_done

    try:
        while not await state.database.write(part):
            state.after_commit()
        state.after_commit()
    except Exception:
        log.exception("bulk edit %s stopped; a server goes on with it shortly", group_id)
