"""What earlier steps put out, as a list of expressions to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cuprum.automation.node_forms import TASK_FORMS, TRIGGER_FORMS
from cuprum.automation.node_types import COPPER
from cuprum.connector.catalogue import ACTIONS, TRIGGERS
from cuprum.connector.facts import outputs
from cuprum.connector.properties import Property
from cuprum.entities import ENTITIES

if TYPE_CHECKING:
    from cuprum.web.pages.automations.nodes import Node

_DEEPEST = 3


@dataclass(frozen=True)
class Source:
    """A step or trigger, and its values: (expression, label)."""

    name: str
    words: str
    values: list[tuple[str, str]]


def of(workflow: Mapping[str, Any], triggers: Iterable[Node], steps: Iterable[Node]) -> list[Source]:
    """In the order in which they come; the page offers a step those that stand before it."""
    inputs = [str(one["name"]) for one in workflow.get("inputs") or [] if isinstance(one, dict) and "name" in one]
    found = [Source("", "Inputs", [(f"${{{name}}}", name) for name in inputs])] if inputs else []
    for node in [*triggers, *_walked(steps)]:
        values = [(f"${{{node.name}.{path}}}", label) for path, label in _values(_output(workflow, node))]
        found.append(Source(node.name, node.words, [(f"${{{node.name}}}", "Everything"), *values]))
    return found


def _walked(steps: Iterable[Node]) -> Iterator[Node]:
    for step in steps:
        yield step
        for _, _, inner, _ in step.lists:
            yield from _walked(inner)


def _output(workflow: Mapping[str, Any], node: Node) -> tuple[Property, ...]:
    if not node.kind.startswith(COPPER):
        form = (TRIGGER_FORMS if node.is_trigger else TASK_FORMS).get(node.kind)
        return form.output if form else ()
    operation = node.kind.removeprefix(COPPER)
    if not node.is_trigger:
        action = ACTIONS.get(operation)
        return action.output if action else ()
    trigger = TRIGGERS.get(operation)
    if trigger is None:
        return ()
    entity = trigger.entity or next((one.value for one in node.fields if one.path.endswith(".entity")), "")
    record = outputs(entity) if entity in ENTITIES else ()
    # The record first: it is what is mostly meant.
    ranked = sorted(trigger.output, key=lambda one: one.name != "record")
    return tuple(Property("record", "Record", "OBJECT", properties=record) if one.name == "record" else one for one in ranked)


def _values(properties: Iterable[Property], path: str = "", label: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for one in properties:
        if not one.name or depth > _DEEPEST:
            continue
        here = f"{path}.{one.name}" if path else one.name
        # What stands in the record goes by its own name.
        called = "" if one.name == "record" else " · ".join(filter(None, (label, one.label or _plain(one.name))))
        if one.type == "OBJECT" and one.properties:
            yield from _values(one.properties, here, called, depth + 1)
        elif one.type == "ARRAY" and one.items and one.items[0].properties:
            yield here, f"{called} (all)"
            for part in one.items[0].properties:
                yield f"{here}[0].{part.name}", f"{called} · first {_plain(part.name).lower()}"
        else:
            yield here, called or "Record"


def _plain(name: str) -> str:
    return name.replace("_", " ").removesuffix(" id").capitalize() or name
