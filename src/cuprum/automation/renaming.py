"""Another name for a step or trigger: whatever the workflow says of it goes on under the new one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cuprum.automation.checking import LONGEST_TRIGGER_NAME, every_task
from cuprum.automation.expressions import is_formula, names_in
from cuprum.automation.node_types import own_parameters
from cuprum.automation.paths import at

_NAME = re.compile(r"[^\W\d]\w*")
# What a formula reads as something else.
_RESERVED = {"true", "false", "null", "and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "matches", "div", "mod"}


def refusal_of_name(workflow: dict[str, Any], place: str, name: str) -> str | None:
    """Why the node at this place cannot be called so, or None."""
    if not name:
        return "can't be blank"
    if not _NAME.fullmatch(name):
        return "must be letters, digits and _, and begin with a letter: expressions say it"
    if name.lower() in _RESERVED:
        return "is a word that formulas use"
    if len(name) > LONGEST_TRIGGER_NAME:
        return f"must be at most {LONGEST_TRIGGER_NAME} characters"
    if name in (other for there, other in _names(workflow) if there != place):
        return f"something else here is called {name} already"
    return None


def rename(workflow: dict[str, Any], place: str, name: str) -> list[str]:
    """Call the node there so; returns the places of the fields that now say the new name. Its name must not be refused."""
    node = at(workflow, place)
    before, node["name"] = node["name"], name
    # Of two steps of one name the later one is meant: nobody can say whether it was this one.
    if before in (other for _, other in _names(workflow)):
        return []
    return list(_followed(workflow, before, name))


def _names(workflow: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for part in ("inputs", "triggers"):
        listed = workflow.get(part)
        for index, one in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(one, dict):
                yield f"{part}[{index}]", one.get("name")
    for place, task in every_task(workflow.get("tasks")):
        if isinstance(task, dict):
            yield place, task.get("name")


def _followed(workflow: dict[str, Any], before: str, name: str) -> Iterator[str]:
    for place, task in every_task(workflow.get("tasks")):
        if isinstance(task, dict) and isinstance(task.get("type"), str) and isinstance(task.get("parameters"), dict):
            for key, value in own_parameters(task).items():
                yield from _put(task["parameters"], key, value, before, name, f"{place}.parameters.{key}")
    if "outputs" in workflow:
        yield from _put(workflow, "outputs", workflow["outputs"], before, name, "outputs")


def _put(held: Any, key: Any, value: Any, before: str, name: str, place: str) -> Iterator[str]:
    if isinstance(value, str):
        found = _said(value, before, name)
        if found != value:
            held[key] = found
            yield place
    elif isinstance(value, dict):
        for inner, item in list(value.items()):
            yield from _put(value, inner, item, before, name, f"{place}.{inner}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _put(value, index, item, before, name, f"{place}[{index}]")


def _said(text: str, before: str, name: str) -> str:
    # The last one first: the characters before it stay where they are.
    for _, position, found, _ in sorted(names_in(text), key=lambda one: one[1], reverse=True):
        if found == before:
            begin = position if is_formula(text) else position + len("${")
            text = text[:begin] + name + text[begin + len(before) :]
    return text
