"""Entries of the change log as undo and the feed read them: decoded, and with who wrote them when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, exists, select

from cuprum.entities import ENTITIES, fields, kinds
from cuprum.kit import jsonio
from cuprum.records.state import SHARING
from cuprum.records.work import Work
from cuprum.storage.event_tables import change, change_group
from cuprum.storage.rows import from_log

# What a log entry may hold beside what people can change: undo leaves these alone.
_ASIDE = ("id", "created_by", "date_created", "date_modified", "interaction_count", "date_last_contacted", "version")
ADDS_OR_ENDS = ("new", "delete", "restore")
_UNDONE = change_group.alias()


@dataclass(frozen=True)
class Entry:
    seq: int
    group_id: str
    entity: str
    record_id: int
    kind: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    at: int
    actor: int | None


def entries() -> Select[Any]:
    """Select what `entry` takes; add conditions on `change` and `change_group`."""
    return select(
        change.c.seq, change.c.uid, change.c.group_id, change.c.entity, change.c.record_id, change.c.kind, change.c.before,
        change.c.after, change.c.transaction, change_group.c.at, change_group.c.actor,
    ).join_from(change, change_group, change_group.c.id == change.c.group_id)  # fmt: skip


def entry(row: Row[Any]) -> Entry:
    before, after = _values(row.entity, row.before), _values(row.entity, row.after)
    return Entry(row.seq, row.group_id, row.entity, row.record_id, row.kind, before, after, row.at, row.actor)


def _values(entity: str, logged: str) -> dict[str, Any]:
    return from_log(ENTITIES[entity], logged) if entity in ENTITIES else jsonio.decode(logged)


def later_in_force(work: Work, one: Entry) -> list[Entry]:
    """What happened to the same record since and still holds, newest first."""
    found = entries_in_force(work, one.group_id).where(
        change.c.entity == one.entity, change.c.record_id == one.record_id, change.c.seq > one.seq
    )
    return [entry(row) for row in work.execute(found.order_by(change.c.seq.desc()))]


def entries_in_force(work: Work, beside: str) -> Select[Any]:
    """`entries` of groups other than that one which still hold: no undone change, and no undoing."""
    undoing = exists(select(_UNDONE.c.id).where(_UNDONE.c.undone_by == change.c.group_id))
    others = change.c.group_id.not_in((beside, work.group.id))
    return entries().where(others, change_group.c.undone_by.is_(None), ~undoing)


def flat(entity: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that people can change, each custom value under a name of its own: `custom_fields.4711`."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name in _custom_names(entity):
            found |= {f"{name}.{definition_id}": one for definition_id, one in (value or {}).items()}
        elif name not in _ASIDE:
            found[name] = value
    return found


def unflat(entity: str, changed: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
    """`changed`, whose names `flat` made, as values of the record whose `present` values stand."""
    values: dict[str, Any] = {}
    for name, value in changed.items():
        whole, _, definition_id = name.partition(".")
        if not definition_id:
            values[name] = value
            continue
        custom = values.setdefault(whole, dict(present.get(whole) or {}))
        custom[int(definition_id)] = value
        if value in (None, []):
            del custom[int(definition_id)]
    return values


def touches(one: Entry, name: str) -> bool:
    """Whether a change wrote that field of an existing record."""
    if one.kind in ADDS_OR_ENDS:
        return False
    if one.entity not in ENTITIES:
        return name in one.before or name in one.after
    before, after = flat(one.entity, one.before), flat(one.entity, one.after)
    return before.get(name) != after.get(name)


def is_edit(one: Entry) -> bool:
    """Whether a change wrote anything that people can change of an existing record."""
    return one.kind not in ADDS_OR_ENDS and flat(one.entity, one.before) != flat(one.entity, one.after)


def kind_of(changed: Mapping[str, Any]) -> str:
    return "share" if changed.keys() <= set(SHARING) else "update"


def _custom_names(entity: str) -> list[str]:
    return [one.name for one in fields(ENTITIES[entity]) if isinstance(one.kind, kinds.CustomFields)]
