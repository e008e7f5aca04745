"""Starts runs: from an event, by hand, or again; each exactly once, however often it is asked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from cuprum.automation import history, timing
from cuprum.automation.authorship import depth_of
from cuprum.automation.connections import stored_connections
from cuprum.automation.node_types import SCHEDULES
from cuprum.automation.order import Order
from cuprum.automation.run import QUEUE, RUN, engine_id
from cuprum.automation.workflow_file import BadWorkflow, Trouble
from cuprum.automation.workflows import Kept, by_id, with_the_only_one
from cuprum.automation.zone import zone_of_account
from cuprum.jobs import Engine
from cuprum.kit import jsonio
from cuprum.kit.errors import Conflict, NotFound
from cuprum.kit.uuid7 import uuid7
from cuprum.storage.database import Database

log = logging.getLogger("cuprum.automation")


@dataclass(frozen=True)
class Beginning:
    """What a run starts with: its inputs, and what its trigger says."""

    inputs: Mapping[str, Any]
    trigger: str | None = None
    event: Any = None


def names_of(workflow: Mapping[str, Any], beginning: Beginning) -> dict[str, Any]:
    """What the first task sees; raises BadWorkflow naming every required input that is missing."""
    names: dict[str, Any] = {}
    missing = []
    for one in workflow.get("inputs") or []:
        name = one["name"]
        given = beginning.inputs.get(name, one.get("defaultValue"))
        if given is None and one.get("required"):
            missing.append(Trouble(f"inputs.{name}", "can't be blank"))
        names[name] = given
    if missing:
        raise BadWorkflow(*missing)
    names.update(beginning.inputs)
    if beginning.trigger is not None:
        names[beginning.trigger] = beginning.event
    return names


def order_for(
    workflow: Mapping[str, Any], beginning: Beginning, *, run_id: str, connections: Mapping[str, str], zone: str
) -> dict[str, Any]:
    """The order of a new run, as it is kept with the run."""
    return Order(
        run_id,
        workflow["tasks"],
        names_of(workflow, beginning),
        list(workflow.get("outputs") or []),
        dict(connections),
        max_retries=workflow.get("maxRetries"),
        strict=not workflow.get("lenient"),
        zone=zone,
    ).as_json()


class Starter:
    """Starts runs on the engine; `engine()` is None as long as it is not there, and then they start when it is."""

    def __init__(self, database: Database, engine: Callable[[], Engine | None], *, queue: str | None = QUEUE) -> None:
        self._database, self._engine, self._queue = database, engine, queue

    def start_run(self, workflow_id: int, beginning: Beginning, run_id: str | None = None) -> str | None:
        """Start a run of a kept workflow and return its id; None when the event is the echo of runs (the loop guard).

        The same `run_id` again starts nothing. Raises NotFound, and BadWorkflow for missing inputs.
        """
        run_id = run_id or uuid7()
        kept = self._database.read_now(by_id, workflow_id)
        depth = depth_of(self._database, kept, beginning.event)
        if depth is None:
            return None
        self._database.write_now(_add, kept, beginning, run_id, depth)
        self._go(run_id, 1)
        return run_id

    def start_by_schedule(self, workflow_id: int, trigger: str, due: datetime) -> str | None:
        """The run for a due time of a schedule; None when the workflow is disabled or has no such trigger by now."""
        try:
            kept = self._database.read_now(by_id, workflow_id)
        except NotFound:
            return None
        found = [one for one in kept.workflow.get("triggers") or [] if one["name"] == trigger and one["type"] in SCHEDULES]
        if not kept.enabled or not found:
            return None
        zone = self._database.read_now(zone_of_account)
        event = timing.said(found[0].get("parameters") or {}, due, zone)
        run_id = f"{workflow_id}/{trigger}@{due.isoformat().replace('+00:00', 'Z')}"
        return self.start_run(workflow_id, Beginning({}, trigger, event), run_id)

    def start_given(
        self, workflow: Mapping[str, Any], beginning: Beginning, *, name: str, connections: Mapping[str, str], run_id: str = ""
    ) -> str:
        """Start a run of a workflow that is kept nowhere but with the run itself."""
        run_id = run_id or uuid7()

        def add(connection: Connection) -> None:
            zone = zone_of_account(connection)
            arguments = order_for(workflow, beginning, run_id=run_id, connections=connections, zone=zone)
            history.add_run(connection, run_id, name=name, arguments=arguments, workflow_id=None, depth=0)

        self._database.write_now(add)
        self._go(run_id, 1)
        return run_id

    def retry(self, run_id: str, *, given: dict[str, Any] | None = None, repeat: bool = False) -> str:
        """Go on with a parked or failed run from the step that failed; the engine's id of the attempt."""
        attempt = self._database.write_now(history.reopen, run_id, given=given, repeat=repeat)
        return self._go(run_id, attempt)

    def start_queued(self, *, older_than_seconds: float | None = None) -> None:
        """Start what was noted and never started: a crash came between, or the engine was not there yet."""
        before = None if older_than_seconds is None else history.milliseconds() - int(older_than_seconds * 1000)
        for run_id, attempt in self._database.read_now(history.queued_runs, before):
            self._go(run_id, attempt)

    def go_on_with(self, working: Iterable[str]) -> None:
        """Retry the runs that waited for one of these connections to be authorised again."""
        for run_id in self._database.read_now(history.waiting_for, working):
            try:
                self.retry(run_id)
            except Conflict:
                # Somebody else was faster.
                log.debug("run %s goes on already", run_id)

    def _go(self, run_id: str, attempt: int) -> str:
        name = engine_id(run_id, attempt)
        engine = self._engine()
        if engine is not None:
            row = self._database.read_now(history.one_run, run_id)
            engine.start(RUN, name, jsonio.decode(row.arguments), queue=self._queue)
        return name


def _add(connection: Connection, kept: Kept, beginning: Beginning, run_id: str, depth: int) -> None:
    # One that was never enabled has not been bound to the only connection yet.
    connections = with_the_only_one(kept.connections, [one.name for one in stored_connections(connection)])
    zone = zone_of_account(connection)
    arguments = order_for(kept.workflow, beginning, run_id=run_id, connections=connections, zone=zone)
    history.add_run(
        connection, run_id, name=kept.name, arguments=arguments, workflow_id=kept.id, depth=depth, version=kept.version
    )
