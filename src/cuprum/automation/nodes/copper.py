"""`copper/v1/…`: an action of the catalogue through a connection, at most once where it makes something new."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from cuprum.automation.nodes.outcome import NodeCall, NodeTrouble, Said, Undecidable, Wrote
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
            return Said(found.output, wrote(one, call.input, found.output, None))
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
    return Said(output, wrote(one, call.input, output, client.written_custom_fields), client.written_group)


def wrote(one: Action, given: dict[str, Any], output: Any, custom_fields: Iterable[int] | None) -> tuple[Wrote, ...]:
    """The records that the action left behind; `custom_fields` are the definition ids of those sent, None if not known."""
    if is_read(one, given) or not isinstance(output, dict):
        return ()
    if one.name.startswith("delete"):
        number = as_number(given.get("id"))
        return (Wrote(one.entity, number, 0),) if number and one.entity in ENTITIES else ()
    if one.name.startswith("findOrCreate") and not output.get("created"):
        # It was somebody else's, and is left as it was.
        return ()
    sent = None if custom_fields is None else tuple(sorted(custom_fields))
    return (
        *_converted(one, given),
        *(
            Wrote(entity, number, version, sent)
            for entity, record in _records_in(one, output.get("raw"))
            if entity in ENTITIES
            and isinstance(record, dict)
            and (number := as_number(record.get("id")))
            and (version := as_number(record.get("date_modified")))
        ),
    )


def _converted(one: Action, given: dict[str, Any]) -> tuple[Wrote, ...]:
    """The lead itself, which no answer shows any more: its conversion is known again by the lead alone, as a deletion is."""
    number = as_number(given.get("id")) if one.name == "convertLead" else None
    return (Wrote("lead", number, 0),) if number else ()


def _records_in(one: Action, raw: Any) -> list[tuple[str, Any]]:
    """The records in an answer: one, those of a bulk, or what a lead became."""
    if one.name == "convertLead":
        return list(raw.items()) if isinstance(raw, dict) else []
    return [(one.entity, record) for record in (raw if isinstance(raw, list) else [raw])]


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
