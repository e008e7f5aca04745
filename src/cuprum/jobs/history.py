"""What the engine knows of a run and of its steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """How far a run is; the values are the engine's own words."""

    QUEUED = "ENQUEUED"
    DELAYED = "DELAYED"
    RUNNING = "PENDING"
    DONE = "SUCCESS"
    FAILED = "ERROR"
    CANCELLED = "CANCELLED"

    @property
    def is_open(self) -> bool:
        return self in (State.QUEUED, State.DELAYED, State.RUNNING)


OPEN = tuple(state for state in State if state.is_open)
FINISHED = tuple(state for state in State if not state.is_open)


@dataclass(frozen=True)
class Failure:
    """An error as it is stored: the name of its class, its sentence, and what it carried."""

    kind: str
    message: str
    code: int | str | None = None
    data: Any = None


@dataclass(frozen=True)
class RunInfo:
    id: str
    workflow: str
    state: State
    queue: str | None
    partition: str | None
    executor_id: str | None
    parent_id: str | None
    forked_from: str | None
    attempts: int
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    args: list[Any]
    output: Any
    failure: Failure | None


@dataclass(frozen=True)
class StepInfo:
    """One checkpoint: a step, an attempt that will be repeated (`again_in_seconds`), a sleep, a message, a child."""

    number: int
    name: str
    output: Any
    failure: Failure | None
    again_in_seconds: float | None
    child_id: str | None
    started_at: datetime | None
    finished_at: datetime | None


# A step's output when the step failed and is to be tried again; the decision is part of the checkpoint.
AGAIN = "__again_in_seconds__"


def stored_failure(error: Any) -> Failure:
    """Read an error as the engine stored it; a StepFailed that nobody caught tells of the error behind it."""
    if error.name in ("StepFailed", "RunFailed") and isinstance(error.data, dict):
        return Failure(error.data["kind"], error.message, error.data["code"], error.data["data"])
    return Failure(error.name, error.message, error.code, error.data)


def run_info(status: Any) -> RunInfo:
    """Ours, from the engine's WorkflowStatus."""
    return RunInfo(
        id=status.workflow_id,
        workflow=status.name,
        state=State(status.status),
        queue=None if (status.queue_name or "").startswith("_dbos_") else status.queue_name,
        partition=status.queue_partition_key,
        executor_id=status.executor_id,
        parent_id=status.parent_workflow_id,
        forked_from=status.forked_from,
        attempts=status.recovery_attempts or 0,
        created_at=_instant(status.created_at) or datetime.fromtimestamp(0, UTC),
        updated_at=_instant(status.updated_at) or datetime.fromtimestamp(0, UTC),
        finished_at=_instant(status.completed_at),
        args=list(status.input["args"]) if status.input else [],
        output=status.output,
        failure=stored_failure(status.error) if status.error else None,
    )


def step_info(step: Any) -> StepInfo:
    """Ours, from the engine's StepInfo."""
    output, again = step["output"], None
    failure = stored_failure(step["error"]) if step["error"] else None
    if isinstance(output, dict) and AGAIN in output:
        failure, again, output = Failure(**output["failure"]), output[AGAIN], None
    return StepInfo(
        number=step["function_id"],
        name=step["function_name"],
        output=output,
        failure=failure,
        again_in_seconds=again,
        child_id=step["child_workflow_id"],
        started_at=_instant(step["started_at_epoch_ms"]),
        finished_at=_instant(step["completed_at_epoch_ms"]),
    )


def _instant(epoch_ms: int | None) -> datetime | None:
    return None if epoch_ms is None else datetime.fromtimestamp(epoch_ms / 1000, UTC)
