"""What is different between two versions of a workflow, in words: steps by their names, fields by their labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cuprum.automation.checking import every_task, form_of
from cuprum.automation.node_types import own_parameters
from cuprum.automation.words import kind_in_words, step_in_words, trigger_in_words
from cuprum.kit import jsonio

_NOWHERE = object()
_LONGEST = 200


@dataclass(frozen=True)
class Difference:
    """`where` is a step, a trigger or the automation itself, `what` what became of it; `before` and `after` are values."""

    where: str
    what: str
    before: str = ""
    after: str = ""


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """From one to the other; nothing where they say the same."""
    return [
        *_of_the_whole(before, after),
        *_of_nodes(_triggers(before), _triggers(after)),
        *_of_nodes(_steps(before), _steps(after)),
    ]


def differences_of_connections(before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    names = sorted({*before, *after})
    return [
        Difference(f"Connection of {name}" if name else "Connection", "", before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]


@dataclass(frozen=True)
class _Node:
    """`inside` is the list that it stands in, named by the step that holds it."""

    name: str
    words: str
    inside: str
    held: Mapping[str, Any]
    is_trigger: bool


def _of_the_whole(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    words = {"label": "Name", "description": "What it is for", "inputs": "Inputs", "outputs": "Outputs"}
    for key in dict.fromkeys([*before, *after]):
        if key not in ("tasks", "triggers") and before.get(key) != after.get(key):
            yield Difference(words.get(key, key), "", _text(before.get(key, _NOWHERE)), _text(after.get(key, _NOWHERE)))


def _triggers(workflow: Mapping[str, Any]) -> list[_Node]:
    listed = workflow.get("triggers")
    return [
        _Node(str(one.get("name")), trigger_in_words(one), "", one, True)
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict)
    ]


def _steps(workflow: Mapping[str, Any]) -> list[_Node]:
    found: list[_Node] = []
    names: dict[str, str] = {}
    for place, task in every_task(workflow.get("tasks")):
        if isinstance(task, dict):
            name = str(task.get("name"))
            names[place] = name
            holder = max((one for one in names if place.startswith(f"{one}.")), key=len, default="")
            way = place.removeprefix(holder).rpartition("[")[0] if holder else ""
            found.append(_Node(name, step_in_words(task), f"{names.get(holder, '')}{way}", task, False))
    return found


def _of_nodes(before: list[_Node], after: list[_Node]) -> Iterator[Difference]:
    was, now = {one.name: one for one in before}, {one.name: one for one in after}
    renamed = _renamed([one for one in before if one.name not in now], [one for one in after if one.name not in was])
    for one in before:
        if one.name not in now and one.name not in renamed:
            yield Difference(one.words, "was taken out")
    former = {new: old for old, new in renamed.items()}
    for one in after:
        earlier = was.get(former.get(one.name, one.name))
        if earlier is None:
            yield Difference(one.words, "was added")
            continue
        if one.name in former:
            yield Difference(one.words, "has another name in expressions", former[one.name], one.name)
        yield from _of_node(earlier, one)
    yield from _of_order(
        [one for one in before if renamed.get(one.name, one.name) in now],
        [one for one in after if former.get(one.name, one.name) in was],
        renamed,
    )


def _renamed(gone: list[_Node], new: list[_Node]) -> dict[str, str]:
    """Of those that are gone and those that are new: the ones of one kind that ask the same, or stand alone in their list."""
    found: dict[str, str] = {}
    for one in gone:
        alike = [other for other in new if other.held.get("type") == one.held.get("type") and other.name not in found.values()]
        same = [other for other in alike if _own(other) == _own(one)]
        if same or (len(alike) == 1 and alike[0].inside == one.inside):
            found[one.name] = (same or alike)[0].name
    return found


def _of_node(before: _Node, after: _Node) -> Iterator[Difference]:
    if before.held.get("type") != after.held.get("type"):
        kinds = [
            trigger_in_words(one.held) if one.is_trigger else kind_in_words(str(one.held.get("type"))) for one in (before, after)
        ]
        yield Difference(before.words, "is of another kind", *kinds)
    was, now = _own(before), _own(after)
    labels = {one.name: one.label for one in form_of(str(after.held.get("type")), is_trigger=after.is_trigger)}
    for key in dict.fromkeys([*was, *now]):
        if was.get(key, _NOWHERE) != now.get(key, _NOWHERE):
            yield Difference(
                after.words, labels.get(key, _plain(key)), _text(was.get(key, _NOWHERE)), _text(now.get(key, _NOWHERE))
            )
    others = [key for key in dict.fromkeys([*before.held, *after.held]) if key not in _OWN_WORDS]
    for key in ["label", *others]:
        if before.held.get(key) != after.held.get(key):
            yield Difference(
                after.words, _plain(key), _text(before.held.get(key, _NOWHERE)), _text(after.held.get(key, _NOWHERE))
            )


# What of a node has words of its own here.
_OWN_WORDS = ("name", "type", "label", "parameters", "pre", "post", "finalize")


def _own(one: _Node) -> Mapping[str, Any]:
    """Its parameters, those that hold steps apart; of a branch the cases still tell what is compared."""
    held = one.held
    if not isinstance(held.get("parameters"), dict):
        return {}
    if one.is_trigger or not isinstance(held.get("type"), str):
        return dict(held["parameters"])
    found = own_parameters(held)
    if isinstance(cases := held["parameters"].get("cases"), list):
        found["cases"] = [case.get("key") for case in cases if isinstance(case, dict)]
    return found


def _of_order(before: list[_Node], after: list[_Node], renamed: Mapping[str, str]) -> Iterator[Difference]:
    places = {renamed.get(one.name, one.name): one.inside for one in before}
    moved = [one for one in after if places.get(one.name) != one.inside]
    yield from (Difference(one.words, "was moved to another list") for one in moved)
    away = {one.name for one in moved}
    was = [name for one in before if (name := renamed.get(one.name, one.name)) not in away]
    now = [one.name for one in after if one.name not in away]
    if was != now:
        words = {one.name: one.words for one in after}
        yield Difference("The order", "", *(", ".join(words.get(name, name) for name in names) for names in (was, now)))


def _text(value: Any) -> str:
    if value is _NOWHERE or value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and not any(isinstance(one, list | dict) for one in value):
        text = ", ".join(map(_text, value))
    else:
        text = value if isinstance(value, str) else jsonio.text(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _plain(key: str) -> str:
    return key.replace("_", " ").capitalize()
