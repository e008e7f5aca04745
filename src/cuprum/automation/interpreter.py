"""Walks the tasks of a workflow. Deterministic: everything it learns comes from the order, or from a step of the run.

A place names where a task stands: `condition_1/caseTrue/copper_2`, `loop_1[3]/copper_1`. Steps, history, edits and keys of
writes all go by it, so that a run which is tried again knows what it has done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from cuprum.automation import history
from cuprum.automation.expressions import ExpressionError, Scope, as_text, evaluate, same
from cuprum.automation.expressions.values import Wrong
from cuprum.automation.hands import Hands
from cuprum.automation.node_types import (
    BRANCH,
    CONDITION,
    COPPER,
    EACH,
    LOOP,
    LOOP_BREAK,
    ON_CALL,
    ON_ERROR,
    WAITS,
    own_parameters,
)
from cuprum.automation.nodes import waiting
from cuprum.automation.nodes.conditions import holds
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
from cuprum.jobs.backoff import Backoff, exponential
from cuprum.jobs.errors import StepFailed
from cuprum.kit.errors import Unavailable

# A loop that never breaks is a mistake that nobody watches.
MOST_ROUNDS = 10_000
# Children of an `each` that run at the same time.
EACH_AT_ONCE = 8
DEFAULT_RETRIES = 4
# A note waits for our own database for as long as that takes, within reason.
while_unavailable = exponential(attempts=60, longest_seconds=60.0, when=lambda error: isinstance(error, Unavailable))


class Steps(Protocol):
    """What the walk needs of a run of the engine (`jobs.Run`), or of a run in memory."""

    id: str

    def step(self, function: Callable[..., Any], *args: Any, name: str | None = None, retry: Backoff | None = None) -> Any: ...
    def sleep(self, seconds: float) -> None: ...
    def start(self, workflow: str, run_id: str, *args: Any) -> str: ...
    def result(self, run_id: str) -> Any: ...
    def receive(self, topic: str, timeout_seconds: float) -> Any: ...


@dataclass(frozen=True)
class Order:
    """Everything that a run works with, as it was when the run started."""

    run_id: str
    tasks: list[Any]
    names: dict[str, Any]
    outputs: list[Any] = field(default_factory=list)
    connections: dict[str, str] = field(default_factory=dict)
    # {place: {"input", "edition"}}: what a person put in the place of a step's input.
    edits: dict[str, Any] = field(default_factory=dict)
    max_retries: int | None = None
    strict: bool = True
    zone: str = "UTC"
    # Of a child: where its tasks stand, and what time it is.
    prefix: str = ""
    now: float | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Failed(Exception):
    """A task failed for good; `error` is what the history shows of it."""

    def __init__(self, place: str, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.place, self.error = place, error


class _Break(Exception):
    """loopBreak."""


def interpret(run: Steps, order: Order, hands: Hands, child_workflow: str, first_retry_seconds: float = 1.0) -> dict[str, Any]:
    """Run the tasks; {"state", "outputs", "error", "reason"}."""
    begun = run.step(hands.notes.begin, order.run_id, order.prefix, name="begin", retry=while_unavailable)
    walk = _Walk(run, order, hands, begun, child_workflow, first_retry_seconds)
    try:
        walk.tasks(order.tasks, order.prefix)
        outputs = walk.outputs()
    except _Break:
        return _ended(Failed("", {"message": "loopBreak stands outside of a loop", "class": PERMANENT, "place": ""}))
    except Failed as failed:
        return _ended(failed)
    return {"state": history.DONE, "outputs": outputs}


def _ended(failed: Failed) -> dict[str, Any]:
    parked = {NEEDS_REAUTH: history.NEEDS_REAUTH, UNKNOWN: history.AMBIGUOUS, TRANSIENT: history.UNAVAILABLE}
    reason = parked.get(failed.error.get("class", PERMANENT))
    return {"state": history.PARKED if reason else history.FAILED, "reason": reason, "error": failed.error}


class _Walk:
    def __init__(
        self, run: Steps, order: Order, hands: Hands, begun: dict[str, Any], child_workflow: str, first_retry_seconds: float
    ) -> None:
        self.run, self.order, self.hands = run, order, hands
        self.names = dict(order.names)
        # Expressions see the end of the last step, or the start: the same whenever the run is replayed or tried again.
        self.now: float = begun["started_at"] if order.now is None else order.now
        self.done: dict[str, Any] = begun["done"]
        self._resumed_at: float = begun["at"]
        self._child_workflow = child_workflow
        self._first_retry_seconds = first_retry_seconds
        self._special: dict[str, Callable[[dict[str, Any], str], Any]] = {
            CONDITION: self._condition,
            BRANCH: self._branch,
            LOOP: self._loop,
            EACH: self._each,
            ON_ERROR: self._on_error,
        }

    def tasks(self, tasks: list[Any], prefix: str) -> None:
        seen: dict[str, int] = {}
        for task in tasks:
            name = task["name"]
            seen[name] = seen.get(name, 0) + 1
            # Two tasks of one name are allowed; the later one's output counts.
            self._task(task, prefix + (name if seen[name] == 1 else f"{name}#{seen[name]}"))

    def outputs(self) -> dict[str, Any]:
        found = {}
        for one in self.order.outputs:
            try:
                found[one["name"]] = evaluate(one.get("value"), self._scope("outputs"), strict=self.order.strict, path="value")
            except ExpressionError as trouble:
                raise Failed("", _expression_error(trouble, "", f"output {one['name']}")) from None
        return found

    def _task(self, task: dict[str, Any], place: str) -> None:
        if task.get("disabled") is True:
            return
        if task["type"] == LOOP_BREAK:
            raise _Break
        try:
            self._with_pre_and_post(task, place)
        except (Failed, _Break):
            self.tasks(task.get("finalize") or [], f"{place}/finalize/")
            raise
        self.tasks(task.get("finalize") or [], f"{place}/finalize/")

    def _with_pre_and_post(self, task: dict[str, Any], place: str) -> None:
        self.tasks(task.get("pre") or [], f"{place}/pre/")
        if place not in self.done:
            self.now = max(self.now, self._resumed_at)
        special = self._special.get(task["type"])
        if special:
            special(task, place)
        else:
            self.names[task["name"]] = self._simple(task, place)
        self.tasks(task.get("post") or [], f"{place}/post/")

    # --- simple nodes

    def _call(self, task: dict[str, Any], place: str) -> Any:
        if place in self.done:
            return self._known(place)
        edit = self.order.edits.get(place)
        given = edit["input"] if edit else self._parameters(task, place)
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

    def _simple(self, task: dict[str, Any], place: str) -> Any:
        if task["type"] in WAITS:
            return self._wait(task, place)
        return self._wait_for_call(task, place) if task["type"] == ON_CALL else self._call(task, place)

    def _wait_for_call(self, task: dict[str, Any], place: str) -> Any:
        """Until somebody calls the address that the step shows, and its `serviceUrl` is told; else it fails in the end."""
        if place in self.done:
            return self._known(place)
        given = self._parameters(task, place)
        try:
            seconds = waiting.patience_seconds(given)
        except Wrong as trouble:
            raise self._refused(task, place, given, str(trouble)) from None
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
            raise self._refused(task, place, given, f"nobody called within {seconds:,.0f} seconds")
        return self._note_end(place, {"resumed": True, **called})

    def _wait(self, task: dict[str, Any], place: str) -> Any:
        if place in self.done:
            return self._known(place)
        given = self._parameters(task, place)
        try:
            until = waiting.resume_at(task["type"], given, self.now, self.order.zone)
        except Wrong as trouble:
            raise self._refused(task, place, given, str(trouble)) from None
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

    # --- nodes that hold tasks

    def _condition(self, task: dict[str, Any], place: str) -> None:
        given = self._parameters(task, place)
        try:
            branch = "caseTrue" if holds(given) else "caseFalse"
        except Wrong as trouble:
            raise self._refused(task, place, given, str(trouble)) from None
        self._note(task, place, given, {"case": branch})
        self.tasks((task.get("parameters") or {}).get(branch) or [], f"{place}/{branch}/")

    def _branch(self, task: dict[str, Any], place: str) -> None:
        given = self._parameters(task, place)
        parameters = task.get("parameters") or {}
        for index, case in enumerate(parameters.get("cases") or []):
            key = self._evaluated(task, place, case.get("key"), f"cases[{index}].key")
            if same(key, given.get("expression")):
                self._note(task, place, given, {"case": key})
                return self.tasks(case.get("tasks") or [], f"{place}/{index}/")
        self._note(task, place, given, {"case": None})
        return self.tasks(parameters.get("default") or [], f"{place}/default/")

    def _loop(self, task: dict[str, Any], place: str) -> None:
        given = self._parameters(task, place)
        items = None if given.get("loopForever") is True else self._items(task, place, given)
        self._note(task, place, given, {"items": None if items is None else len(items)})
        iteratee = (task.get("parameters") or {}).get("iteratee") or []
        index = 0
        while items is None or index < len(items):
            if index >= MOST_ROUNDS:
                raise self._refused(task, place, given, f"the loop went round {MOST_ROUNDS:,} times without a loopBreak")
            self.names[task["name"]] = {"index": index} if items is None else {"item": items[index], "index": index}
            try:
                self.tasks(iteratee, f"{place}[{index}]/")
            except _Break:
                break
            index += 1

    def _each(self, task: dict[str, Any], place: str) -> None:
        """Each item is a run of its own, so that the order in which they end does not matter; some at a time."""
        given = self._parameters(task, place)
        items = self._items(task, place, given)
        self._note(task, place, given, {"items": len(items)})
        iteratee = (task.get("parameters") or {})["iteratee"]
        tasks = iteratee if isinstance(iteratee, list) else [iteratee]
        children = [f"{self.run.id}/{place}/{index}" for index in range(len(items))]

        def start(index: int) -> None:
            names = {**self.names, task["name"]: {"item": items[index], "index": index}}
            child = Order(
                self.order.run_id, tasks, names, [], self.order.connections, self.order.edits, self.order.max_retries,
                self.order.strict, self.order.zone, f"{place}[{index}]/", self.now,
            )  # fmt: skip
            self.run.start(self._child_workflow, children[index], child.as_json())

        failed: Failed | None = None
        for index in range(min(EACH_AT_ONCE, len(items))):
            start(index)
        for index, child in enumerate(children):
            ended = self.run.result(child)
            if index + EACH_AT_ONCE < len(items):
                start(index + EACH_AT_ONCE)
            if ended["state"] != history.DONE and failed is None:
                failed = Failed(ended["error"]["place"], ended["error"])
        if failed:
            raise failed

    def _on_error(self, task: dict[str, Any], place: str) -> None:
        parameters = task.get("parameters") or {}
        try:
            self.tasks(parameters.get("main-branch") or [], f"{place}/main-branch/")
        except Failed as failed:
            # What only waits for somebody is no error to go on from: the connection, or the answer to "did it happen?".
            if failed.error.get("class") in (NEEDS_REAUTH, UNKNOWN):
                raise
            if failed.place and failed.place not in self.done:
                handled = (self.order.run_id, failed.place, history.STEP_HANDLED)
                self._take_note(f"{place}/handled", self.hands.notes.handle_step, *handled)
            self.names[task["name"]] = {"error": failed.error}
            self.tasks(parameters.get("on-error-branch") or [], f"{place}/on-error-branch/")

    def _items(self, task: dict[str, Any], place: str, given: dict[str, Any]) -> list[Any]:
        items = given.get("items")
        if isinstance(items, dict):
            return [{"key": key, "value": value} for key, value in items.items()]
        if not isinstance(items, list):
            raise self._refused(task, place, given, f"items must be a list, not {as_text(items)[:80] or 'nothing'}")
        if len(items) > MOST_ROUNDS:
            raise self._refused(task, place, given, f"items must be at most {MOST_ROUNDS:,}, not {len(items):,}")
        return items

    # --- values and notes

    def _known(self, place: str) -> Any:
        """What the step put out when it was done before; a failure that was handled then is one again."""
        kept = self.done[place]
        self.now = kept["at"]
        if kept["state"] == history.STEP_HANDLED:
            raise Failed(place, kept["error"])
        return kept["output"]

    def _scope(self, place: str) -> Scope:
        return Scope(self.names, now=self.now, zone=self.order.zone, seed=f"{self.order.run_id}/{place}")

    def _parameters(self, task: dict[str, Any], place: str) -> dict[str, Any]:
        found: dict[str, Any] = self._evaluated(task, place, own_parameters(task), "")
        return found

    def _evaluated(self, task: dict[str, Any], place: str, value: Any, path: str) -> Any:
        try:
            return evaluate(value, self._scope(place), strict=self.order.strict, path=path)
        except ExpressionError as trouble:
            error = _expression_error(trouble, place, task["name"])
            self._note_failure(task, place, own_parameters(task), error)
            raise Failed(place, error) from None

    def _refused(self, task: dict[str, Any], place: str, given: Any, reason: str) -> Failed:
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

        self._take_note(f"{place} failed", note)
        return Failed(place, error)

    def _note(self, task: dict[str, Any], place: str, given: Any, output: Any) -> None:
        if place in self.done:
            self._known(place)
            return
        self._note_begin(task, place, given)
        self._note_end(place, output)

    def _note_begin(self, task: dict[str, Any], place: str, given: Any) -> None:
        step = {"place": place, "node": task["name"], "type": task["type"], "input": given}
        notes, run_id = self.hands.notes, self.order.run_id

        def begin() -> None:
            notes.begin_step(run_id, step)

        self._take_note(f"{place} begins", begin)

    def _note_end(self, place: str, output: Any) -> Any:
        self.now = self._take_note(place, self.hands.notes.end_step, self.order.run_id, place, Said(output))
        return output

    def _note_failure(self, task: dict[str, Any], place: str, given: Any, error: dict[str, Any]) -> None:
        if place in self.done:
            return
        step = {"place": place, "node": task["name"], "type": task["type"], "input": given}
        notes, run_id = self.hands.notes, self.order.run_id

        def note() -> None:
            notes.begin_step(run_id, step)
            notes.fail_step(run_id, place, history.STEP_FAILED, error, may_have_happened=False)

        self._take_note(f"{place} failed", note)

    def _take_note(self, name: str, note: Callable[..., Any], *args: Any) -> Any:
        return self.run.step(note, *args, name=name, retry=while_unavailable)


def _expression_error(trouble: ExpressionError, place: str, node: str) -> dict[str, Any]:
    return {
        "error": "ExpressionError",
        "class": PERMANENT,
        "message": f"{node}: {trouble}",
        "node": node,
        "place": place,
        "details": {"field": trouble.path, "position": trouble.position, "expression": trouble.source, "reason": trouble.reason},
    }
