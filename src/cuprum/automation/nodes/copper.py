"""`copper/v1/…`: an action of the catalogue through a connection, at most once where it makes something new."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from cuprum.automation.nodes.outcome import NodeCall, NodeTrouble, Said, Undecidable
from cuprum.connector import Copper
from cuprum.connector.actions.action import Action
from cuprum.connector.catalogue import action
from cuprum.connector.given import read_given
from cuprum.connector.properties import Property
from cuprum.connector.resources.base import as_number
from cuprum.entities import ENTITIES

# Cuprum remembers the keys of writes for a day; well before that, looking is safer than trusting it.
KEYS_COUNT_SECONDS = 20 * 3_600

# The id of what a dry run did not make.
NOT_MADE = "0"


def is_read(one: Action, given: dict[str, Any]) -> bool:
    if one.name == "customCall":
        return str(given.get("method", "")).upper() == "GET"
    return one.method == "GET"


def makes_new(one: Action, given: dict[str, Any]) -> bool:
    """Whether doing it twice could make two. What finds first and what says what a record is to be does not."""
    if one.name.startswith(("findOrCreate", "upsert")):
        return False
    method = str(given.get("method", "")).upper() if one.name == "customCall" else one.method
    return method == "POST"


def act(call: NodeCall, copper: Copper, sent_at: int | None, note_sent: Callable[[], None]) -> Said:
    """Do it. `sent_at` is when an attempt sent it that never heard the answer: then it is looked for first."""
    one = action(call.type)
    client = copper.keyed(call.key)
    if sent_at is not None and (time.time() - sent_at > KEYS_COUNT_SECONDS or not copper.repeats_safely()):
        found = client.recovered(one.name, call.input, sent_at)
        if found.state == "happened":
            return Said(found.output, wrote(one, call.input, found.output))
        if found.state == "undecidable":
            raise Undecidable(
                f"{one.title} was sent and its answer lost: whether it happened cannot be told. "
                "Look in the CRM, then retry it with `repeat`, or discard the run.",
                found.candidate_ids,
            )
    if makes_new(one, call.input):
        # What is refused here never goes out.
        read_given(one.fields, call.input, clears=one.clears, operation=one.name)
        note_sent()
    output = client.act(one.name, call.input)
    return Said(output, wrote(one, call.input, output), client.written_group)


def wrote(one: Action, given: dict[str, Any], output: Any) -> tuple[str, int, int] | None:
    """The record that the action left behind, by which its event is known again."""
    if is_read(one, given) or one.entity not in ENTITIES or not isinstance(output, dict):
        return None
    if one.name.startswith("delete"):
        number = as_number(given.get("id"))
        return (one.entity, number, 0) if number else None
    raw = output.get("raw")
    if not isinstance(raw, dict):
        return None
    number, version = as_number(raw.get("id")), as_number(raw.get("date_modified"))
    return (one.entity, number, version) if number and version else None


def shown(call: NodeCall) -> Said:
    """What a write would do, for a dry run: its input is read as it would be, and nothing is sent."""
    one = action(call.type)
    read_given(one.fields, call.input, clears=one.clears, operation=one.name)
    said = {part.name: call.input.get(part.name, _nothing(part)) for part in one.output}
    # A later task may need the id of what would have been made.
    if "id" in said and said["id"] is None:
        said["id"] = NOT_MADE
    return Said({**said, "dry_run": True, "would": {"call": one.call, "parameters": call.input}})


def _nothing(part: Property) -> Any:
    """What a field holds that nobody has filled in."""
    if part.type == "ARRAY":
        return []
    return {inner.name: _nothing(inner) for inner in part.properties} if part.type == "OBJECT" else None


def needs_connection(call: NodeCall) -> NodeTrouble:
    return NodeTrouble(f"No connection is bound to {call.node}", kind="Unbound")
