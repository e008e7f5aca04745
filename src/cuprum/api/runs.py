"""Runs over `/automation/v1`: started by hand, shown, gone on with and given up. They show what connections saw: for admins."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cuprum.api.answers import json_answer
from cuprum.api.call import Call, read_call
from cuprum.api.desk import reads, work_for, writes
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.runs import (
    BULK,
    BULK_ANSWER,
    DRY_RUN,
    NEW_RUN,
    NEW_RUN_OF_FILE,
    RETRY,
    RUN,
    RUN_PATH,
    RUNS_QUERY,
    STARTED,
    WHOLE_RUN,
)
from cuprum.api.openapi.schemas import listed
from cuprum.api.state import State
from cuprum.api.workflow_body import read_body
from cuprum.api.workflows import only_admins
from cuprum.kit.errors import CuprumError, Invalid, Problem, Refused
from cuprum.records.work import Work

# The automations are imported where they are used: parsers and the connector would double the time that a start takes.

MOST_SHOWN = 200


def routes() -> list[Route]:
    return [
        Route("/workflows/{id}/runs", start_run, methods=["POST"]),
        Route("/dry-run", dry_run, methods=["POST"]),
        Route("/runs", reads(list_runs), methods=["GET"]),
        Route("/runs", start_run_of_file, methods=["POST"]),
        Route("/runs/retry", retry_runs, methods=["POST"]),
        Route("/runs/discard", discard_runs, methods=["POST"]),
        # Ids of runs that triggers started have slashes.
        Route("/runs/{id:path}/retry", retry_run, methods=["POST"]),
        Route("/runs/{id:path}/discard", writes(discard_run), methods=["POST"]),
        Route("/runs/{id:path}", reads(get_run), methods=["GET"]),
    ]


@declares(
    id="startRun", summary="Start a workflow by hand", tag="Workflows", answer=STARTED, body=NEW_RUN, refusals=(403, 404, 422)
)
async def start_run(request: Request) -> Response:
    """Note the run, and start it as soon as the engine is there. With an `Idempotency-Key` it starts once, however often sent."""

    def start(state: State, call: Call, run_id: str | None) -> Any:
        from cuprum.automation import workflows

        given = read_body(call.object(), "inputs", "trigger")
        kept = state.database.read_now(workflows.by_id, call.id())
        return {"id": state.starter().start_run(kept.id, _beginning(kept.workflow, given), run_id)}

    return await beside_the_writer(request, start)


@declares(
    id="startRunOfFile",
    summary="Run a workflow that is kept nowhere, once",
    tag="Workflows",
    answer=STARTED,
    body=NEW_RUN_OF_FILE,
    body_required=True,
    refusals=(403, 404, 422),
)
async def start_run_of_file(request: Request) -> Response:
    """As `cuprum run` does."""

    def start(state: State, call: Call, run_id: str | None) -> Any:
        given, workflow, connections = _file(state, call)
        label = str(workflow.get("label") or "run")
        beginning = _beginning(workflow, given)
        return {"id": state.starter().start_given(workflow, beginning, name=label, connections=connections, run_id=run_id or "")}

    return await beside_the_writer(request, start)


@declares(
    id="dryRun",
    summary="Show what a run would do, and write nothing",
    tag="Workflows",
    answer=DRY_RUN,
    body=NEW_RUN_OF_FILE,
    body_required=True,
    refusals=(403, 404, 422),
)
async def dry_run(request: Request) -> Response:
    """What reads is asked; what writes is shown as what it would send; nothing is waited for."""

    def show(state: State, call: Call, run_id: str | None) -> Any:
        from cuprum.automation import passing, starting
        from cuprum.kit.uuid7 import uuid7

        given, workflow, connections = _file(state, call)
        zone = state.database.read_now(starting.zone_of_account)
        order = starting.order_for(workflow, _beginning(workflow, given), run_id=uuid7(), connections=connections, zone=zone)
        ended, steps = passing.dry_run(state.database, order)
        return {"outputs": None, "error": None, "reason": None, **ended, "steps": steps}

    return await beside_the_writer(request, show)


@declares(
    id="listRuns", summary="List runs, newest first", tag="Workflows", answer=listed(RUN), query=RUNS_QUERY, refusals=(403, 404)
)
def list_runs(work: Work, call: Call) -> Any:
    from cuprum.automation import history
    from cuprum.automation.showing import summary

    only_admins(work)
    rows = history.list_runs(
        work.connection,
        workflow_id=_whole(call, "workflow"),
        state=_one_of(call, "state", history.STATES),
        reason=_one_of(call, "reason", history.REASONS),
        before=_word(call, "before"),
        limit=min(_whole(call, "limit") or 50, MOST_SHOWN),
    )
    return [summary(row) for row in rows]


@declares(
    id="getRun", summary="Look at a run and its steps", tag="Workflows", answer=WHOLE_RUN, path=RUN_PATH, refusals=(403, 404)
)
def get_run(work: Work, call: Call) -> Any:
    from cuprum.automation.showing import run_json

    only_admins(work)
    return run_json(work.connection, call.parameters["id"])


@declares(
    id="retryRun",
    summary="Go on with a run from the step that failed",
    tag="Workflows",
    answer=STARTED,
    path=RUN_PATH,
    body=RETRY,
    refusals=(403, 404, 409),
)
async def retry_run(request: Request) -> Response:
    """Queue it again, with another input where one is given."""

    def retry(state: State, call: Call, run_id: str | None) -> Any:
        given = read_body(call.object(), "input", "repeat")
        state.starter().retry(call.parameters["id"], given=given.get("input"), repeat=given.get("repeat", False))
        return {"id": call.parameters["id"]}

    return await beside_the_writer(request, retry)


@declares(
    id="retryRuns",
    summary="Go on with many runs",
    tag="Workflows",
    answer=BULK_ANSWER,
    body=BULK,
    body_required=True,
    refusals=(403,),
)
async def retry_runs(request: Request) -> Response:
    """Those with the given ids, or all that are parked or failed as given, the oldest first, at most 500 at a time."""

    def retry(state: State, call: Call, run_id: str | None) -> Any:
        given = read_body(call.object(), *_CHOICE, "repeat")
        starter, repeat = state.starter(), given.get("repeat", False)
        return _each(state, given, lambda run: starter.retry(run, repeat=repeat))

    return await beside_the_writer(request, retry)


@declares(
    id="discardRuns",
    summary="Give up many runs",
    tag="Workflows",
    answer=BULK_ANSWER,
    body=BULK,
    body_required=True,
    refusals=(403,),
)
async def discard_runs(request: Request) -> Response:
    """Those with the given ids, or all that are parked or failed as given, the oldest first, at most 500 at a time."""

    def discard(state: State, call: Call, run_id: str | None) -> Any:
        from cuprum.automation import history

        given = read_body(call.object(), *_CHOICE)
        return _each(state, given, lambda run: state.database.write_now(history.discard, run))

    return await beside_the_writer(request, discard)


@declares(
    id="discardRun",
    summary="Give up a parked or failed run",
    tag="Workflows",
    answer=STARTED,
    path=RUN_PATH,
    refusals=(403, 404, 409),
)
def discard_run(work: Work, call: Call) -> Any:
    from cuprum.automation import history

    only_admins(work)
    history.discard(work.connection, call.parameters["id"])
    return {"id": call.parameters["id"]}


_CHOICE = ("ids", "workflow", "state", "reason")


def _each(state: State, given: dict[str, Any], act: Callable[[str], Any]) -> dict[str, Any]:
    from cuprum.automation import history

    if not given.keys() & set(_CHOICE):
        raise Invalid(Problem("ids", f"give ids, or some of {', '.join(_CHOICE[1:])}"))
    ids = given.get("ids")
    if ids is None:
        choice = {name: given.get(name) for name in ("state", "reason")}
        ids = state.database.read_now(history.dead_runs, workflow_id=given.get("workflow"), **choice)
    done, refused = [], []
    for run_id in ids:
        try:
            act(run_id)
            done.append(run_id)
        except CuprumError as trouble:
            refused.append({"id": run_id, "message": str(trouble)})
    return {"done": done, "refused": refused}


def _file(state: State, call: Call) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """The body, the workflow that it has or names, and the connections of its nodes."""
    from cuprum.automation import workflows
    from cuprum.automation.checking import check_workflow
    from cuprum.automation.connections import Connections
    from cuprum.automation.workflow_file import as_workflow

    given = read_body(call.object(), "definition", "workflow", "inputs", "trigger", "connections")
    bindings = given.get("connections") or {}
    if "workflow" in given:
        kept = state.database.read_now(workflows.by_id, given["workflow"])
        workflow, bindings = kept.workflow, {**kept.connections, **bindings}
    elif "definition" in given:
        workflow = as_workflow(given["definition"])
    else:
        raise Invalid(Problem("definition", "can't be blank", "blank"))
    check_workflow(workflow, given=given.get("inputs") or {})
    known = [one.name for one in Connections(state.settings, state.database).all()]
    return given, workflow, workflows.bound(workflow, bindings, known)


def _beginning(workflow: dict[str, Any], given: dict[str, Any]) -> Any:
    from cuprum.automation.starting import Beginning

    triggers = workflow.get("triggers") or []
    name = triggers[0]["name"] if triggers else "trigger_1" if "trigger" in given else None
    return Beginning(given.get("inputs") or {}, name, given.get("trigger"))


async def beside_the_writer(request: Request, act: Callable[[State, Call, str | None], Any]) -> Response:
    """For what writes in transactions of its own and then speaks with the engine; `act` is told the id of what it starts."""
    state: State = request.app.state.cuprum
    call = await read_call(request, state.settings.max_body_bytes)

    def run_id(connection: Any) -> str | None:
        work = work_for(connection, state, call, writing=True)
        only_admins(work)
        key = call.headers.get("idempotency-key")
        named = f"{work.actor.user_id} {call.path} {key}"
        return f"hand-{hashlib.sha256(named.encode()).hexdigest()[:32]}" if key else None

    chosen = await state.database.read(run_id)
    return json_answer(await asyncio.to_thread(act, state, call, chosen))


def _one_of(call: Call, name: str, words: tuple[str, ...]) -> str | None:
    given = _word(call, name)
    if given and given not in words:
        raise Refused(f"Invalid input: {name} must be one of {', '.join(words)}")
    return given


def _word(call: Call, name: str) -> str | None:
    given = call.query.get(name)
    return given if isinstance(given, str) and given else None


def _whole(call: Call, name: str) -> int | None:
    given = call.query.get(name)
    if given in (None, ""):
        return None
    if not (isinstance(given, str) and given.isascii() and given.isdecimal() and 1 <= len(given) <= 16):
        raise Refused(f"Invalid input: {name} must be a whole number")
    return int(given)
