"""What is wrong with a workflow, found before it runs: every trouble at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cuprum.automation import timing
from cuprum.automation.expressions import check, is_formula, names_in
from cuprum.automation.node_forms import TASK_FORMS, TRIGGER_FORMS
from cuprum.automation.node_types import (
    AWAITED,
    COPPER,
    EACH,
    SCHEDULES,
    VALIDATED,
    own_parameters,
    refusal_of_task,
    refusal_of_trigger,
    tasks_inside,
)
from cuprum.automation.workflow_file import BadWorkflow, Trouble
from cuprum.connector.catalogue import ACTIONS, TRIGGERS
from cuprum.connector.errors import Problem
from cuprum.connector.given import is_blank, unknown_names, value_of
from cuprum.connector.properties import Property

# The ids of its runs hold it.
LONGEST_TRIGGER_NAME = 100


def check_workflow(workflow: dict[str, Any], *, given: Iterable[str] = ()) -> None:
    """Raises BadWorkflow with everything that is wrong; `given` names what the run gets beside the declared inputs."""
    troubles = list(_troubles(workflow))
    if not troubles:
        troubles = list(_unknown_names(workflow, given))
    if troubles:
        raise BadWorkflow(*troubles)


def not_filled_in(workflow: dict[str, Any]) -> Iterator[Trouble]:
    """What a step or trigger would refuse when its turn comes: blanks, and values that cannot be read. Expressions pass."""
    listed = workflow.get("triggers")
    triggers = [(f"triggers[{index}]", one) for index, one in enumerate(listed if isinstance(listed, list) else [])]
    for is_trigger, nodes in ((True, triggers), (False, list(every_task(workflow.get("tasks"))))):
        for place, node in nodes:
            if isinstance(node, dict) and isinstance(node.get("type"), str):
                given = node.get("parameters")
                for one in form_of(node["type"], is_trigger=is_trigger):
                    yield from _unfilled(
                        one, given.get(one.name) if isinstance(given, dict) else None, f"{place}.parameters.{one.name}"
                    )


def _unfilled(one: Property, value: Any, path: str) -> Iterator[Trouble]:
    if is_blank(value):
        if one.required:
            yield Trouble(path, "can't be blank")
    elif isinstance(value, str) and ("${" in value or is_formula(value)):
        return
    elif one.type == "OBJECT" and one.properties and isinstance(value, dict):
        for part in one.properties:
            yield from _unfilled(part, value.get(part.name), f"{path}.{part.name}")
    elif one.type == "ARRAY" and one.items and isinstance(value, list):
        for index, item in enumerate(value):
            if not is_blank(item):
                yield from _unfilled(one.items[0], item, f"{path}[{index}]")
    elif one.type != "ANY" and not _has_expressions(value):
        problems: list[Problem] = []
        value_of(one, value, problems)
        yield from (Trouble(path, problem.message) for problem in problems)


def _has_expressions(value: Any) -> bool:
    if isinstance(value, str):
        return "${" in value or is_formula(value)
    if isinstance(value, dict):
        return any(map(_has_expressions, value.values()))
    return isinstance(value, list) and any(map(_has_expressions, value))


def form_of(kind: str, *, is_trigger: bool = False) -> tuple[Property, ...]:
    """What a step or trigger of this kind asks; nothing where the kind is not known."""
    if kind.startswith(COPPER):
        known: Any = (TRIGGERS if is_trigger else ACTIONS).get(kind.removeprefix(COPPER))
        return known.fields if known else ()
    form = (TRIGGER_FORMS if is_trigger else TASK_FORMS).get(kind)
    return form.properties if form else ()


def every_task(tasks: Any, place: str = "tasks") -> Iterator[tuple[str, Any]]:
    """All tasks, those inside of tasks too, each with its place."""
    for index, task in enumerate(tasks if isinstance(tasks, list) else []):
        here = f"{place}[{index}]"
        yield here, task
        if isinstance(task, dict):
            for inner, held in tasks_inside(task):
                yield from every_task(held, f"{here}.{inner}")


def _troubles(workflow: dict[str, Any]) -> Iterator[Trouble]:
    tasks, triggers = workflow.get("tasks"), workflow.get("triggers") or []
    if not isinstance(tasks, list) or not tasks:
        yield Trouble("tasks", "a workflow needs a list of tasks")
    yield from _of_lists(workflow)
    for index, trigger in enumerate(triggers if isinstance(triggers, list) else []):
        yield from _of_trigger(trigger, f"triggers[{index}]")
    for place, task in every_task(tasks):
        yield from _of_task(task, place)
    for trouble in check(workflow.get("outputs") or [], "outputs"):
        yield Trouble(trouble.path, _reason(trouble))
    yield from _of_retries(workflow, "")


def _of_lists(workflow: dict[str, Any]) -> Iterator[Trouble]:
    for name in ("inputs", "outputs", "triggers"):
        held = workflow.get(name) or []
        if not isinstance(held, list):
            yield Trouble(name, "must be a list")
            continue
        for index, one in enumerate(held):
            if not isinstance(one, dict) or not isinstance(one.get("name"), str):
                yield Trouble(f"{name}[{index}]", "must be an object with a name")


def _of_task(task: Any, place: str) -> Iterator[Trouble]:
    if not isinstance(task, dict):
        yield Trouble(place, "a task is an object with a name and a type")
        return
    for key in ("name", "type"):
        if not isinstance(task.get(key), str) or not task[key].strip():
            yield Trouble(f"{place}.{key}", "can't be blank")
    if not isinstance(task.get("type"), str):
        return
    if not isinstance(task.get("parameters") or {}, dict):
        yield Trouble(f"{place}.parameters", "must be an object")
        return
    yield from _of_retries(task, place)
    if refusal := refusal_of_task(task["type"]):
        yield Trouble(f"{place}.type", refusal)
        return
    for inner, held in tasks_inside(task):
        if not isinstance(held, list):
            yield Trouble(f"{place}.{inner}", "must be a list of tasks")
    if task["type"] == EACH and not isinstance((task.get("parameters") or {}).get("iteratee"), dict | list):
        yield Trouble(f"{place}.parameters.iteratee", "must be a task")
    parameters = own_parameters(task)
    if task["type"].startswith(COPPER):
        yield from _of_form(ACTIONS[task["type"].removeprefix(COPPER)].fields, parameters, place, task["type"])
    for trouble in check(parameters, f"{place}.parameters"):
        yield Trouble(trouble.path, _reason(trouble))


def _of_trigger(trigger: Any, place: str) -> Iterator[Trouble]:
    if not isinstance(trigger, dict) or not isinstance(trigger.get("type"), str):
        yield Trouble(place, "a trigger is an object with a name and a type")
        return
    if len(str(trigger.get("name"))) > LONGEST_TRIGGER_NAME:
        yield Trouble(f"{place}.name", f"must be at most {LONGEST_TRIGGER_NAME} characters")
    if refusal := refusal_of_trigger(trigger["type"]):
        yield Trouble(f"{place}.type", refusal)
        return
    parameters = trigger.get("parameters") or {}
    if not isinstance(parameters, dict):
        yield Trouble(f"{place}.parameters", "must be an object")
    elif trigger["type"].startswith(COPPER):
        fields = TRIGGERS[trigger["type"].removeprefix(COPPER)].fields
        yield from _of_form(fields, parameters, place, trigger["type"])
    elif trigger["type"] in SCHEDULES:
        for trouble in timing.troubles_of(trigger["type"], parameters):
            yield Trouble(f"{place}.parameters.{trouble.place}", trouble.message)
    elif trigger["type"] in (VALIDATED, AWAITED) and parameters.get("csrfToken") in (None, ""):
        yield Trouble(f"{place}.parameters.csrfToken", "can't be blank")


def _of_form(fields: tuple[Property, ...], parameters: dict[str, Any], place: str, kind: str) -> Iterator[Trouble]:
    # What is blank is told by the action itself: the documents' own examples are forms not filled in yet.
    for problem in unknown_names([one.name for one in fields], parameters, kind):
        yield Trouble(f"{place}.parameters.{problem.field}", problem.message)


def _of_retries(holder: dict[str, Any], place: str) -> Iterator[Trouble]:
    retries = holder.get("maxRetries")
    if retries is not None and (isinstance(retries, bool) or not isinstance(retries, int) or not 0 <= retries <= 100):
        yield Trouble(f"{place}.maxRetries".lstrip("."), "must be a whole number from 0 to 100")


def _unknown_names(workflow: dict[str, Any], given: Iterable[str]) -> Iterator[Trouble]:
    """Expressions that begin with a name which nothing in the workflow ever has."""
    tasks = [task for _, task in every_task(workflow["tasks"])]
    named = [*(workflow.get("inputs") or []), *(workflow.get("triggers") or []), *tasks]
    known = {*given, *(one["name"] for one in named)}
    places: list[tuple[str, Any]] = [("outputs", workflow.get("outputs") or [])]
    places += [(f"{place}.parameters", own_parameters(task)) for place, task in every_task(workflow["tasks"])]
    for place, value in places:
        for path, position, name, expression in names_in(value, place):
            if name not in known:
                yield Trouble(path, f"nothing here is called {name} (character {position + 1} of {expression[:120]})")


def _reason(trouble: Any) -> str:
    return f"{trouble.reason} (character {trouble.position + 1} of {trouble.source[:120]})"
