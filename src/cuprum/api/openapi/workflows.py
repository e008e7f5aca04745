"""Workflows and runs: what is shown, what may be written."""

from __future__ import annotations

from cuprum.api.openapi.schemas import (
    ANY,
    BOOLEAN,
    ID,
    SECONDS,
    TEXT,
    Named,
    Schema,
    closed,
    listed,
    one_of_words,
    or_null,
    whole,
)

_OBJECT: Schema = {"type": "object"}
_CONNECTIONS: Schema = {
    "type": "object",
    "additionalProperties": TEXT,
    "description": "The connection of each node, by its name; under the empty name that of all others.",
}
_MOMENT = whole(0, 2**53, description="Milliseconds since 1970.")
_REASONS = ("unavailable", "needs_reauth", "ambiguous")
_STATES = ("queued", "running", "done", "failed", "parked", "discarded")

WORKFLOW_SHOWN: dict[str, Schema] = {
    "id": ID,
    "name": TEXT,
    "label": TEXT,
    "enabled": BOOLEAN,
    "triggers": listed(TEXT),
    "connections": _CONNECTIONS,
    "date_created": SECONDS,
    "date_modified": SECONDS,
}
WORKFLOW = Named("Workflow", closed(WORKFLOW_SHOWN))
WHOLE_WORKFLOW = Named("WholeWorkflow", closed({**WORKFLOW_SHOWN, "definition": _OBJECT}))
_WRITTEN: dict[str, Schema] = {
    "name": {**TEXT, "minLength": 1, "maxLength": 120},
    "definition": {**_OBJECT, "description": "A workflow as ByteChef's files have it, or a single task."},
    "connections": _CONNECTIONS,
    "enabled": BOOLEAN,
}
NEW_WORKFLOW = Named("NewWorkflow", closed(_WRITTEN, ("definition",)))
WORKFLOW_CHANGE = Named("WorkflowChange", closed(_WRITTEN, ()))
WORKFLOW_REMOVED = Named("WorkflowRemoved", closed({"id": ID, "is_deleted": BOOLEAN}))

_RUN: dict[str, Schema] = {
    "id": TEXT,
    "workflow_id": or_null(ID),
    "name": TEXT,
    "state": one_of_words(*_STATES),
    "reason": or_null(one_of_words(*_REASONS)),
    "attempt": whole(1, 2**31 - 1),
    "depth": whole(0, 2**31 - 1),
    "outputs": or_null(_OBJECT),
    "error": or_null(_OBJECT),
    "created_at": _MOMENT,
    "started_at": or_null(_MOMENT),
    "finished_at": or_null(_MOMENT),
}
_STEP = closed(
    {
        "place": TEXT,
        "node": TEXT,
        "type": TEXT,
        "state": one_of_words("running", "again", "done", "failed", "handled"),
        "attempts": whole(1, 2**31 - 1),
        "input": ANY,
        "output": ANY,
        "error": or_null(_OBJECT),
        "may_have_happened": BOOLEAN,
        "started_at": _MOMENT,
        "finished_at": or_null(_MOMENT),
    }
)
RUN = Named("Run", closed(_RUN))
WHOLE_RUN = Named("WholeRun", closed({**_RUN, "steps": listed(_STEP)}))
NEW_RUN = Named("NewRun", closed({"inputs": _OBJECT, "trigger": ANY}, ()))
STARTED = Named("RunStarted", closed({"id": TEXT}))
RETRY = Named(
    "RunRetry",
    closed(
        {
            "input": {**_OBJECT, "description": "What the failed step gets instead of its input."},
            "repeat": {**BOOLEAN, "description": "Send the write again although it may have happened."},
        },
        (),
    ),
)
RUNS_QUERY: dict[str, Schema] = {
    "workflow": {"type": "integer", "minimum": 1, "description": "Only of this workflow."},
    "state": one_of_words(*_STATES),
    "reason": one_of_words(*_REASONS),
    "before": {**TEXT, "description": "The id of a run: only older ones. Give the last of a page to read the next."},
    "limit": whole(1, 200, default=50),
}
RUN_PATH: dict[str, Schema] = {"id": {**TEXT, "description": "The id of the run."}}
