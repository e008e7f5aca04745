"""Runs and steps as they are shown: on the command line, over the API, on a page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from cuprum.automation import history
from cuprum.kit import jsonio


def run_json(connection: Connection, run_id: str) -> dict[str, Any]:
    """A run with all its steps; raises NotFound."""
    row = history.one_run(connection, run_id)
    return {**summary(row), "steps": [step_json(step) for step in history.steps_of(connection, run_id)]}


def summary(row: Any) -> dict[str, Any]:
    """A run without its steps; moments in milliseconds."""
    return {
        "id": row.id,
        "workflow_id": row.workflow_id,
        "version": row.version,
        "name": row.name,
        "state": row.state,
        "reason": row.reason,
        "attempt": row.attempt,
        "depth": row.depth,
        "outputs": _read(row.outputs),
        "error": _read(row.error),
        "created_at": row.created_at,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
    }


def step_json(row: Any) -> dict[str, Any]:
    return {
        "place": row.place,
        "node": row.node,
        "type": row.type,
        "state": row.state,
        "attempts": row.attempts,
        "input": _read(row.input),
        "output": _read(row.output),
        "error": _read(row.error),
        "may_have_happened": row.sent_at is not None and row.state != history.STEP_DONE,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
    }


def _read(text: str | None) -> Any:
    return None if text is None else jsonio.decode(text)
