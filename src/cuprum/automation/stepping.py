"""One task that holds no others: its expressions, the call or the wait, the retries, and what is noted of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cuprum.automation import history
from cuprum.automation.expressions import ExpressionError, Scope, evaluate
from cuprum.automation.expressions.values import Wrong
from cuprum.automation.hands import Hands
from cuprum.automation.node_types import COPPER, ON_CALL, WAITS, own_parameters
from cuprum.automation.nodes import waiting
from cuprum.automation.nodes.outcome import (
    LONGEST_RETRY_AFTER_SECONDS,
    NEEDS_REAUTH,
    PERMANENT,
    TRANSIENT,
    UNKNOWN,
    NodeCall,
    NodeTrouble,
    Said,
)
from cuprum.automation.order import Failed, Order, Steps, while_unavailable
from cuprum.jobs.backoff import Backoff, exponential
from cuprum.jobs.errors import StepFailed

DEFAULT_RETRIES = 4


class Stepping:
    """What a walk knows while it goes: the names so far, what was done before, and the time of the last step."""

    def __init__(self, run: Steps, order: Order, hands: Hands, begun: dict[str, Any], first_retry_seconds: float) -> None:
        self.run, self.order, self.hands = run, order, hands
        self.names = dict(order.names)
        # Expressions see the end of the last step, or the start: the same whenever the run is replayed or tried again.
        self.now: float = begun["started_at"] if order.now is None else order.now
        self.done: dict[str, Any] = begun["done"]
        self.resumed_at: float = begun["at"]
        self._first_retry_seconds = first_retry_seconds

    def simple(self, task: dict[str, Any], place: str) -> Any:
        if task["type"] in WAITS:
            return self._wait(task, place)
        return self._wait_for_call(task, place) if task["type"] == ON_CALL else self._call(task, place)

    def _call(self, task: dict[str, Any], place: str) -> Any:
        if place in self.done:
            return self.known(place)
        edit = self.order.edits.get(place)
        given = edit["input"] if edit else self.parameters(task, place)
        call = NodeCall(
            self.order.run_id,
            place,
            task["name"],
            task["type"],
            given,
            self._connection(task),
            edit["edition"] if edit else 0,
            self.now,
        )
        try:
            said = self.run.step(self.hands.perform, call, name=place, retry=self._retry(task))
        except StepFailed as failed:
            raise self._failed(task, place, failed) from None
        self.now = said["at"]
        return said["output"]

    def _wait_for_call(self, task: dict[str, Any], place: str) -> Any:
        """Until somebody calls the address that the step shows, and its `serviceUrl` is told; else it fails in the end."""
        if place in self.done:
            return self.known(place)
        given = self.parameters(task, place)
        try:
            seconds = waiting.patience_seconds(given)
        except Wrong as trouble:
            raise self.refused(task, place, given, str(trouble)) from None
        address = self.hands.resume_address(self.run.id, self.order.run_id, place)
        told = {"resumeUrl": address, "expiresAt": waiting.written(self.now + seconds)}
        self._note_begin(task, place, {**given, **told})
        if given.get("serviceUrl"):
            notice = {**task, "type": "httpClient/v1/post", "parameters": {"uri": given["serviceUrl"], "body": told}}
            self._call(notice, f"{place}/notice")
        if self.hands.dry:
            return self._note_end(place, {"resumed": False, "dry_run": True})
        called = self.run.receive(place, seconds)
        if called is None:
            raise self.refused(task, place, given, f"nobody called within {seconds:,.0f} seconds")
        return self._note_end(place, {"resumed": True, **called})

    def _wait(self, task: dict[str, Any], place: str) -> Any:
        if place in self.done:
            return self.known(place)
        given = self.parameters(task, place)
        try:
            until = waiting.resume_at(task["type"], given, self.now, self.order.zone)
        except Wrong as trouble:
            raise self.refused(task, place, given, str(trouble)) from None
        self._note_begin(task, place, given)
        if not self.hands.dry:
            self.run.sleep(until - self.now)
        key = "scheduledAt" if task["type"].endswith("atSpecifiedTime") else "resumedAt"
        return self._note_end(place, {key: waiting.written(until)})

    def _connection(self, task: dict[str, Any]) -> str | None:
        if not task["type"].startswith(COPPER):
            return None
        bound = self.order.connections
        return bound.get(task["name"]) or bound.get("copper") or bound.get("")

    def _retry(self, task: dict[str, Any]) -> Backoff:
        given = task.get("maxRetries", self.order.max_retries)
        retries = DEFAULT_RETRIES if given is None else given
        wait = exponential(attempts=retries + 1, first_seconds=self._first_retry_seconds, longest_seconds=300.0)

        def seconds(error: Exception, attempt: int) -> float | None:
            if not isinstance(error, NodeTrouble) or error.trouble != TRANSIENT:
                return None
            pause = wait(error, attempt)
            if pause is None:
                return None
            return max(pause, min(error.data["retry_after_seconds"] or 0, LONGEST_RETRY_AFTER_SECONDS))

        return seconds

    # --- values and notes

    def known(self, place: str) -> Any:
        """What the step put out when it was done before; a failure that was handled then is one again."""
        kept = self.done[place]
        self.now = kept["at"]
        if kept["state"] == history.STEP_HANDLED:
            raise Failed(place, kept["error"])
        return kept["output"]

    def scope(self, place: str) -> Scope:
        return Scope(self.names, now=self.now, zone=self.order.zone, seed=f"{self.order.run_id}/{place}")

    def parameters(self, task: dict[str, Any], place: str) -> dict[str, Any]:
        found: dict[str, Any] = self.evaluated(task, place, own_parameters(task), "")
        return found

    def evaluated(self, task: dict[str, Any], place: str, value: Any, path: str) -> Any:
        try:
            return evaluate(value, self.scope(place), strict=self.order.strict, path=path)
        except ExpressionError as trouble:
            error = expression_error(trouble, place, task["name"])
            self._note_failure(task, place, own_parameters(task), error)
            raise Failed(place, error) from None

    def refused(self, task: dict[str, Any], place: str, given: Any, reason: str) -> Failed:
        error = {"error": "InvalidInput", "class": PERMANENT, "message": reason, "node": task["name"], "place": place}
        self._note_failure(task, place, given, error)
        return Failed(place, error)

    def _failed(self, task: dict[str, Any], place: str, failed: StepFailed) -> Failed:
        data = failed.failure.data if isinstance(failed.failure.data, dict) else {}
        error = {
            "error": data.get("error", failed.failure.kind),
            "class": data.get("class", PERMANENT),
            "message": failed.failure.message,
            "node": task["name"],
            "place": place,
            "details": data.get("details", {}),
        }
        if error["class"] == NEEDS_REAUTH:
            error["connection"] = self._connection(task)
        notes, unknown = self.hands.notes, error["class"] in (UNKNOWN, TRANSIENT)

        def note() -> None:
            # Whether a lost write happened is still to be found out, should somebody try again.
            if unknown:
                notes.handle_step(self.order.run_id, place, history.STEP_FAILED)
            else:
                notes.fail_step(self.order.run_id, place, history.STEP_FAILED, error, may_have_happened=False)

        self.take_note(f"{place} failed", note)
        return Failed(place, error)

    def note(self, task: dict[str, Any], place: str, given: Any, output: Any) -> None:
        if place in self.done:
            self.known(place)
            return
        self._note_begin(task, place, given)
        self._note_end(place, output)

    def _note_begin(self, task: dict[str, Any], place: str, given: Any) -> None:
        step = {"place": place, "node": task["name"], "type": task["type"], "input": given}
        notes, run_id = self.hands.notes, self.order.run_id

        def begin() -> None:
            notes.begin_step(run_id, step)

        self.take_note(f"{place} begins", begin)

    def _note_end(self, place: str, output: Any) -> Any:
        self.now = self.take_note(place, self.hands.notes.end_step, self.order.run_id, place, Said(output))
        return output

    def _note_failure(self, task: dict[str, Any], place: str, given: Any, error: dict[str, Any]) -> None:
        if place in self.done:
            return
        step = {"place": place, "node": task["name"], "type": task["type"], "input": given}
        notes, run_id = self.hands.notes, self.order.run_id

        def note() -> None:
            notes.begin_step(run_id, step)
            notes.fail_step(run_id, place, history.STEP_FAILED, error, may_have_happened=False)

        self.take_note(f"{place} failed", note)

    def take_note(self, name: str, note: Callable[..., Any], *args: Any) -> Any:
        return self.run.step(note, *args, name=name, retry=while_unavailable)


def expression_error(trouble: ExpressionError, place: str, node: str) -> dict[str, Any]:
    return {
        "error": "ExpressionError",
        "class": PERMANENT,
        "message": f"{node}: {trouble}",
        "node": node,
        "place": place,
        "details": {"field": trouble.path, "position": trouble.position, "expression": trouble.source, "reason": trouble.reason},
    }
