"""Runs: what is shown, what may be written."""

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
from cuprum.api.openapi.workflows import CONNECTIONS

_OBJECT: Schema = {"type": "object"}
_MOMENT = whole(0, 2**53, description="Milliseconds since 1970.")
_REASONS = ("unavailable", "needs_reauth", "ambiguous")
_STATES = ("queued", "running", "done", "failed", "parked", "discarded")

_RUN: dict[str, Schema] = {
    "id": TEXT,
    "workflow_id": or_null(ID),
    "version": or_null(whole(1, 2**31 - 1, description="Of the workflow, when the run started.")),
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
REPLAY = Named(
    "Replay",
    closed(
        {
            "since": {**SECONDS, "description": "From this second on, by the clock of the server that was watched."},
            "until": {**SECONDS, "description": "Up to this second, it included; now when left out."},
        },
        ("since",),
    ),
)
REPLAYED = Named("Replayed", closed({"runs": listed(TEXT)}))
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
_FILE: dict[str, Schema] = {
    "definition": {**_OBJECT, "description": "A workflow as ByteChef's files have it, or a single task."},
    "connections": CONNECTIONS,
    "inputs": _OBJECT,
    "trigger": {**ANY, "description": "What the trigger says."},
}
NEW_RUN_OF_FILE = Named("NewRunOfFile", closed({**_FILE, "workflow": {**ID, "description": "A kept one in its place."}}, ()))
DRY_RUN = Named(
    "DryRun",
    closed(
        {
            "state": one_of_words("done", "failed", "parked"),
            "reason": or_null(one_of_words(*_REASONS)),
            "outputs": or_null(_OBJECT),
            "error": or_null(_OBJECT),
            "steps": listed(_OBJECT),
        }
    ),
)
BULK = Named(
    "ManyRuns",
    closed(
        {
            "ids": {**listed(TEXT), "maxItems": 500},
            "workflow": ID,
            "state": one_of_words("parked", "failed"),
            "reason": one_of_words(*_REASONS),
            "repeat": {**BOOLEAN, "description": "When retrying: send writes again although they may have happened."},
        },
        (),
    ),
)
BULK_ANSWER = Named("ManyRunsDone", closed({"done": listed(TEXT), "refused": listed(closed({"id": TEXT, "message": TEXT}))}))
RUNS_QUERY: dict[str, Schema] = {
    "workflow": {"type": "integer", "minimum": 1, "description": "Only of this workflow."},
    "state": one_of_words(*_STATES),
    "reason": one_of_words(*_REASONS),
    "before": {**TEXT, "description": "The id of a run: only older ones. Give the last of a page to read the next."},
    "limit": whole(1, 200, default=50),
}
RUN_PATH: dict[str, Schema] = {"id": {**TEXT, "description": "The id of the run."}}
