"""Walks the tasks of a workflow. Deterministic: everything it learns comes from the order, or from a step of the run.

A place names where a task stands: `condition_1/caseTrue/copper_2`, `loop_1[3]/copper_1`. Steps, history, edits and keys of
writes all go by it, so that a run which is tried again knows what it has done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cuprum.automation import history
from cuprum.automation.expressions import ExpressionError, as_text, evaluate, same
from cuprum.automation.expressions.values import Wrong
from cuprum.automation.hands import Hands
from cuprum.automation.node_types import BRANCH, CONDITION, EACH, LOOP, LOOP_BREAK, ON_ERROR
from cuprum.automation.nodes.conditions import holds
from cuprum.automation.nodes.outcome import NEEDS_REAUTH, PERMANENT, TRANSIENT, UNKNOWN
from cuprum.automation.order import Failed, Order, Steps, while_unavailable
from cuprum.automation.stepping import Stepping, expression_error

# A loop that never breaks is a mistake that nobody watches.
MOST_ROUNDS = 10_000
# Children of an `each` that run at the same time.
EACH_AT_ONCE = 8


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


class _Walk(Stepping):
    def __init__(
        self, run: Steps, order: Order, hands: Hands, begun: dict[str, Any], child_workflow: str, first_retry_seconds: float
    ) -> None:
        super().__init__(run, order, hands, begun, first_retry_seconds)
        self._child_workflow = child_workflow
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
                found[one["name"]] = evaluate(one.get("value"), self.scope("outputs"), strict=self.order.strict, path="value")
            except ExpressionError as trouble:
                raise Failed("", expression_error(trouble, "", f"output {one['name']}")) from None
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
            self.now = max(self.now, self.resumed_at)
        special = self._special.get(task["type"])
        if special:
            special(task, place)
        else:
            self.names[task["name"]] = self.simple(task, place)
        self.tasks(task.get("post") or [], f"{place}/post/")

    # --- nodes that hold tasks

    def _condition(self, task: dict[str, Any], place: str) -> None:
        given = self.parameters(task, place)
        try:
            branch = "caseTrue" if holds(given) else "caseFalse"
        except Wrong as trouble:
            raise self.refused(task, place, given, str(trouble)) from None
        self.note(task, place, given, {"case": branch})
        self._put_out(task, (task.get("parameters") or {}).get(branch) or [], f"{place}/{branch}/")

    def _branch(self, task: dict[str, Any], place: str) -> None:
        given = self.parameters(task, place)
        parameters = task.get("parameters") or {}
        for index, case in enumerate(parameters.get("cases") or []):
            key = self.evaluated(task, place, case.get("key"), f"cases[{index}].key")
            if same(key, given.get("expression")):
                self.note(task, place, given, {"case": key})
                self._put_out(task, case.get("tasks") or [], f"{place}/{index}/")
                if not case.get("tasks") and "value" in case:
                    self.names[task["name"]] = self.evaluated(task, place, case["value"], f"cases[{index}].value")
                return
        self.note(task, place, given, {"case": None})
        self._put_out(task, parameters.get("default") or [], f"{place}/default/")

    def _put_out(self, task: dict[str, Any], tasks: list[Any], prefix: str) -> None:
        """Go one way; what the last task on it puts out is what this one does."""
        self.tasks(tasks, prefix)
        walked = [one for one in tasks if one.get("disabled") is not True]
        last = walked[-1] if walked and walked[-1]["type"] not in (LOOP, EACH) else None
        self.names[task["name"]] = self.names.get(last["name"]) if last else None

    def _loop(self, task: dict[str, Any], place: str) -> None:
        given = self.parameters(task, place)
        items = None if given.get("loopForever") is True else self._items(task, place, given)
        self.note(task, place, given, {"items": None if items is None else len(items)})
        iteratee = (task.get("parameters") or {}).get("iteratee") or []
        index = 0
        while items is None or index < len(items):
            if index >= MOST_ROUNDS:
                raise self.refused(task, place, given, f"the loop went round {MOST_ROUNDS:,} times without a loopBreak")
            self.names[task["name"]] = {"index": index} if items is None else {"item": items[index], "index": index}
            try:
                self.tasks(iteratee, f"{place}[{index}]/")
            except _Break:
                break
            index += 1

    def _each(self, task: dict[str, Any], place: str) -> None:
        """Each item is a run of its own, so that the order in which they end does not matter; some at a time."""
        given = self.parameters(task, place)
        items = self._items(task, place, given)
        self.note(task, place, given, {"items": len(items)})
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
                self.take_note(f"{place}/handled", self.hands.notes.handle_step, *handled)
            self.names[task["name"]] = {"error": failed.error}
            self.tasks(parameters.get("on-error-branch") or [], f"{place}/on-error-branch/")

    def _items(self, task: dict[str, Any], place: str, given: dict[str, Any]) -> list[Any]:
        items = given.get("items")
        if isinstance(items, dict):
            return [{"key": key, "value": value} for key, value in items.items()]
        if not isinstance(items, list):
            raise self.refused(task, place, given, f"items must be a list, not {as_text(items)[:80] or 'nothing'}")
        if len(items) > MOST_ROUNDS:
            raise self.refused(task, place, given, f"items must be at most {MOST_ROUNDS:,}, not {len(items):,}")
        return items
