"""The workflows of an installation over `/automation/v1`; they act through stored connections, so they are for admins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cuprum.api.call import Call
from cuprum.api.desk import Endpoint, Handler, reads, writes
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import listed
from cuprum.api.openapi.workflows import (
    ENABLED,
    NEW_WORKFLOW,
    WHOLE_WORKFLOW,
    WORKFLOW,
    WORKFLOW_CHANGE,
    WORKFLOW_REMOVED,
)
from cuprum.api.workflow_body import read_body
from cuprum.auth.may import may
from cuprum.kit.errors import Invalid, Problem
from cuprum.records.work import Work

if TYPE_CHECKING:
    from cuprum.automation.workflows import Kept

# The automations are imported where they are used: parsers and the connector would double the time that a start takes.


def routes() -> list[Route]:
    return [
        Route("/workflows", reads(list_workflows), methods=["GET"]),
        Route("/workflows", changes(add_workflow), methods=["POST"]),
        Route("/workflows/{id}", reads(get_workflow), methods=["GET"]),
        Route("/workflows/{id}", changes(change_workflow), methods=["PUT", "PATCH"]),
        Route("/workflows/{id}", changes(remove_workflow), methods=["DELETE"]),
        Route("/workflows/{id}/enable", changes(enable_workflow), methods=["POST"]),
        Route("/workflows/{id}/disable", changes(disable_workflow), methods=["POST"]),
    ]


def changes(handler: Handler) -> Endpoint:
    """A write after which the clock and the triggers are to look at the workflows again, at once."""
    endpoint = writes(handler)

    async def then(request: Request) -> Response:
        answer = await endpoint(request)
        request.app.state.cuprum.workflows_changed()
        return answer

    then.handler = handler  # type: ignore[attr-defined]
    return then


@declares(id="listWorkflows", summary="List the workflows", tag="Workflows", answer=listed(WORKFLOW), refusals=(403,))
def list_workflows(work: Work, call: Call) -> Any:
    from cuprum.automation import workflows

    only_admins(work)
    return [_shown(work, kept) for kept in workflows.all_of(work.connection)]


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

    only_admins(work)
    given = read_body(call.object(), "name", "definition", "connections", "inputs", "enabled")
    if "definition" not in given:
        raise Invalid(Problem("definition", "can't be blank", "blank"))
    kept = workflows.add(
        work.connection,
        given["definition"],
        name=given.get("name"),
        connections=given.get("connections"),
        inputs=given.get("inputs"),
        enabled=given.get("enabled", False),
        user_id=work.actor.user_id,
        group=work.group,
    )
    return {**_shown(work, kept), "definition": kept.workflow}


@declares(id="getWorkflow", summary="Read a workflow", tag="Workflows", answer=WHOLE_WORKFLOW, refusals=(403,))
def get_workflow(work: Work, call: Call) -> Any:
    from cuprum.automation import workflows

    only_admins(work)
    kept = workflows.by_id(work.connection, call.id())
    return {**_shown(work, kept), "definition": kept.workflow}


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

    only_admins(work)
    given = read_body(call.object(), "name", "definition", "connections", "enabled")
    kept = workflows.change(
        work.connection,
        call.id(),
        name=given.get("name"),
        read=given.get("definition"),
        connections=given.get("connections"),
        enabled=given.get("enabled"),
        user_id=work.actor.user_id,
        group=work.group,
    )
    return {**_shown(work, kept), "definition": kept.workflow}


@declares(id="removeWorkflow", summary="Forget a workflow", tag="Workflows", answer=WORKFLOW_REMOVED, refusals=(403,))
def remove_workflow(work: Work, call: Call) -> Any:
    from cuprum.automation import workflows

    only_admins(work)
    workflows.remove(work.connection, call.id(), group=work.group)
    return {"id": call.id(), "is_deleted": True}


@declares(
    id="enableWorkflow", summary="Let its triggers start it", tag="Workflows", answer=WORKFLOW, body=ENABLED, refusals=(403,)
)
def enable_workflow(work: Work, call: Call) -> Any:
    """What happened while it was disabled is caught up with, unless `skip` is said."""
    skip = call.object().get("skip")
    if not isinstance(skip, bool | None):
        raise Invalid(Problem("skip", "must be true or false"))
    return _switched(work, call, enabled=True, skip=bool(skip))


@declares(id="disableWorkflow", summary="Start it no more", tag="Workflows", answer=WORKFLOW, refusals=(403,))
def disable_workflow(work: Work, call: Call) -> Any:
    return _switched(work, call, enabled=False)


def _shown(work: Work, kept: Kept) -> dict[str, Any]:
    from cuprum.automation import doors

    return {**kept.as_json(), "addresses": doors.addresses(work.settings, kept)}


def _switched(work: Work, call: Call, *, enabled: bool, skip: bool = False) -> Any:
    from cuprum.automation import workflows

    only_admins(work)
    return _shown(work, workflows.change(work.connection, call.id(), enabled=enabled, skip=skip, group=work.group))


def only_admins(work: Work) -> None:
    may(work.actor, "manage", "workflows")
