"""One import: how far it is, what came of it, and its undo."""

from __future__ import annotations

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from cuprum.entities import ENTITIES
from cuprum.kit import jsonio
from cuprum.kit.errors import CuprumError
from cuprum.records.naming import names_of
from cuprum.records.work import Work
from cuprum.transfer import imports
from cuprum.transfer.decide import REFUSED, REPEATED
from cuprum.transfer.left_out import left_out_file
from cuprum.web.desk import State, answered, told, work_of
from cuprum.web.pages.imports.listed import WORDS, shown
from cuprum.web.visit import Answer, GoTo, Page, Visit, visit_of

_REASONS, _STAYED = 20, 20


def import_page(work: Work, visit: Visit) -> Answer:
    job = imports.one(work.connection, work.actor, visit.id)
    if job.state == imports.PLANNED:
        return GoTo(f"/imports/{job.id}/plan")
    words = shown(work, job, imports.groups_of(work.connection, [job]))
    stayed = imports.still_there(work.connection, work.actor, job, _STAYED + 1) if words["is_undone"] else []
    names = names_of(work, {(job.plan.entity, record_id) for record_id in stayed[:_STAYED]})
    refused = imports.left_out(work.connection, job, (REFUSED, REPEATED), limit=_REASONS)
    words |= {
        "outcomes": WORDS, "record": ENTITIES[job.plan.entity], "has_more_stayed": len(stayed) > _STAYED,
        "stayed": [(record_id, names.get((job.plan.entity, record_id))) for record_id in stayed[:_STAYED]],
        "left": [(row, list(filter(None, jsonio.decode(row.cells)))[:4]) for row in refused],
        "left_count": job.counts[REFUSED] + job.counts[REPEATED],
    }  # fmt: skip
    return Page("imports/import.html", words, part="state")


def cancel(work: Work, visit: Visit) -> Answer:
    imports.cancel(work.connection, work.actor, visit.id)
    return GoTo(f"/imports/{visit.id}")


async def left_out(request: Request) -> Response:
    """The rows that did not come in, with reasons, as a CSV file."""
    state: State = request.app.state.cuprum
    visit = visit_of(request, [])
    try:
        text = await state.database.read(_left_out, state, visit)
    except CuprumError as trouble:
        return await answered(request, visit, told(trouble))
    headers = {
        "Content-Disposition": f'attachment; filename="import-{visit.id}-left-out.csv"', "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }  # fmt: skip
    return Response(text, media_type="text/csv", headers=headers)


def _left_out(connection: Connection, state: State, visit: Visit) -> str:
    work, _ = work_of(connection, state, visit)
    return left_out_file(connection, imports.one(connection, work.actor, visit.id))
