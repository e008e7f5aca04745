"""Workflows and their runs over `/automation/v1`; they act through stored connections, so they are for admins."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cuprum.api.answers import json_answer
from cuprum.api.call import Call, read_call
from cuprum.api.desk import reads, work_for, writes
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import listed
from cuprum.api.openapi.workflows import (
    NEW_RUN,
    NEW_WORKFLOW,
    RETRY,
    RUN,
    RUN_PATH,
    RUNS_QUERY,
    STARTED,
    WHOLE_RUN,
    WHOLE_WORKFLOW,
    WORKFLOW,
    WORKFLOW_CHANGE,
    WORKFLOW_REMOVED,
)
from cuprum.api.state import State
from cuprum.auth.may import may
from cuprum.kit.errors import Invalid, Problem, Refused
from cuprum.records.work import Work

# The automations are imported where they are used: parsers and the connector would double the time that a start takes.

MOST_SHOWN = 200


def routes() -> list[Route]:
    return [
        Route("/workflows", reads(list_workflows), methods=["GET"]),
        Route("/workflows", writes(add_workflow), methods=["POST"]),
        Route("/workflows/{id}", reads(get_workflow), methods=["GET"]),
        Route("/workflows/{id}", writes(change_workflow), methods=["PUT", "PATCH"]),
        Route("/workflows/{id}", writes(remove_workflow), methods=["DELETE"]),
        Route("/workflows/{id}/enable", writes(enable_workflow), methods=["POST"]),
        Route("/workflows/{id}/disable", writes(disable_workflow), methods=["POST"]),
        Route("/workflows/{id}/runs", start_run, methods=["POST"]),
        Route("/runs", reads(list_runs), methods=["GET"]),
        # Ids of runs that events started may have slashes.
        Route("/runs/{id:path}/retry", retry_run, methods=["POST"]),
        Route("/runs/{id:path}/discard", writes(discard_run), methods=["POST"]),
        Route("/runs/{id:path}", reads(get_run), methods=["GET"]),
    ]


@declares(id="listWorkflows", summary="List the workflows", tag="Workflows", answer=listed(WORKFLOW), refusals=(403,))
def list_workflows(work: Work, call: Call) -> Any:
    from cuprum.automation import workflows

    _only_admins(work)
    return [kept.as_json() for kept in workflows.all_of(work.connection)]


@declares(
    id="addWorkflow",
    summary="Keep a workflow, or a new version of the one of that name",
    tag="Workflows",
    answer=WHOLE_WORKFLOW,
    body=NEW_WORKFLOW,
    body_required=True,
    refusals=(403,),
)
def add_workflow(work: Work, call: Call) -> Any:
    from cuprum.automation import workflows

    _only_admins(work)
    given = _given(call.object())
    if "definition" not in given:
        raise Invalid(Problem("definition", "can't be blank", "blank"))
    kept = workflows.add(
        work.connection,
        given["definition"],
        name=given.get("name"),
        connections=given.get("connections"),
        enabled=given.get("enabled", False),
        user_id=work.actor.user_id,
    )
    return {**kept.as_json(), "definition": kept.workflow}


@declares(id="getWorkflow", summary="Read a workflow", tag="Workflows", answer=WHOLE_WORKFLOW, refusals=(403,))
def get_workflow(work: Work, call: Call) -> Any:
    from cuprum.automation import workflows

    _only_admins(work)
    kept = workflows.by_id(work.connection, call.id())
    return {**kept.as_json(), "definition": kept.workflow}


@declares(
    id="changeWorkflow",
    summary="Change a workflow",
    tag="Workflows",
    answer=WHOLE_WORKFLOW,
    body=WORKFLOW_CHANGE,
    refusals=(403, 409),
)
def change_workflow(work: Work, call: Call) -> Any:
    from cuprum.automation import workflows

    _only_admins(work)
    given = _given(call.object())
    kept = workflows.change(
        work.connection,
        call.id(),
        name=given.get("name"),
        read=given.get("definition"),
        connections=given.get("connections"),
        enabled=given.get("enabled"),
    )
    return {**kept.as_json(), "definition": kept.workflow}


@declares(id="removeWorkflow", summary="Forget a workflow", tag="Workflows", answer=WORKFLOW_REMOVED, refusals=(403,))
def remove_workflow(work: Work, call: Call) -> Any:
    from cuprum.automation import workflows

    _only_admins(work)
    workflows.remove(work.connection, call.id())
    return {"id": call.id(), "is_deleted": True}


@declares(id="enableWorkflow", summary="Let its triggers start it", tag="Workflows", answer=WORKFLOW, refusals=(403,))
def enable_workflow(work: Work, call: Call) -> Any:
    return _switched(work, call, enabled=True)


@declares(id="disableWorkflow", summary="Start it no more", tag="Workflows", answer=WORKFLOW, refusals=(403,))
def disable_workflow(work: Work, call: Call) -> Any:
    return _switched(work, call, enabled=False)


@declares(id="startRun", summary="Start a workflow by hand", tag="Workflows", answer=STARTED, body=NEW_RUN, refusals=(403,))
async def start_run(request: Request) -> Response:
    """Note the run, and start it as soon as the engine is there."""

    def start(state: State, call: Call) -> Any:
        from cuprum.automation import workflows
        from cuprum.automation.starting import Beginning

        given = call.object()
        inputs = given.get("inputs") or {}
        if not isinstance(inputs, dict):
            raise Invalid(Problem("inputs", "must be an object"))
        kept = state.database.read_now(workflows.by_id, call.id())
        triggers = kept.workflow.get("triggers") or []
        beginning = Beginning(inputs, triggers[0]["name"] if triggers else None, given.get("trigger"))
        return {"id": state.starter().start_run(kept.id, beginning)}

    return await _beside_the_writer(request, start)


@declares(
    id="listRuns", summary="List runs, newest first", tag="Workflows", answer=listed(RUN), query=RUNS_QUERY, refusals=(403,)
)
def list_runs(work: Work, call: Call) -> Any:
    from cuprum.automation import history
    from cuprum.automation.showing import summary

    _only_admins(work)
    state = _word(call, "state")
    if state and state not in history.STATES:
        raise Refused(f"Invalid input: state must be one of {', '.join(history.STATES)}")
    reason = _word(call, "reason")
    if reason and reason not in history.REASONS:
        raise Refused(f"Invalid input: reason must be one of {', '.join(history.REASONS)}")
    rows = history.list_runs(
        work.connection,
        workflow_id=_whole(call, "workflow"),
        state=state,
        reason=reason,
        before=_word(call, "before"),
        limit=min(_whole(call, "limit") or 50, MOST_SHOWN),
    )
    return [summary(row) for row in rows]


@declares(
    id="getRun", summary="Look at a run and its steps", tag="Workflows", answer=WHOLE_RUN, path=RUN_PATH, refusals=(403, 404)
)
def get_run(work: Work, call: Call) -> Any:
    from cuprum.automation.showing import run_json

    _only_admins(work)
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

    def retry(state: State, call: Call) -> Any:
        given = call.object()
        edited = given.get("input")
        if edited is not None and not isinstance(edited, dict):
            raise Invalid(Problem("input", "must be an object"))
        state.starter().retry(call.parameters["id"], given=edited, repeat=given.get("repeat") is True)
        return {"id": call.parameters["id"]}

    return await _beside_the_writer(request, retry)


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

    _only_admins(work)
    history.discard(work.connection, call.parameters["id"])
    return {"id": call.parameters["id"]}


async def _beside_the_writer(request: Request, act: Callable[[State, Call], Any]) -> Response:
    """For what writes in transactions of its own and then speaks with the engine."""
    state: State = request.app.state.cuprum
    call = await read_call(request, state.settings.max_body_bytes)
    await state.database.read(lambda connection: _only_admins(work_for(connection, state, call, writing=True)))
    return json_answer(await asyncio.to_thread(act, state, call))


def _switched(work: Work, call: Call, *, enabled: bool) -> Any:
    from cuprum.automation import workflows

    _only_admins(work)
    return workflows.change(work.connection, call.id(), enabled=enabled).as_json()


def _only_admins(work: Work) -> None:
    may(work.actor, "manage", "workflows")


def _given(body: dict[str, Any]) -> dict[str, Any]:
    """The body, its kinds checked; raises Invalid with every problem."""
    kinds: dict[str, tuple[Callable[[Any], bool], str]] = {
        "name": (lambda value: isinstance(value, str), "must be text"),
        "definition": (lambda value: isinstance(value, dict), "must be an object"),
        "connections": (_are_names, "must be an object of names"),
        "enabled": (lambda value: isinstance(value, bool), "must be true or false"),
    }
    problems = [Problem(name, "is not known here") for name in body if name not in kinds]
    for name, (fits, reason) in kinds.items():
        if body.get(name) is not None and not fits(body[name]):
            problems.append(Problem(name, reason))
    if problems:
        raise Invalid(*problems)
    return {name: value for name, value in body.items() if value is not None}


def _are_names(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(name, str) for name in value.values())


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
