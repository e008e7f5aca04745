"""Schedules of workflows: each enabled one is on the engine's clock, and each due time starts one run, exactly once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from cuprum.automation import timing
from cuprum.automation.node_types import SCHEDULES
from cuprum.automation.order import while_unavailable
from cuprum.automation.starting import Starter
from cuprum.automation.workflows import Kept
from cuprum.jobs import Engine, Run, Schedule, Workflow

# Its name and arguments stay: open ticks outlive an upgrade.
TICK = "automation tick"


def tick_workflow(starter: Callable[[], Starter]) -> Workflow:
    """`automation tick(due, workflow id, name of the trigger)`."""

    def start(due: str, workflow_id: int, trigger: str) -> str | None:
        return starter().start_by_schedule(workflow_id, trigger, datetime.fromisoformat(due))

    def tick(run: Run, due: str, workflow_id: int, trigger: str) -> str | None:
        started: str | None = run.step(start, due, workflow_id, trigger, name="start", retry=while_unavailable)
        return started

    return Workflow(TICK, tick)


def keep_schedules(engine: Engine, enabled: Iterable[Kept], zone: str) -> None:
    """Put on the clock what is not there yet, change what was changed, take off what is no longer enabled."""
    wanted = {schedule.name: (schedule, since) for kept in enabled for schedule, since in _schedules(kept, zone)}
    present = {schedule.name: schedule for schedule in engine.schedules() if schedule.workflow == TICK}
    for name, (schedule, since) in wanted.items():
        if present.get(name) != schedule:
            engine.schedule(schedule, since=since)
    for name in present.keys() - wanted.keys():
        engine.unschedule(name)


def _schedules(kept: Kept, zone: str) -> Iterable[tuple[Schedule, float]]:
    for trigger in kept.workflow.get("triggers") or []:
        if trigger["type"] in SCHEDULES:
            when: dict[str, Any] = timing.rhythm(trigger["type"], trigger.get("parameters") or {}, zone)
            # Runs of one workflow may overlap: each is its own.
            name = f"workflow {kept.id} {trigger['name']}"
            schedule = Schedule(name, TICK, [kept.id, trigger["name"]], overlaps=True, tells_time=True, **when)
            yield schedule, float(kept.date_modified)
