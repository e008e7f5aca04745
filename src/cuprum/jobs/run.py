"""What a workflow's body may do: every call here is a checkpoint, and a replay returns what was checkpointed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cuprum.jobs.backoff import Backoff
from cuprum.jobs.errors import Interrupted, RunFailed, StepFailed
from cuprum.jobs.history import AGAIN, Failure, State
from cuprum.jobs.plain import plain
from cuprum.jobs.workflow import Workflow
from cuprum.kit.errors import Unavailable

if TYPE_CHECKING:
    from cuprum.jobs.engine import Engine


class Run:
    """One run of a workflow. The body itself must be a pure function of its arguments and of what `run` returns."""

    def __init__(self, engine: Engine, run_id: str) -> None:
        self._engine = engine
        self.id = run_id

    def step(
        self,
        function: Callable[..., Any],
        *args: Any,
        name: str | None = None,
        retry: Backoff | None = None,
    ) -> Any:
        """Call `function(*args)` and keep its result (plain JSON); at least once, so make it idempotent.

        `retry(error, attempt)` answers seconds to wait, or None to give up. The answer is kept with the attempt,
        and the wait is durable. Raises StepFailed when the step gives up.
        """
        step_name = name or function.__name__
        for attempt in itertools.count(1):

            def attempt_it(attempt: int = attempt) -> Any:
                try:
                    return plain(function(*args))
                except Exception as error:
                    seconds = retry(error, attempt) if retry else None
                    if seconds is None:
                        raise
                    return {AGAIN: seconds, "failure": asdict(self._engine.transact.failure(error))}

            result = self._checkpoint(step_name, attempt_it)
            if not (isinstance(result, dict) and AGAIN in result):
                return result
            self.sleep(result[AGAIN])

    def sleep(self, seconds: float) -> None:
        """Wait, across restarts. Long waits cost no thread."""
        if seconds > 0:
            self._engine.transact.sleep(seconds)

    def receive(self, topic: str, timeout_seconds: float) -> Any:
        """The oldest message sent to this run on the topic; None when none came in time. Long waits cost no thread."""
        return self._engine.transact.receive(topic, timeout_seconds)

    def publish(self, key: str, value: Any) -> None:
        """Set what `Engine.published(run_id, key)` reads: progress, a question, a link."""
        self._engine.transact.publish(key, plain(value))

    def start(
        self,
        workflow: Workflow | str,
        run_id: str,
        *args: Any,
        queue: str | None = None,
        partition: str | None = None,
        priority: int | None = None,
        delay_seconds: float | None = None,
        unique: str | None = None,
    ) -> str:
        """Start a child run, as `Engine.start` does; derive `run_id` from this run's id and the place in the body."""
        try:
            return self._engine.begin(
                workflow,
                run_id,
                args,
                queue=queue,
                partition=partition,
                priority=priority,
                delay_seconds=delay_seconds,
                unique=unique,
            )
        except Unavailable:
            raise Interrupted from None

    def result(self, run_id: str) -> Any:
        """Wait for another run and return its output; raises RunFailed when it failed or was cancelled."""

        def fetch() -> Any:
            try:
                info = self._engine.wait(run_id)
            except Unavailable:
                raise Interrupted from None
            if info.state is State.DONE:
                return {"output": info.output}
            failure = info.failure or Failure("Cancelled", f"Run {run_id} was cancelled")
            return {"failure": asdict(failure)}

        outcome = self._checkpoint("result", fetch)
        if "failure" in outcome:
            raise RunFailed(run_id, Failure(**outcome["failure"]))
        return outcome["output"]

    def _checkpoint(self, name: str, call: Callable[[], Any]) -> Any:
        raised: list[Exception] = []

        def remember() -> Any:
            try:
                return call()
            except Exception as error:
                raised.append(error)
                raise

        try:
            return self._engine.transact.checkpoint(name, remember)
        except Exception as error:
            # Only what the step raised, now or when it ran before, becomes a StepFailed;
            # trouble with the engine itself passes through.
            if raised or self._engine.transact.is_replayed(error):
                raise StepFailed(self._engine.transact.failure(error)) from error
            raise
