"""Imports of CSV files over `/automation/v1`: uploaded, planned, tried out, started, watched, cancelled.

Everybody imports what they may create and change; each sees their own imports, admins all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cuprum.api.answers import json_answer
from cuprum.api.call import Call, read_call
from cuprum.api.desk import reads, work_for, writes
from cuprum.api.openapi.imports import CSV, IMPORT, IMPORT_CHANGE, LIST_QUERY, TRIAL, UPLOAD_QUERY, WHOLE_IMPORT
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import DELETED, listed
from cuprum.api.state import State
from cuprum.entities.reading import LARGEST_ID
from cuprum.kit.errors import CuprumError, Invalid, Problem
from cuprum.records.work import Work
from cuprum.transfer import imports
from cuprum.transfer.importing import start_queued
from cuprum.transfer.kept_files import drop_file, keep_file, kept_file, plain_name
from cuprum.transfer.left_out import left_out_file
from cuprum.transfer.planning import planned, replanned
from cuprum.transfer.targets import targets
from cuprum.transfer.trial import try_out

_TAG = "Imports"


def routes() -> list[Route]:
    return [
        Route("/imports", reads(list_imports), methods=["GET"]),
        Route("/imports", upload, methods=["POST"]),
        Route("/imports/{id}", reads(get_import), methods=["GET"]),
        Route("/imports/{id}", change_import, methods=["PUT"]),
        Route("/imports/{id}", forget_import, methods=["DELETE"]),
        Route("/imports/{id}/dry_run", dry_run, methods=["POST"]),
        Route("/imports/{id}/start", start_import, methods=["POST"]),
        Route("/imports/{id}/cancel", writes(cancel_import), methods=["POST"]),
        Route("/imports/{id}/left_out", left_out, methods=["GET"]),
    ]


@declares(
    id="uploadImport", summary="Upload a CSV file and get a plan for it", tag=_TAG, answer=WHOLE_IMPORT, query=UPLOAD_QUERY,
    body=CSV, body_type="text/csv", body_required=True,
    description="Nothing is imported yet: change the plan, try it out, then start it.",
)  # fmt: skip
async def upload(request: Request) -> Response:
    """Keep the file, and propose what becomes of its columns."""

    def plan(work: Work, call: Call) -> Any:
        return planned(work, call.raw, call.query.get("entity", ""), {})

    def keep(state: State, call: Call, read: Any) -> Any:
        sheet, proposal = read
        uid = keep_file(state.database, call.raw)
        name = plain_name(str(call.query.get("file_name") or ""))

        def add(connection: Connection) -> Any:
            work = work_for(connection, state, call, writing=True)
            job = imports.add(connection, work.actor, uid, name, sheet, proposal)
            return _whole(work, job)

        try:
            return state.database.write_now(add)
        except CuprumError:
            drop_file(state.database, uid)
            raise

    return await _in_two_steps(request, plan, keep)


@declares(id="listImports", summary="List imports, newest first", tag=_TAG, answer=listed(IMPORT), query=LIST_QUERY)
def list_imports(work: Work, call: Call) -> Any:
    before = call.query.get("before") or None
    if before is not None and not (before.isascii() and before.isdecimal() and 0 < int(before[:25]) <= LARGEST_ID):
        raise Invalid(Problem("before", "must be the id of an import"))
    found = imports.newest(work.connection, work.actor, int(before) if before else None)
    return [job.as_json(imports.group_of(work.connection, job)) for job in found]


@declares(id="getImport", summary="Look at an import and how far it is", tag=_TAG, answer=WHOLE_IMPORT)
def get_import(work: Work, call: Call) -> Any:
    return _whole(work, imports.one(work.connection, work.actor, call.id()))


@declares(
    id="changeImport", summary="Change the plan of an import", tag=_TAG, answer=WHOLE_IMPORT, body=IMPORT_CHANGE,
    refusals=(404, 409, 410),
)  # fmt: skip
async def change_import(request: Request) -> Response:
    """Read the file as chosen, and keep what was chosen."""

    def plan(work: Work, call: Call) -> Any:
        job = imports.one(work.connection, work.actor, call.id())
        return replanned(work, kept_file(work.connection, job.uid), job.plan, call.object())

    def keep(state: State, call: Call, read: Any) -> Any:
        def change(connection: Connection) -> Any:
            work = work_for(connection, state, call, writing=True)
            job = imports.plan_anew(connection, work.actor, call.id(), read[1], read[0])
            return _whole(work, job)

        return state.database.write_now(change)

    return await _in_two_steps(request, plan, keep)


@declares(
    id="tryImport", summary="Dry run: what would become of each row", tag=_TAG, answer=TRIAL, refusals=(404, 410),
    description="By the rules of the import itself, and nothing is written.",
)  # fmt: skip
async def dry_run(request: Request) -> Response:
    """Look at every row of the file."""

    def look(work: Work, call: Call) -> Any:
        job = imports.one(work.connection, work.actor, call.id())
        return try_out(work, job.plan, imports.sheet_of(work.connection, job)).as_json()

    return await _in_two_steps(request, look, lambda state, call, found: found)


@declares(id="startImport", summary="Start an import", tag=_TAG, answer=IMPORT, refusals=(404, 409))
async def start_import(request: Request) -> Response:
    """Note that it is to run, and start it as soon as the engine is there."""

    def start(state: State, call: Call, _: Any) -> Any:
        def queue(connection: Connection) -> Any:
            work = work_for(connection, state, call, writing=True)
            return imports.queue(connection, work.actor, call.id())

        job = state.database.write_now(queue)
        start_queued(state.database, state.engine())
        return job.as_json()

    return await _in_two_steps(request, lambda work, call: None, start)


@declares(
    id="cancelImport", summary="Bring in no more rows", tag=_TAG, answer=IMPORT, refusals=(404, 409),
    description="What is in stays in, and can be undone by the import's group.",
)  # fmt: skip
def cancel_import(work: Work, call: Call) -> Any:
    job = imports.cancel(work.connection, work.actor, call.id())
    return job.as_json(imports.group_of(work.connection, job))


@declares(
    id="readLeftOut", summary="The rows that did not come in, with reasons, as a CSV file", tag=_TAG, answer=CSV,
    media_type="text/csv",
)  # fmt: skip
async def left_out(request: Request) -> Response:
    """Refused rows and repetitions, in the order of the file."""

    def look(work: Work, call: Call) -> Any:
        job = imports.one(work.connection, work.actor, call.id())
        return left_out_file(work.connection, job), f"import-{job.id}-left-out.csv"

    text, name = await _look(request, look)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(text, media_type="text/csv", headers=headers)


@declares(id="forgetImport", summary="Forget an import; its records stay", tag=_TAG, answer=DELETED, refusals=(404, 409))
async def forget_import(request: Request) -> Response:
    """Remove what is kept of it, the file too."""

    def forget(state: State, call: Call, _: Any) -> Any:
        def remove(connection: Connection) -> Any:
            return imports.forget(connection, work_for(connection, state, call, writing=True).actor, call.id())

        job = state.database.write_now(remove)
        drop_file(state.database, job.uid)
        return {"id": job.id, "is_deleted": True}

    return await _in_two_steps(request, lambda work, call: None, forget)


async def _in_two_steps(request: Request, look: Callable[[Work, Call], Any], act: Callable[[State, Call, Any], Any]) -> Response:
    """For what takes long to read and then writes in transactions of its own, beside the event loop."""
    state: State = request.app.state.cuprum
    call = await read_call(request, state.settings.max_import_bytes, "CUPRUM_MAX_IMPORT_BYTES")
    found = await state.database.read(_looked, state, call, look, True)
    return json_answer(await asyncio.to_thread(act, state, call, found))


async def _look(request: Request, look: Callable[[Work, Call], Any]) -> Any:
    state: State = request.app.state.cuprum
    call = await read_call(request, state.settings.max_body_bytes)
    return await state.database.read(_looked, state, call, look, False)


def _looked(connection: Connection, state: State, call: Call, look: Callable[[Work, Call], Any], writing: bool) -> Any:
    return look(work_for(connection, state, call, writing=writing), call)


def _whole(work: Work, job: Any) -> dict[str, Any]:
    plan = job.plan.as_json()
    columns = [
        {"header": header, "field": field, "samples": cells}
        for header, field, cells in zip(job.headers, plan.pop("columns"), job.samples or [[]] * len(job.headers), strict=True)
    ]
    known = targets(job.plan.entity, work.vocabulary).values()
    fields = [{"name": one.name, "label": one.label} for one in known]
    return {**plan, **job.as_json(imports.group_of(work.connection, job)), "columns": columns, "fields": fields}
