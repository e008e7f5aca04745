"""From rows to events: what is new, what changed, and what the record was before."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from cuprum.connector.polling.event import Event, Record
from cuprum.connector.resources.base import as_number

# Changed by looking, calling or mailing, not by editing; the modification second moves with everything.
METADATA = frozenset({"date_modified", "date_last_contacted", "interaction_count"})
# Follows from another field, which is the one that changed. A lead's company name, and an opportunity's status, are its own.
JOINED = {
    "lead": frozenset({"status", "converted_value", "converted_unit"}),
    "person": frozenset({"company_name"}),
    "opportunity": frozenset({"company_name", "pipeline_type", "pipeline_is_revenue", "converted_value", "converted_unit"}),
}

# Money came as "250000.0" on some accounts.
DECIMAL = re.compile(r"-?\d{1,15}\.\d{1,9}")


@dataclass(frozen=True)
class Shadow:
    """A record as it was last seen. The whole body is kept, so that former values and deleted records are whole."""

    record_id: int
    digest: str
    body: Record


def compare(
    entity: str, rows: Iterable[Record], shadows: Mapping[int, Shadow], *, since: int, quiet: bool = False
) -> tuple[list[Event], dict[int, Shadow]]:
    """The events in a page, and the shadows that replace the old ones.

    `shadows` are those of the ids in the page. A record that is unknown was created when its creation second is not before
    `since` (when watching began), else it is one that came into view: an update without former values. `quiet` seeds: it
    remembers and says nothing.
    """
    events: list[Event] = []
    changed: dict[int, Shadow] = {}
    for row in rows:
        record_id = as_number(row.get("id"))
        if record_id is None or row.get("is_deleted"):
            continue
        known = changed.get(record_id) or shadows.get(record_id)
        seen = Shadow(record_id, digest(row), row)
        if known and known.digest == seen.digest:
            continue
        changed[record_id] = seen
        if not quiet:
            events.append(event_of(entity, seen, known, since))
    return events, changed


def event_of(entity: str, seen: Shadow, known: Shadow | None, since: int) -> Event:
    row = seen.body
    at = as_number(row.get("date_modified")) or 0
    version = f"{at}-{seen.digest}"
    if known is None:
        created = as_number(row.get("date_created")) or 0
        if created >= since:
            return Event(entity, seen.record_id, "created", created, version, row)
        return Event(entity, seen.record_id, "updated", at, version, row)
    previous = former_values(known.body, row)
    names = tuple(sorted(previous))
    said = is_metadata_only(entity, names)
    return Event(entity, seen.record_id, "updated", at, version, row, names, previous, is_metadata_only=said)


def is_metadata_only(entity: str, changed: Iterable[str]) -> bool:
    """Whether nothing changed that somebody wrote."""
    return METADATA | JOINED.get(entity, frozenset()) >= set(changed)


def former_values(before: Record, after: Record) -> dict[str, Any]:
    """What changed, with the value it had: by field, custom ones by definition id."""
    old, new = flat(before), flat(after)
    return {
        name: plain_value(before, name)
        for name in old.keys() | new.keys()
        if old.get(name) != new.get(name) and name != "date_modified"
    }


def plain_value(record: Record, name: str) -> Any:
    head, _, definition = name.partition(".")
    if head == "custom_fields" and definition:
        return next(
            (one.get("value") for one in record.get(head) or () if str(one.get("custom_field_definition_id")) == definition),
            None,
        )
    return record.get(name)


def digest(record: Record) -> str:
    return hashlib.sha256(msgspec.json.encode(flat(record), order="deterministic")).hexdigest()[:16]


def flat(record: Record) -> dict[str, Any]:
    """A record for comparing: numbers and numeric strings are one, and orders that carry no meaning are gone."""
    compared: dict[str, Any] = {}
    for name, value in record.items():
        if name == "custom_fields":
            for one in value or ():
                compared[f"custom_fields.{one.get('custom_field_definition_id')}"] = settled(one.get("value"))
        else:
            compared[name] = settled(value)
    return compared


def settled(value: Any) -> Any:
    """12, "12", 12.0 and "12.0" compare equal; a list of plain values is a set."""
    if isinstance(value, Mapping):
        # An address that was never set is null; one that was emptied is an object of nulls.
        inner = {key: settled(part) for key, part in value.items() if part not in (None, "")}
        return inner or None
    if isinstance(value, list):
        parts = [settled(part) for part in value]
        return sorted(parts, key=str) if all(not isinstance(part, dict) for part in parts) else parts
    if isinstance(value, str) and DECIMAL.fullmatch(value):
        value = float(value)
    if isinstance(value, float | Decimal):
        return f"{float(value):.15g}"
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
