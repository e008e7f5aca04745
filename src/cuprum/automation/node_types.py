"""The kinds of nodes that a workflow can have, and where tasks stand inside of tasks."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from cuprum.connector.catalogue import ACTIONS, TRIGGERS

CONDITION, BRANCH, LOOP, LOOP_BREAK, EACH, ON_ERROR = (
    "condition/v1", "branch/v1", "loop/v1", "loopBreak/v1", "each/v1", "on-error/v1",
)  # fmt: skip
# The parameters of each that hold tasks; they are evaluated when their turn comes, not before.
HOLDS_TASKS = {
    CONDITION: ("caseTrue", "caseFalse"),
    BRANCH: ("cases", "default"),
    LOOP: ("iteratee",),
    EACH: ("iteratee",),
    ON_ERROR: ("main-branch", "on-error-branch"),
    LOOP_BREAK: (),
}

COPPER = "copper/v1/"
VAR = "var/v1/set"
LOGGER = tuple(f"logger/v1/{level}" for level in ("debug", "info", "warn", "error"))
HTTP = tuple(f"httpClient/v1/{method}" for method in ("get", "post", "put", "patch", "delete", "head"))
AFTER_INTERVAL, AT_TIME, SLEEP = "wait/v1/afterTimeInterval", "wait/v1/atSpecifiedTime", "delay/v1/sleep"
WAITS = (AFTER_INTERVAL, AT_TIME, SLEEP)
ON_CALL = "wait/v1/onWebhookCall"
ANSWER = "webhook/v1/responseToWebhookRequest"
SIMPLE = (VAR, *LOGGER, *HTTP, *WAITS, ON_CALL, ANSWER)

MANUAL = ("manual", "manual/v1", "manual/v1/manual")
SCHEDULES = tuple(f"schedule/v1/{kind}" for kind in ("everyDay", "everyWeek", "everyMonth", "interval", "cron"))
AT_ONCE, VALIDATED, AWAITED = (
    f"webhook/v1/{kind}" for kind in ("autoRespondWithHTTP200", "validateAndRespond", "awaitWorkflowAndRespond")
)
WEBHOOKS = (AT_ONCE, VALIDATED, AWAITED)


_HAS_VERSION = re.compile(r"[^/]+/v\d+(/.*)?")
_FORMERLY = {"if": "condition", "switch": "branch"}


def refusal_of_task(kind: str) -> str | None:
    """Why a task of this type cannot run here, or None."""
    if kind in HOLDS_TASKS or kind in SIMPLE:
        return None
    if kind.startswith(COPPER):
        return _not_in(kind.removeprefix(COPPER), ACTIONS, kind, "an action of the catalogue")
    return _unknown(kind, (*HOLDS_TASKS, *SIMPLE), "tasks")


def refusal_of_trigger(kind: str) -> str | None:
    """Why a trigger of this type cannot start anything here, or None."""
    if kind in (*MANUAL, *SCHEDULES, *WEBHOOKS):
        return None
    if kind.startswith(COPPER):
        return _not_in(kind.removeprefix(COPPER), TRIGGERS, kind, "a trigger of the catalogue")
    return _unknown(kind, (*MANUAL, *SCHEDULES, *WEBHOOKS), "triggers")


def _not_in(short: str, listed: Mapping[str, Any], kind: str, what: str) -> str | None:
    if short in listed:
        return None
    near = difflib.get_close_matches(short, listed, 1)
    return f"{kind} is not {what}" + (f"; is copper/v1/{near[0]} meant?" if near else "")


def _unknown(kind: str, known: tuple[str, ...], what: str) -> str:
    near = difflib.get_close_matches(kind, known, 1, cutoff=0.75)
    if not _HAS_VERSION.fullmatch(kind):
        # What ByteChef called it before its types had versions.
        near = near or [one for one in known if one.startswith(f"{_FORMERLY.get(kind, kind)}/")][:1]
        said = f"the type {kind} has no version, as {near[0] if near else VAR} has"
    else:
        said = f"{what} of the type {kind} are not supported"
    return said + (f"; is {near[0]} meant?" if near else "")


def own_parameters(task: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that are the task's own: not the tasks inside of it."""
    held = HOLDS_TASKS.get(task["type"], ())
    return {name: value for name, value in (task.get("parameters") or {}).items() if name not in held}


def tasks_inside(task: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What should be lists of tasks inside of a task, each with its place."""
    parameters = task.get("parameters") or {}
    for name in HOLDS_TASKS.get(task.get("type", ""), ()):
        held = parameters.get(name)
        if held is None:
            continue
        place = f"parameters.{name}"
        if name == "cases":
            for index, case in enumerate(held if isinstance(held, list) else [held]):
                yield f"{place}[{index}].tasks", case.get("tasks") or [] if isinstance(case, dict) else case
        elif task["type"] == EACH and isinstance(held, dict):
            yield place, [held]
        else:
            yield place, held
    for name in ("pre", "post", "finalize"):
        if task.get(name):
            yield name, task[name]
