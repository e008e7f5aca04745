"""The ledger: every event once, in the order in which it was found. Whoever listens has a place in it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, exists, func, not_, or_, select

from cuprum.automation.triggers.lease import Pair
from cuprum.connector.polling.event import Event
from cuprum.kit import jsonio
from cuprum.storage import dialect
from cuprum.storage.trigger_tables import event_ledger as ledger

EVERYBODY = 0


@dataclass(frozen=True)
class Noted:
    """An event and its place in the ledger."""

    seq: int
    event: Event


def note(connection: Connection, pair: Pair, events: Iterable[Event], *, binding_id: int = EVERYBODY) -> int:
    """Write down what is not there yet; returns how many. To be called by the holder of the pair's lease alone: its row
    is locked until the commit, so that no place appears behind one that was read."""
    now, added = int(time.time() * 1000), 0
    for one in events:
        values = {
            "connection_id": pair.connection_id, "entity": pair.entity, "record_id": one.record_id, "kind": one.kind,
            "version": one.version, "binding_id": binding_id, "at": one.at, "source": one.source, "noted_at": now,
            "body": jsonio.text(
                {
                    "record": one.record,
                    "changed": one.changed,
                    "previous": dict(one.previous),
                    "is_metadata_only": one.is_metadata_only,
                    "group": one.group,
                }
            ),
        }  # fmt: skip
        added += connection.execute(dialect.insert(connection, ledger).values(**values).on_conflict_do_nothing()).rowcount
    return added


def after(connection: Connection, pair: Pair, place: int, binding_id: int, limit: int = 200) -> list[Noted]:
    """What a binding has not heard of: what is for everybody, and the history that it asked for."""
    own = ledger.alias()
    told_apart = exists().where(
        own.c.connection_id == ledger.c.connection_id,
        own.c.entity == ledger.c.entity,
        own.c.record_id == ledger.c.record_id,
        own.c.kind == ledger.c.kind,
        own.c.version == ledger.c.version,
        own.c.binding_id == binding_id,
    )
    found = (
        select(ledger)
        .where(_of(pair), ledger.c.seq > place)
        .where(or_(ledger.c.binding_id == binding_id, and_(ledger.c.binding_id == EVERYBODY, not_(told_apart))))
        .order_by(ledger.c.seq)
        .limit(limit)
    )
    return [Noted(row.seq, _event(row)) for row in connection.execute(found)]


def unknown(connection: Connection, pair: Pair, events: Iterable[Event]) -> list[Event]:
    """Those that are not there for everybody."""
    listed = list(events)
    said = select(ledger.c.record_id, ledger.c.kind, ledger.c.version).where(
        _of(pair), ledger.c.binding_id == EVERYBODY, ledger.c.record_id.in_({one.record_id for one in listed})
    )
    there = {tuple(row) for row in connection.execute(said)}
    return [one for one in listed if (one.record_id, one.kind, one.version) not in there]


def last_seq(connection: Connection, pair: Pair) -> int:
    return connection.execute(select(func.coalesce(func.max(ledger.c.seq), 0)).where(_of(pair))).scalar_one()


def kinds_since(connection: Connection, pair: Pair, seq: int) -> dict[str, int]:
    """How many events of each kind were noted for everybody after that place."""
    counted = select(ledger.c.kind, func.count()).where(_of(pair), ledger.c.seq > seq, ledger.c.binding_id == EVERYBODY)
    return {row[0]: row[1] for row in connection.execute(counted.group_by(ledger.c.kind))}


def forget(connection: Connection, before: int, most: int = 500) -> int:
    """Delete what was noted before that millisecond; returns how many, at most so many."""
    old = select(ledger.c.seq).where(ledger.c.noted_at < before).limit(most)
    return connection.execute(delete(ledger).where(ledger.c.seq.in_(old))).rowcount


def _of(pair: Pair) -> Any:
    return and_(ledger.c.connection_id == pair.connection_id, ledger.c.entity == pair.entity)


def _event(row: Row[Any]) -> Event:
    body = jsonio.decode(row.body)
    return Event(
        row.entity, row.record_id, row.kind, row.at, row.version, body["record"], tuple(body["changed"]), body["previous"],
        is_metadata_only=body["is_metadata_only"], source=row.source, group=body.get("group"),
    )  # fmt: skip
