"""Who listens to a trigger, and how far each has heard: a workflow, or a `watch` of some name."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from cuprum.automation.triggers import ledger
from cuprum.automation.triggers.lease import Pair
from cuprum.connector.catalogue import trigger as trigger_named
from cuprum.connector.polling.event import Event
from cuprum.connector.resources.base import as_number
from cuprum.connector.triggers.trigger import Trigger
from cuprum.kit import jsonio
from cuprum.storage.connection_tables import connection as connections
from cuprum.storage.trigger_tables import event_ledger, poll_state
from cuprum.storage.trigger_tables import trigger_binding as bindings


@dataclass(frozen=True)
class Binding:
    """`given` are the trigger's inputs as they were read; `place` is the last entry of the ledger that it has heard."""

    id: int
    workflow_id: int | None
    name: str
    pair: Pair
    trigger: Trigger
    given: dict[str, Any]
    is_on: bool
    place: int
    start_ms: int | None
    history_from: int | None
    history_cursor: str | None
    began_ms: int
    holder: str | None
    held_until: int
    asked_until: int | None
    asked_seq: int | None
    followed: str | None

    def is_deaf_to(self, event: Event) -> bool:
        """Whether it happened before the binding was there."""
        return self.start_ms is not None and event.last_ms < self.start_ms


def watch(connection: Connection, pair: Pair, name: str, trigger: Trigger, given: Mapping[str, Any]) -> Binding:
    """The binding of a `watch`: the one of that name, which goes on where it was, or a new one."""
    same = (
        bindings.c.workflow_id.is_(None),
        bindings.c.name == name,
        bindings.c.connection_id == pair.connection_id,
        bindings.c.trigger == trigger.name,
        bindings.c.entity == pair.entity,
    )
    found = connection.execute(select(bindings.c.id).where(*same)).scalar()
    if found is None:
        return add(connection, pair, name, trigger, given, workflow_id=None, since=time.time())
    connection.execute(update(bindings).where(bindings.c.id == found).values(parameters=jsonio.text(dict(given))))
    return one(connection, found)


def add(
    connection: Connection,
    pair: Pair,
    name: str,
    trigger: Trigger,
    given: Mapping[str, Any],
    *,
    workflow_id: int | None,
    since: float,
) -> Binding:
    """A new binding that hears what happens from `since` on (by our clock), and the history that it asks for."""
    history = history_asked(given)
    place = ledger.last_seq(connection, pair) if history is None else _before(connection, pair, history)
    values = {
        "workflow_id": workflow_id, "name": name, "connection_id": pair.connection_id, "entity": pair.entity,
        "trigger": trigger.name, "parameters": jsonio.text(dict(given)), "is_on": True,
        "from_seq": place, "start_ms": server_ms(connection, pair) if history is None else history * 1000,
        "history_from": history, "date_created": int(since * 1000),
    }  # fmt: skip
    if trigger.found_by is not None:
        values |= asking_from(place, history)
    added = connection.execute(insert(bindings).values(**values).returning(bindings.c.id))
    return one(connection, added.scalar_one())


def asking_from(place: int, second: int | None) -> dict[str, Any]:
    """Where a trigger that asks begins: what it has not heard of it asks for, so there is no history to be given."""
    nothing_followed = None if second is None else "[]"
    return {"asked_until": second, "asked_seq": place, "followed": nothing_followed, "history_from": None}


def server_ms(connection: Connection, pair: Pair) -> int | None:
    """The server's millisecond, before which everything is history to a new binding: the ledger may still be given older events.

    None where nobody has looked yet: there the first look begins with the binding.
    """
    state = connection.execute(
        select(poll_state).where(poll_state.c.connection_id == pair.connection_id, poll_state.c.entity == pair.entity)
    ).first()
    return int((time.time() + state.ahead_seconds) * 1000) if state and state.since_ms is not None else None


def history_asked(given: Mapping[str, Any]) -> int | None:
    """The second from which on history is wanted; None for none."""
    match given.get("start_from"):
        case "beginning":
            return 0
        case "moment":
            return as_number(given.get("start_at"))
    return None


def one(connection: Connection, binding_id: int) -> Binding:
    return _binding(connection.execute(_all().where(bindings.c.id == binding_id)).one())


def of_pair(connection: Connection, pair: Pair) -> list[Binding]:
    """Everything that listens to a pair, also what is paused."""
    of = (bindings.c.connection_id == pair.connection_id, bindings.c.entity == pair.entity)
    return [_binding(row) for row in connection.execute(_all().where(*of).order_by(bindings.c.id))]


def of_workflow(connection: Connection, workflow_id: int) -> list[Binding]:
    return [_binding(row) for row in connection.execute(_all().where(bindings.c.workflow_id == workflow_id))]


def polled_for_workflows(connection: Connection) -> set[Pair]:
    """What has to be polled for the workflows that are enabled."""
    of = select(bindings.c.connection_id, connections.c.name, bindings.c.entity).distinct()
    found = of.join(connections, connections.c.id == bindings.c.connection_id)
    rows = connection.execute(found.where(bindings.c.workflow_id.is_not(None), bindings.c.is_on))
    return {Pair(*row) for row in rows}


def with_news(connection: Connection) -> list[Binding]:
    """The bindings of workflows, switched on and with their history complete, for which the ledger has more."""
    newest = (
        select(func.max(event_ledger.c.seq))
        .where(event_ledger.c.connection_id == bindings.c.connection_id, event_ledger.c.entity == bindings.c.entity)
        .scalar_subquery()
    )
    wanted = _all().where(
        bindings.c.workflow_id.is_not(None), bindings.c.is_on, bindings.c.history_from.is_(None), bindings.c.from_seq < newest
    )
    return [_binding(row) for row in connection.execute(wanted.order_by(bindings.c.id))]


def change(connection: Connection, binding_id: int, **values: Any) -> None:
    connection.execute(update(bindings).where(bindings.c.id == binding_id).values(**values))


def remove(connection: Connection, binding_id: int) -> None:
    connection.execute(delete(bindings).where(bindings.c.id == binding_id))


def advance(connection: Connection, binding: Binding, place: int, seq: int) -> bool:
    """Note that everything up to `seq` was heard; False when somebody else moved the place meanwhile."""
    moved = update(bindings).where(bindings.c.id == binding.id, bindings.c.from_seq == place).values(from_seq=seq, error=None)
    return connection.execute(moved).rowcount == 1


def take(connection: Connection, binding_id: int, holder: str, until: int) -> None:
    connection.execute(update(bindings).where(bindings.c.id == binding_id).values(holder=holder, held_until=until))


def drop(connection: Connection, binding_id: int, holder: str) -> None:
    ours = update(bindings).where(bindings.c.id == binding_id, bindings.c.holder == holder)
    connection.execute(ours.values(holder=None, held_until=0))


def _before(connection: Connection, pair: Pair, second: int) -> int:
    """The place before the first event of that second or later that the ledger has."""
    first = select(func.min(event_ledger.c.seq)).where(
        event_ledger.c.connection_id == pair.connection_id, event_ledger.c.entity == pair.entity, event_ledger.c.at >= second
    )
    found = connection.execute(first).scalar()
    return ledger.last_seq(connection, pair) if found is None else found - 1


def _all() -> Select[Any]:
    return select(bindings, connections.c.name.label("connection_name")).join(
        connections, connections.c.id == bindings.c.connection_id
    )


def _binding(row: Row[Any]) -> Binding:
    return Binding(
        row.id, row.workflow_id, row.name, Pair(row.connection_id, row.connection_name, row.entity),
        trigger_named(row.trigger), jsonio.decode(row.parameters), row.is_on, row.from_seq, row.start_ms,
        row.history_from, row.history_cursor, row.date_created, row.holder, row.held_until,
        row.asked_until, row.asked_seq, row.followed,
    )  # fmt: skip
