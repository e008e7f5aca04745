"""The editor: a workflow file as a form, its steps in their order and what each of them asks."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cuprum.automation import workflows
from cuprum.automation.checking import check_workflow, form_of, not_filled_in
from cuprum.automation.connections import stored_connections
from cuprum.automation.editing import lists_in
from cuprum.automation.node_forms import TASK_FORMS, TRIGGER_FORMS
from cuprum.automation.node_types import BRANCH, CONDITION, COPPER
from cuprum.automation.offering import names_of
from cuprum.automation.paths import at
from cuprum.automation.templates import template
from cuprum.automation.triggers.enabling import connection_of
from cuprum.automation.words import kind_in_words, step_in_words, trigger_in_words, trigger_kind_in_words
from cuprum.automation.workflow_file import BadWorkflow, Trouble
from cuprum.connector.catalogue import ACTIONS, TRIGGERS
from cuprum.connector.given import is_blank
from cuprum.kit import jsonio
from cuprum.kit.errors import CuprumError, Invalid, NotFound
from cuprum.records.work import Work
from cuprum.web.desk import State, View
from cuprum.web.pages.automations import comparisons, outputs
from cuprum.web.pages.automations.draft import Draft
from cuprum.web.pages.automations.fields import Field, Typed, field_of
from cuprum.web.pages.automations.files import edition
from cuprum.web.pages.automations.samples import entity_of, example_of
from cuprum.web.visit import Page, Visit

_DEEPEST = 12
_KNOWN_KEYS = ("name", "type", "label", "parameters", "pre", "post", "finalize")


@dataclass(frozen=True)
class Node:
    """A step or a trigger. `lists` are those inside of it: (heading, place, its nodes, the field of a case)."""

    place: str
    name: str
    kind: str
    words: str
    title: str
    label: str
    about: str
    is_trigger: bool
    fields: list[Field]
    comparisons: list[list[comparisons.Row]] | None
    lists: list[tuple[str, str, list[Node], Field | None]]
    others: list[str]
    troubles: list[str]

    def all_fields(self) -> Iterator[Field]:
        for one in self.fields:
            yield from one.all()
        for _, _, _, case in self.lists:
            if case:
                yield case

    @property
    def main(self) -> list[Field]:
        return [one for one in self.fields if one.is_main]

    @property
    def more(self) -> list[Field]:
        return [one for one in self.fields if not one.is_main]

    @property
    def id(self) -> str:
        return "n-" + "".join(letter if letter.isalnum() else "-" for letter in self.place)


# --- reading the file


def triggers_of(workflow: Mapping[str, Any], names: Mapping[str, str]) -> list[Node]:
    listed = workflow.get("triggers")
    return [
        _node(one, f"triggers[{index}]", names, is_trigger=True)
        for index, one in enumerate(listed if isinstance(listed, list) else [])
        if isinstance(one, dict)
    ]


def steps_of(workflow: Mapping[str, Any], names: Mapping[str, str], place: str = "tasks", depth: int = 0) -> list[Node]:
    held = at(workflow, place)
    if isinstance(held, dict):
        held = [held]
    if not isinstance(held, list) or depth > _DEEPEST:
        return []
    return [
        _node(one, f"{place}[{index}]", names, workflow=workflow, depth=depth)
        for index, one in enumerate(held)
        if isinstance(one, dict)
    ]


def nodes_of(workflow: Mapping[str, Any], names: Mapping[str, str]) -> list[Node]:
    """All of them, those inside of others too."""
    found = triggers_of(workflow, names)
    for one in steps_of(workflow, names):
        found += _with_inner(one)
    return found


def _with_inner(node: Node) -> list[Node]:
    return [node, *(one for _, _, inner, _ in node.lists for child in inner for one in _with_inner(child))]


def _node(
    one: dict[str, Any],
    place: str,
    names: Mapping[str, str],
    *,
    is_trigger: bool = False,
    workflow: Mapping[str, Any] | None = None,
    depth: int = 0,
) -> Node:
    kind = str(one.get("type"))
    held = one.get("parameters")
    given: dict[str, Any] = held if isinstance(held, dict) else {}
    operation = kind.removeprefix(COPPER)
    fields = [
        field_of(each, given.get(each.name), f"{place}.parameters.{each.name}", operation, names)
        for each in form_of(kind, is_trigger=is_trigger)
    ]
    compared = comparisons.rows_of(given, f"{place}.parameters") if kind == CONDITION and not is_trigger else None
    if kind == CONDITION and compared is None:
        fields.append(
            Field(
                f"{place}.parameters.expression",
                "Formula",
                "long",
                _text(given.get("expression")),
                given.get("expression"),
                "Such as =${trigger_1.record.monetary_value} > 1000.",
                required=True,
            )
        )
    lists: list[tuple[str, str, list[Node], Field | None]] = []
    if workflow is not None:
        cases = given.get("cases") if kind == BRANCH else None
        for index, case in enumerate(cases if isinstance(cases, list) else []):
            if isinstance(case, dict):
                there = f"{place}.parameters.cases[{index}]"
                key = Field(f"{there}.key", "Equals", "text", _text(case.get("key")), case.get("key"), type="ANY")
                lists.append((f"Case {index + 1}", f"{there}.tasks", steps_of(workflow, names, f"{there}.tasks", depth + 1), key))
        for heading, inner in lists_in(one):
            lists.append((heading, f"{place}.{inner}", steps_of(workflow, names, f"{place}.{inner}", depth + 1), None))
    form = (TRIGGER_FORMS if is_trigger else TASK_FORMS).get(kind)
    known: Any = (TRIGGERS if is_trigger else ACTIONS).get(operation) if kind.startswith(COPPER) else None
    return Node(
        place, str(one.get("name")), kind, trigger_in_words(one) if is_trigger else step_in_words(one),
        trigger_kind_in_words(kind) if is_trigger else kind_in_words(kind), _text(one.get("label")),
        form.description if form else known.description if known and not is_trigger else "", is_trigger, fields, compared, lists,
        [key for key in one if key not in _KNOWN_KEYS], [],
    )  # fmt: skip


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else jsonio.text(value)


def cases_of(node: Node) -> list[Field]:
    """What the cases of a branch are compared with."""
    return [case for _, _, _, case in node.lists if case]


def take_comparisons(workflow: dict[str, Any], node: Node, typed: Typed) -> None:
    if node.comparisons is not None:
        comparisons.take(workflow, f"{node.place}.parameters", node.comparisons, typed)


# --- showing it


def begin(state: State, visit: Visit) -> View:
    """A kept automation, or a new one from a template."""
    if "id" in visit.parameters:
        kept = state.database.read_now(workflows.by_id, visit.id)
        draft = Draft(kept.workflow, kept.id, edition(kept.workflow), dict(kept.connections))
    else:
        chosen = template(visit.query.get("template", "blank"))
        if chosen is None:
            raise NotFound
        draft = Draft(copy.deepcopy(chosen.workflow))
    draft.names |= _names(state, draft)
    return shown(draft)


def _names(state: State, draft: Draft) -> dict[str, str]:
    """What the numbers in the file are called, asked once for each connection."""
    there = [one.name for one in state.database.read_now(stored_connections)]
    wanted: dict[str, list[tuple[str, str, Mapping[str, Any], str]]] = {}
    places: dict[tuple[str, str], list[str]] = {}
    for node in nodes_of(draft.workflow, {}):
        connection = connection_of_node(node.name, draft.connections, there)
        for one in node.all_fields():
            if one.source and connection and one.value.isascii() and one.value.isdecimal():
                given = at(draft.workflow, f"{node.place}.parameters") or {}
                wanted.setdefault(connection, []).append((*one.source, given, one.value))
                places.setdefault((one.source[1], one.value), []).append(one.path)
    found: dict[str, str] = {}
    for connection, asked in wanted.items():
        for (path, value), label in names_of(state.database, connection, asked).items():
            found |= {f"{place}={value}": label for place in places.get((path, value), [])}
    return found


def connection_of_node(node: str, given: Mapping[str, str], there: list[str]) -> str:
    name = connection_of(node, given, there)
    return name if name in there else ""


def shown(draft: Draft, *, trouble: CuprumError | None = None, part: str = "editor", tried: dict[str, Any] | None = None) -> View:
    def view(work: Work, visit: Visit) -> Page:
        return page_of(work, visit, draft, trouble, part, tried)

    return view


def page_of(
    work: Work,
    visit: Visit,
    draft: Draft,
    trouble: CuprumError | None = None,
    part: str = "editor",
    tried: dict[str, Any] | None = None,
) -> Page:
    workflow, db = draft.workflow, work.connection
    kept = workflows.by_id(db, draft.id) if draft.id is not None else None
    wrong, unfilled = troubles_of(workflow)
    told = [*_of(trouble, wrong), *wrong, *unfilled]
    triggers = [_with_troubles(one, told) for one in triggers_of(workflow, draft.names)]
    steps = [_with_troubles(one, told) for one in steps_of(workflow, draft.names)]
    there = stored_connections(db)
    first = (
        (workflow.get("triggers") or [{}])[0] if isinstance(workflow.get("triggers"), list) and workflow.get("triggers") else {}
    )
    entity = entity_of(first)
    words = {
        "draft": draft, "draft_text": jsonio.text(workflow), "names_text": jsonio.text(draft.names), "kept": kept,
        "workflow": workflow, "triggers": triggers, "steps_": steps, "connections": there, "operations": comparisons.OPERATIONS,
        "step_words": kind_in_words,
        "default_connection": draft.connections.get("") or draft.connections.get("copper") or "",
        "wrong": _located(wrong, [*triggers, *steps], workflow), "unfilled": _located(unfilled, [*triggers, *steps], workflow),
        "trouble": None if isinstance(trouble, BadWorkflow) else trouble, "is_refused": isinstance(trouble, BadWorkflow),
        "outputs": outputs.of(workflow, triggers, steps),
        "choosing": draft.choosing, "groups": _choices(draft) if draft.choosing else [],
        "tried": tried, "sample": visit.fields.get("sample", ""), "sample_entity": entity,
        "sample_event": visit.fields.get("sample_event") or _example(first, workflow), 
        "problems_of_sample": _sample_problem(trouble),
        "saved": visit.query.get("saved") == "1", "others": _others(workflow),
    }  # fmt: skip
    return Page("automations/edit.html", words, part=part, status=trouble.status if trouble else 200)


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


def _of(trouble: CuprumError | None, wrong: list[Trouble]) -> list[Trouble]:
    """What a refusal says beyond that."""
    return [one for one in trouble.troubles if one not in wrong] if isinstance(trouble, BadWorkflow) else []


def _with_troubles(node: Node, troubles: list[Trouble]) -> Node:
    for one in node.all_fields():
        one.problems.extend(dict.fromkeys(trouble.message for trouble in troubles if _is_of(trouble.place, one)))
    own = [trouble.message for trouble in troubles if trouble.place in (node.place, f"{node.place}.type", f"{node.place}.name")]
    lists = [
        (heading, place, [_with_troubles(child, troubles) for child in inner], case) for heading, place, inner, case in node.lists
    ]
    return replace(node, troubles=list(dict.fromkeys(own)), lists=lists)


def _is_of(place: str, one: Field) -> bool:
    """Whether the trouble belongs under this very field, and not under one of its parts."""
    if place == one.path:
        return True
    is_inside = place.startswith((f"{one.path}.", f"{one.path}["))
    return is_inside and not any(_is_of(place, part) for part in [*one.parts, *(part for row in one.rows for part in row)])


def _located(troubles: list[Trouble], nodes: list[Node], workflow: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(where in words, message, id of the field) of each."""
    every = [one for node in nodes for one in _with_inner(node)]
    found = []
    for trouble in troubles:
        node = max((one for one in every if trouble.place.startswith(one.place)), key=lambda one: len(one.place), default=None)
        field = next((one for one in node.all_fields() if _is_of(trouble.place, one)), None) if node else None
        where = f"{node.words}, {field.label}" if node and field else node.words if node else trouble.place
        found.append((where, trouble.message, field.id if field else node.id if node else ""))
    return found


def _example(trigger: Mapping[str, Any], workflow: Mapping[str, Any]) -> str:
    import json

    example = example_of(trigger, workflow)
    return json.dumps(example, ensure_ascii=False, indent=2) if example is not None else ""


def _sample_problem(trouble: CuprumError | None) -> str:
    return next((one.reason for one in trouble.problems if one.attribute == "sample"), "") if isinstance(trouble, Invalid) else ""


def _others(workflow: Mapping[str, Any]) -> list[str]:
    """What the file holds beside what the form shows."""
    shown_here = ("label", "description", "triggers", "tasks")
    return [key for key, value in workflow.items() if key not in shown_here and not is_blank(value)]


def _choices(draft: Draft) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """What can be put in the chosen place: groups of (type, title, about)."""
    assert draft.choosing
    groups: dict[str, list[tuple[str, str, str]]] = {}
    if draft.choosing[0] == "trigger":
        for trigger in TRIGGERS.values():
            groups.setdefault(f"{trigger.entity.capitalize()}" if trigger.entity else "Any record", []).append(
                (trigger.type, trigger_kind_in_words(trigger.type), "")
            )
        for kind, form in TRIGGER_FORMS.items():
            group = "By the clock" if kind.startswith("schedule") else "By a call" if kind.startswith("webhook") else "By hand"
            if kind not in ("manual", "manual/v1"):
                groups.setdefault(group, []).append((kind, form.title, form.description))
        return sorted(groups.items(), key=_trigger_order)
    for kind, form in TASK_FORMS.items():
        is_flow = bool(form.lists) or kind.startswith(("loop", "wait", "delay"))
        groups.setdefault("Flow" if is_flow else "Tools", []).append((kind, form.title, form.description))
    for action in ACTIONS.values():
        groups.setdefault(action.entity.capitalize() if action.entity else "The account", []).append(
            (action.type, action.title, action.summary or action.description)
        )
    order = ("Task", "Lead", "Person", "Company", "Opportunity", "Project", "Activity", "Flow", "Tools", "The account")
    return sorted(groups.items(), key=lambda group: order.index(group[0]))


def _trigger_order(group: tuple[str, Any]) -> int:
    order = (
        "Lead",
        "Person",
        "Company",
        "Opportunity",
        "Project",
        "Task",
        "Activity",
        "Any record",
        "By the clock",
        "By a call",
        "By hand",
    )
    return order.index(group[0])
