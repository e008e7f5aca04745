"""Changes to a workflow file as an editor makes them: steps added, moved and taken out. Everything else stays as it is."""

from __future__ import annotations

from typing import Any

from cuprum.automation.checking import every_task, form_of
from cuprum.automation.node_forms import TASK_FORMS, TRIGGER_FORMS
from cuprum.automation.node_types import BRANCH, CONDITION, COPPER, HOLDS_TASKS
from cuprum.automation.paths import at, drop, parts_of, path_of, put
from cuprum.connector.catalogue import ACTIONS, TRIGGERS

Workflow = dict[str, Any]

# The parameters and keys that hold steps.
_LISTS = {"tasks", "pre", "post", "finalize", *(name for names in HOLDS_TASKS.values() for name in names)} - {"cases"}

NEW_COMPARISON = {"type": "string", "operation": "EQUALS"}


def add_step(workflow: Workflow, place: str, index: int, kind: str) -> str:
    """A step of that kind in the list at `place`, its defaults filled in; returns where it stands."""
    if kind not in TASK_FORMS and kind.removeprefix(COPPER) not in ACTIONS:
        return ""
    found = at(workflow, place)
    if place.rpartition(".")[2] not in _LISTS:
        return ""
    if isinstance(found, dict):
        # An `each` with one task gets a list with its second.
        found = [found]
        put(workflow, place, found)
    elif not isinstance(found, list):
        found = []
        put(workflow, place, found)
    index = max(0, min(index, len(found)))
    found.insert(index, {"name": _free_name(workflow, kind), "type": kind, "parameters": _beginning(kind)})
    return f"{place}[{index}]"


def _beginning(kind: str) -> dict[str, Any]:
    parameters: dict[str, Any] = {one.name: one.default for one in form_of(kind) if one.default is not None and one.required}
    form = TASK_FORMS.get(kind)
    parameters |= {name: [] for name in form.lists} if form else {}
    if kind == CONDITION:
        return {"conditions": [[dict(NEW_COMPARISON)]], **parameters}
    if kind == BRANCH:
        return {"cases": [{"key": "", "tasks": []}], **parameters}
    return parameters


def _free_name(workflow: Workflow, kind: str) -> str:
    component = "".join(letter for letter in kind.split("/")[0] if letter.isalnum() or letter == "_")
    taken = {task.get("name") for _, task in every_task(workflow.get("tasks")) if isinstance(task, dict)}
    taken |= {one.get("name") for one in workflow.get("triggers") or [] if isinstance(one, dict)}
    number = 1
    while f"{component}_{number}" in taken:
        number += 1
    return f"{component}_{number}"


def set_trigger(workflow: Workflow, index: int, kind: str) -> None:
    """Another kind of trigger in this place, under the same name: what the steps say of it goes on."""
    if kind not in TRIGGER_FORMS and kind.removeprefix(COPPER) not in TRIGGERS:
        return
    triggers = workflow.setdefault("triggers", [])
    if not isinstance(triggers, list):
        return
    if index < len(triggers) and isinstance(triggers[index], dict):
        before = triggers[index]
        triggers[index] = {**{key: value for key, value in before.items() if key not in ("parameters", "label")}, "type": kind}
    else:
        taken = {one.get("name") for one in triggers if isinstance(one, dict)}
        number = next(number for number in range(1, len(triggers) + 2) if f"trigger_{number}" not in taken)
        triggers.append({"name": f"trigger_{number}", "type": kind})


def remove(workflow: Workflow, place: str) -> None:
    if not (parts := parts_of(place)):
        return
    *way, last = parts
    held = at(workflow, path_of(way)) if way else workflow
    if isinstance(held, dict) and isinstance(last, int):
        # The only step of an `each`.
        put(workflow, path_of(way), [])
        return
    drop(workflow, place)


def move(workflow: Workflow, place: str, by: int) -> str:
    """Among its neighbours; returns where it stands now."""
    *way, index = parts_of(place) or [""]
    found = at(workflow, path_of(way))
    if not isinstance(found, list) or not isinstance(index, int) or not 0 <= index + by < len(found) or index >= len(found):
        return place
    found[index], found[index + by] = found[index + by], found[index]
    return path_of([*way, index + by])


def add_case(workflow: Workflow, place: str) -> None:
    """One more case of the branch there."""
    cases = at(workflow, f"{place}.parameters.cases")
    if isinstance(cases, list):
        cases.append({"key": "", "tasks": []})
    else:
        put(workflow, f"{place}.parameters.cases", [{"key": "", "tasks": []}])


def add_alternative(workflow: Workflow, place: str) -> None:
    """One more list of comparisons, of which one must hold altogether."""
    lists = at(workflow, f"{place}.parameters.conditions")
    if isinstance(lists, list):
        lists.append([dict(NEW_COMPARISON)])


def by_formula(workflow: Workflow, place: str) -> None:
    parameters = at(workflow, f"{place}.parameters")
    if isinstance(parameters, dict):
        parameters.pop("conditions", None)
        parameters |= {"rawExpression": True, "expression": parameters.get("expression") or "="}


def by_comparisons(workflow: Workflow, place: str) -> None:
    parameters = at(workflow, f"{place}.parameters")
    if isinstance(parameters, dict):
        parameters.pop("rawExpression", None)
        parameters.pop("expression", None)
        parameters["conditions"] = [[dict(NEW_COMPARISON)]]


def lists_in(task: Any) -> list[tuple[str, str]]:
    """The lists of steps that a step holds: (heading, place in the step), the cases of a branch apart."""
    form = TASK_FORMS.get(str(task.get("type")))
    found = [(heading, f"parameters.{name}") for name, heading in form.lists.items()] if form else []
    found += [(name.capitalize(), name) for name in ("pre", "post", "finalize") if task.get(name)]
    return found
