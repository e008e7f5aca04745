"""The change feed: what happened to records, each with the record as it was then and the values it had before.

A cursor stands between two changes. Changes are read in the order of their transactions and only below the oldest open
one, since on PostgreSQL a transaction that began earlier may commit later: nothing ever appears behind a cursor.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, select, tuple_

from cuprum.kit import jsonio
from cuprum.kit.errors import Gone, Invalid, Problem
from cuprum.kit.uuid7 import id_at
from cuprum.records.conflict import who
from cuprum.records.logged import Entry, entries, entry
from cuprum.records.state import in_parts, states_of
from cuprum.records.visible import visible_even_in_trash
from cuprum.records.wire_values import joined_columns, wire_object
from cuprum.records.work import Work
from cuprum.storage.account_tables import account
from cuprum.storage.dialect import oldest_open_transaction
from cuprum.storage.event_tables import change
from cuprum.storage.tables import TABLES

NOW = "now"
# How many changes one answer walks past, those of records unseen included.
_MOST_WALKED = 5_000
# What every write moves, or what is counted rather than written, is no news.
_NO_NEWS = ("date_modified", "interaction_count", "date_last_contacted")

Position = tuple[int, int]
Values = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """Some entries of the feed in their order, the cursor after them, and whether more can be read at once."""

    entries: list[dict[str, Any]]
    cursor: str
    more: bool


def read_feed(work: Work, after: str | None, entities: Collection[str], limit: int, *, since: float = 0) -> Part:
    """The changes after a cursor (None: from the first since that moment; `now`: none yet) to records that the actor may see.

    Raises Gone for a cursor from before a restore, Invalid for what is no cursor.
    """
    epoch = work.execute(select(account.c.epoch)).scalar_one()
    end = end_of_feed(work.connection)
    if after is None:
        position = min(_before(work.connection, since), end) if since else (0, 0)
    else:
        position = end if after == NOW else _position(after, epoch)
    found: list[dict[str, Any]] = []
    walked, more = 0, position < end
    while more and len(found) < limit and walked < _MOST_WALKED:
        wanted = min(limit - len(found), 500)
        rows = work.execute(_after(position, end, entities).limit(wanted)).all()
        found += _seen_entries(work, rows, epoch)
        walked += len(rows)
        more = len(rows) == wanted
        position = _place(rows[-1]) if more else end
    return Part(found, _cursor(epoch, position), more and position < end)


def end_of_feed(connection: Connection) -> Position:
    """The place of the last change that no change can come before any more."""
    finished = change.c.transaction < oldest_open_transaction(connection)
    last = select(change.c.transaction, change.c.seq).where(finished)
    row = connection.execute(last.order_by(change.c.transaction.desc(), change.c.seq.desc()).limit(1)).one_or_none()
    return (row[0], row[1]) if row else (0, 0)


def _before(connection: Connection, since: float) -> Position:
    """The place before the first change of that moment or later; the end when there is none."""
    place = (change.c.transaction, change.c.seq)
    # The ids of changes begin with the millisecond.
    first = connection.execute(select(*place).where(change.c.uid >= id_at(since)).order_by(*place).limit(1)).one_or_none()
    return (first[0], first[1] - 1) if first else end_of_feed(connection)


def _after(position: Position, end: Position, entities: Collection[str]) -> Select[Any]:
    place = tuple_(change.c.transaction, change.c.seq)
    return (
        entries()
        .where(place > tuple_(*position), place <= tuple_(*end), change.c.entity.in_(sorted(entities)))
        .order_by(change.c.transaction, change.c.seq)
    )


def _place(row: Row[Any]) -> Position:
    return row.transaction, row.seq


def _cursor(epoch: str, position: Position) -> str:
    return urlsafe_b64encode(jsonio.encode([epoch, *position])).decode().rstrip("=")


def _position(cursor: str, epoch: str) -> Position:
    try:
        written = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        known, transaction, seq = msgspec.json.decode(written, type=tuple[str, int, int])
    except (ValueError, binascii.Error, msgspec.MsgspecError):
        raise Invalid(Problem("after", "is not a cursor of this feed: use the cursor of an earlier answer, or none")) from None
    if known != epoch:
        raise Gone("The database was restored since this cursor was given out: read everything again and start without a cursor.")
    return transaction, seq


def _seen_entries(work: Work, rows: Iterable[Row[Any]], epoch: str) -> list[dict[str, Any]]:
    listed = [(row, entry(row)) for row in rows]
    before: dict[int, Values] = {}
    after: dict[int, Values] = {}
    for entity in {one.entity for _, one in listed}:
        own = [one for _, one in listed if one.entity == entity]
        for one, then, now in _folded(work, entity, own):
            before[one.seq], after[one.seq] = then, now
    return [_entry(row, one, before[one.seq], after[one.seq], work, epoch) for row, one in listed if one.seq in after]


def _folded(work: Work, entity: str, listed: list[Entry]) -> Iterable[tuple[Entry, Values, Values]]:
    """Each entry with its record's wire object before and after it: the record of today with later changes taken back."""
    ids = {one.record_id for one in listed}
    present = _present(work, entity, ids)
    wanted = {one.seq: one for one in listed}
    states: list[tuple[Entry, Values, Values]] = []
    for later in _changes_from(work, entity, present.keys() & ids, min(wanted)):
        values = present.get(later.record_id)
        if values is None:
            values = dict(later.before)
        former = values if later.kind in ("new", "delete", "restore") else {**values, **later.before}
        if later.seq in wanted:
            states.append((later, former, {**values, "date_modified": later.at} if later.kind != "delete" else values))
        present[later.record_id] = former
    joined = joined_columns(work, entity, [values for _, former, after in states for values in (former, after)])
    for one, former, after in states:
        yield one, wire_object(work, entity, former, joined), wire_object(work, entity, after, joined)


def _present(work: Work, entity: str, ids: Iterable[int]) -> dict[int, Values | None]:
    """The records of today that the actor may see, in the trash or not; None for what was purged, which only admins see."""
    records = TABLES[entity]
    seen: list[int] = []
    for some in in_parts(ids):
        found = select(records.c.id).where(records.c.id.in_(some), visible_even_in_trash(work.actor, entity))
        seen += work.execute(found).scalars()
    present: dict[int, Values | None] = {
        record_id: state.values for record_id, state in states_of(work, entity, seen, lock=False).items()
    }
    if work.actor.is_admin:
        present |= {record_id: None for record_id in ids if record_id not in present}
    return present


def _changes_from(work: Work, entity: str, ids: Iterable[int], first: int) -> list[Entry]:
    """Every change of these records from one sequence number on, the last first."""
    found: list[Entry] = []
    for some in in_parts(ids):
        statement = entries().where(change.c.entity == entity, change.c.record_id.in_(some), change.c.seq >= first)
        found += [entry(row) for row in work.execute(statement)]
    return sorted(found, key=lambda one: one.seq, reverse=True)


def _entry(row: Row[Any], one: Entry, before: Values, after: Values, work: Work, epoch: str) -> dict[str, Any]:
    changed: list[str] = []
    if one.kind not in ("new", "delete", "restore"):
        changed = [name for name in after if after[name] != before[name] and name not in _NO_NEWS]
    return {
        "cursor": _cursor(epoch, _place(row)), "uid": row.uid, "group": one.group_id, "at": one.at,
        "actor": who(work, one.actor), "entity": one.entity, "id": one.record_id, "kind": one.kind, "record": after,
        "changed": changed, "previous": {name: before[name] for name in changed},
    }  # fmt: skip
