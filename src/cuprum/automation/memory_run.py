"""A run without an engine: for dry runs and previews, where nothing has to survive."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from typing import Any

from cuprum.automation import history
from cuprum.automation.nodes.outcome import NodeTrouble, Said
from cuprum.jobs.backoff import Backoff
from cuprum.jobs.errors import StepFailed
from cuprum.jobs.history import Failure
from cuprum.jobs.plain import plain


class MemoryRun:
    """Steps are called at once, children one after the other. `body(run, order)` runs a child."""

    def __init__(self, run_id: str, body: Callable[[MemoryRun, dict[str, Any]], Any], sleep: Callable[[float], None]) -> None:
        self.id = run_id
        self._body, self._sleep = body, sleep
        self._ended: dict[str, Any] = {}

    def step(self, function: Callable[..., Any], *args: Any, name: str | None = None, retry: Backoff | None = None) -> Any:
        for attempt in itertools.count(1):
            try:
                return plain(function(*args))
            except Exception as error:
                seconds = retry(error, attempt) if retry else None
                if seconds is None:
                    data = error.data if isinstance(error, NodeTrouble) else None
                    raise StepFailed(Failure(type(error).__name__, str(error), None, data)) from error
                self._sleep(seconds)

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self._sleep(seconds)

    def receive(self, topic: str, timeout_seconds: float) -> Any:
        return None

    def start(self, workflow: str, run_id: str, order: dict[str, Any]) -> str:
        self._ended[run_id] = plain(self._body(MemoryRun(run_id, self._body, self._sleep), plain(order)))
        return run_id

    def result(self, run_id: str) -> Any:
        return self._ended[run_id]


class MemoryNotes:
    """What the history of a run would say; steps in the order in which they began."""

    def __init__(self) -> None:
        self.steps: dict[str, dict[str, Any]] = {}
        self.ended: dict[str, Any] = {}

    def begin(self, run_id: str, prefix: str) -> dict[str, Any]:
        now = time.time()
        return {"at": now, "started_at": now, "done": {}}

    def begin_step(self, run_id: str, step: dict[str, Any]) -> history.Begun:
        kept = self.steps.setdefault(step["place"], {**step, "attempts": 0, "started_at": history.milliseconds()})
        kept.update(state=history.STEP_RUNNING, input=step.get("input"), attempts=kept["attempts"] + 1)
        return history.Begun(kept.get("sent_at"))

    def note_sent(self, run_id: str, place: str) -> None:
        self.steps[place].setdefault("sent_at", int(time.time()))

    def end_step(self, run_id: str, place: str, said: Said) -> float:
        self._set(place, state=history.STEP_DONE, output=said.output, sent_at=None)
        return time.time()

    def fail_step(self, run_id: str, place: str, state: str, error: dict[str, Any], *, may_have_happened: bool) -> None:
        self._set(place, state=state, error=error)
        if not may_have_happened:
            self.steps[place].pop("sent_at", None)

    def handle_step(self, run_id: str, place: str, state: str) -> None:
        self._set(place, state=state)

    def finish(self, run_id: str, values: dict[str, Any]) -> None:
        self.ended = values

    def _set(self, place: str, **values: Any) -> None:
        self.steps[place].update(values, finished_at=history.milliseconds())
