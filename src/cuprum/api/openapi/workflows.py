"""Workflows: what is shown, what may be written."""

from __future__ import annotations

from cuprum.api.openapi.schemas import (
    BOOLEAN,
    ID,
    SECONDS,
    TEXT,
    Named,
    Schema,
    closed,
    listed,
    whole,
)

_OBJECT: Schema = {"type": "object"}
CONNECTIONS: Schema = {
    "type": "object",
    "additionalProperties": TEXT,
    "description": "The connection of each node, by its name; under the empty name that of all others.",
}

WORKFLOW_SHOWN: dict[str, Schema] = {
    "id": ID,
    "name": TEXT,
    "label": TEXT,
    "enabled": BOOLEAN,
    "triggers": listed(TEXT),
    "connections": CONNECTIONS,
    "version": whole(1, 2**31 - 1, description="Another one with each file or connection that is saved."),
    "addresses": {"type": "object", "additionalProperties": TEXT, "description": "Where its webhook triggers listen, by name."},
    "date_created": SECONDS,
    "date_modified": SECONDS,
}
WORKFLOW = Named("Workflow", closed(WORKFLOW_SHOWN))
WHOLE_WORKFLOW = Named("WholeWorkflow", closed({**WORKFLOW_SHOWN, "definition": _OBJECT}))
_WRITTEN: dict[str, Schema] = {
    "name": {**TEXT, "minLength": 1, "maxLength": 120},
    "definition": {**_OBJECT, "description": "A workflow as ByteChef's files have it, or a single task."},
    "connections": CONNECTIONS,
    "enabled": BOOLEAN,
}
_INPUTS: Schema = {**_OBJECT, "description": "What the runs that its triggers start begin with."}
NEW_WORKFLOW = Named("NewWorkflow", closed({**_WRITTEN, "inputs": _INPUTS}, ("definition",)))
WORKFLOW_CHANGE = Named("WorkflowChange", closed(_WRITTEN, ()))
ENABLED = Named(
    "WorkflowEnabled",
    closed({"skip": {**BOOLEAN, "description": "What happened while it was disabled starts nothing."}}, ()),
)
WORKFLOW_REMOVED = Named("WorkflowRemoved", closed({"id": ID, "is_deleted": BOOLEAN}))
