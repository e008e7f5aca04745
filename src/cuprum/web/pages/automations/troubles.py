"""What is wrong with a draft, put where somebody looks for it: under its field, at its step, and as a list of links."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from cuprum.automation.checking import check_workflow, not_filled_in
from cuprum.automation.workflow_file import BadWorkflow, Trouble
from cuprum.kit.errors import CuprumError, Invalid
from cuprum.web.pages.automations.fields import Field
from cuprum.web.pages.automations.nodes import Node, with_inner


def troubles_of(workflow: dict[str, Any]) -> tuple[list[Trouble], list[Trouble]]:
    """What keeps it from being saved, and what keeps it from being turned on."""
    try:
        check_workflow(copy.deepcopy(workflow))
    except BadWorkflow as bad:
        wrong = list(bad.troubles)
    else:
        wrong = []
    known = {one.place for one in wrong}
    return wrong, [one for one in not_filled_in(workflow) if one.place not in known]


def of_refusal(trouble: CuprumError | None, wrong: list[Trouble]) -> list[Trouble]:
    """What a refusal says beyond that."""
    return [one for one in trouble.troubles if one not in wrong] if isinstance(trouble, BadWorkflow) else []


def with_troubles(node: Node, troubles: list[Trouble]) -> Node:
    for one in node.all_fields():
        one.problems.extend(dict.fromkeys(trouble.message for trouble in troubles if _is_of(trouble.place, one)))
    own = [trouble.message for trouble in troubles if trouble.place in (node.place, f"{node.place}.type")]
    lists = [
        (heading, place, [with_troubles(child, troubles) for child in inner], case) for heading, place, inner, case in node.lists
    ]
    return replace(node, troubles=list(dict.fromkeys(own)), lists=lists)


def _is_of(place: str, one: Field) -> bool:
    """Whether the trouble belongs under this very field, and not under one of its parts."""
    if place == one.path:
        return True
    is_inside = place.startswith((f"{one.path}.", f"{one.path}["))
    return is_inside and not any(_is_of(place, part) for part in [*one.parts, *(part for row in one.rows for part in row)])


def located(troubles: list[Trouble], nodes: list[Node]) -> list[tuple[str, str, str]]:
    """(where in words, message, id of the field) of each."""
    return [(words, trouble.message, id) for trouble in troubles for words, id in (where(trouble.place, nodes),)]


def where(place: str, nodes: list[Node]) -> tuple[str, str]:
    """The field at a place of the file, in words, and its id on the page."""
    every = [one for node in nodes for one in with_inner(node) if place.startswith(one.place)]
    if not every:
        return "the outputs" if place.startswith("outputs") else place, ""
    node = max(every, key=lambda one: len(one.place))
    field = next((one for one in node.all_fields() if _is_of(place, one)), None)
    return (f"{node.words}, {field.label}", field.id) if field else (node.words, node.id)


def of_sample(trouble: CuprumError | None) -> str:
    return next((one.reason for one in trouble.problems if one.attribute == "sample"), "") if isinstance(trouble, Invalid) else ""
