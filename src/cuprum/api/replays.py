"""`/automation/v1/workflows/{id}/replay`: the events of a time start a workflow once more, as `cuprum workflow replay` does."""

from __future__ import annotations

import time
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cuprum.api.call import Call
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.runs import REPLAY, REPLAYED
from cuprum.api.runs import beside_the_writer
from cuprum.api.state import State
from cuprum.api.workflow_body import read_body
from cuprum.kit.errors import Invalid, Problem


def routes() -> list[Route]:
    return [Route("/workflows/{id}/replay", replay_events, methods=["POST"])]


@declares(
    id="replayWorkflow",
    summary="Start a workflow once more by the events of a time",
    tag="Workflows",
    answer=REPLAYED,
    body=REPLAY,
    body_required=True,
    refusals=(403, 404, 422),
)
async def replay_events(request: Request) -> Response:
    """A run for each event that is still kept; what the workflow has not come to yet is left out, that comes by itself."""

    def start(state: State, call: Call, run_id: str | None) -> Any:
        from cuprum.automation import workflows
        from cuprum.automation.triggers.replaying import replay

        since, until = _time(read_body(call.object(), "since", "until"))
        kept = state.database.read_now(workflows.by_id, call.id())
        return {"runs": replay(state.database, state.starter(), kept.id, since=since, until=until, name=run_id)}

    return await beside_the_writer(request, start)


def _time(given: dict[str, Any]) -> tuple[int, int]:
    if "since" not in given:
        raise Invalid(Problem("since", "can't be blank", "blank"))
    since, until = given["since"], given.get("until", int(time.time()))
    if since > until:
        raise Invalid(Problem("until", "must not be before since"))
    return since, until
