"""Steps and triggers as the form shows them: read from the file, each with its fields and the lists inside of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cuprum.automation.checking import form_of
from cuprum.automation.editing import lists_in
from cuprum.automation.node_forms import TASK_FORMS, TRIGGER_FORMS
from cuprum.automation.node_types import BRANCH, CONDITION, COPPER
from cuprum.automation.paths import at
from cuprum.automation.words import kind_in_words, step_in_words, trigger_in_words, trigger_kind_in_words
from cuprum.connector.catalogue import ACTIONS, TRIGGERS
from cuprum.kit import jsonio
from cuprum.web.pages.automations import comparisons
from cuprum.web.pages.automations.fields import Field, field_of, said_beyond

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
    called: Field

    def all_fields(self) -> Iterator[Field]:
        yield self.called
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
        found += with_inner(one)
    return found


def with_inner(node: Node) -> list[Node]:
    return [node, *(one for _, _, inner, _ in node.lists for child in inner for one in with_inner(child))]


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
    about = form.description if form else said_beyond(known.title, known.description) if known and not is_trigger else ""
    return Node(
        place, str(one.get("name")), kind, trigger_in_words(one) if is_trigger else step_in_words(one),
        trigger_kind_in_words(kind) if is_trigger else kind_in_words(kind), _text(one.get("label")),
        about, is_trigger, fields, compared, lists,
        [key for key in one if key not in _KNOWN_KEYS], [],
        Field(f"{place}.name", "Name in expressions", "text", str(one.get("name"))),
    )  # fmt: skip


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else jsonio.text(value)


def cases_of(node: Node) -> list[Field]:
    """What the cases of a branch are compared with."""
    return [case for _, _, _, case in node.lists if case]
