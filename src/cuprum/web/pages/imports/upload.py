"""A new import: what the rows are, and the file."""

from __future__ import annotations

import asyncio
from functools import partial

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from cuprum.entities import ENTITIES
from cuprum.kit.errors import CuprumError, Invalid, Problem
from cuprum.records.work import Work
from cuprum.transfer import imports
from cuprum.transfer.kept_files import drop_file, keep_file, plain_name
from cuprum.transfer.plan import Plan
from cuprum.transfer.planning import planned
from cuprum.transfer.sheet import MOST_ROWS, Sheet
from cuprum.transfer.targets import IMPORTED
from cuprum.web.browser import own_upload
from cuprum.web.desk import State, answered, work_of
from cuprum.web.visit import GoTo, Page, Visit, visit_of


def new_import(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    chosen = visit.fields.get("entity") or visit.query.get("entity")
    words = {
        "kinds": [(entity, ENTITIES[entity].plural.capitalize()) for entity in IMPORTED],
        "chosen": chosen if chosen in IMPORTED else IMPORTED[0], "most_bytes": work.settings.max_import_bytes,
        "most_rows": MOST_ROWS,
        "trouble": "; ".join(one.reason for one in trouble.problems) if isinstance(trouble, Invalid) else trouble,
    }  # fmt: skip
    return Page("imports/new.html", words, status=trouble.status if trouble else 200)


async def upload(request: Request) -> Response:
    """Read the file on a reader, keep it part by part, and go on to what it holds."""
    state: State = request.app.state.cuprum
    visit = visit_of(request, [])
    try:
        # Nobody's file is taken in before we know whose it is.
        await state.database.read(work_of, state, visit)
        given = await own_upload(request, largest=state.settings.max_import_bytes)
        visit = visit_of(request, given.fields)
        name, content = given.file_name, given.content
        if not name:
            raise Invalid(Problem("file", "Choose a file first."))
        sheet, plan = await state.database.read(_planned, state, visit, content)
        uid = await asyncio.to_thread(keep_file, state.database, content)
        try:
            job = await state.database.write(_added, state, visit, uid, plain_name(name), sheet, plan)
        except BaseException:
            await asyncio.to_thread(drop_file, state.database, uid)
            raise
    except CuprumError as trouble:
        return await answered(request, visit, partial(new_import, trouble=trouble))
    return await answered(request, visit, lambda work, visit: GoTo(f"/imports/{job.id}/plan"))


def _planned(connection: Connection, state: State, visit: Visit, content: bytes) -> tuple[Sheet, Plan]:
    return planned(work_of(connection, state, visit)[0], content, visit.fields.get("entity", ""), {})


def _added(connection: Connection, state: State, visit: Visit, uid: str, name: str, sheet: Sheet, plan: Plan) -> imports.Job:
    return imports.add(connection, work_of(connection, state, visit)[0].actor, uid, name, sheet, plan)
