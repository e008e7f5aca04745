"""Who polls what: a lease on each connection and entity. Every commit of a poller proves that it still has it."""

from __future__ import annotations

import os
import secrets
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, update

from cuprum.storage import dialect
from cuprum.storage.trigger_tables import poll_state

LEASE_SECONDS = 15
SERVE, WATCH = "serve", "watch"


@dataclass(frozen=True)
class Pair:
    """What one poller reads: an entity through a connection, which has a name and an id."""

    connection_id: int
    connection: str
    entity: str


def _own_name() -> str:
    return f"{socket.gethostname()}/{os.getpid()}/{_began(os.getpid())}/{secrets.token_hex(4)}"


@dataclass(frozen=True)
class Holder:
    """Somebody in this process who may hold leases."""

    kind: str
    name: str = field(default_factory=_own_name)


class LeaseLost(Exception):
    """Another process polls this now; what was read is thrown away, and the other reads it again."""


def claim(connection: Connection, pair: Pair, holder: Holder) -> Any:
    """The state of the pair, held for the next 15 seconds; None as long as another has it.

    A server takes it from a `watch`; a holder whose process is dead on this machine has lost it.
    """
    values = {"connection_id": pair.connection_id, "entity": pair.entity, "is_seeded": False}
    connection.execute(dialect.insert(connection, poll_state).values(**values).on_conflict_do_nothing())
    row = connection.execute(dialect.locked(connection, select(poll_state).where(*_is(pair)))).one()
    if not _may_take(row, holder):
        return None
    taken = {"holder": holder.name, "holder_kind": holder.kind, "held_until": _until()}
    connection.execute(update(poll_state).where(*_is(pair)).values(**taken))
    return row


def held(connection: Connection, pair: Pair, holder: Holder) -> Any:
    """The state of the pair, locked until the commit, and the lease renewed; raises LeaseLost."""
    renewed = update(poll_state).where(*_is(pair), poll_state.c.holder == holder.name).values(held_until=_until())
    if not connection.execute(renewed).rowcount:
        raise LeaseLost
    return connection.execute(select(poll_state).where(*_is(pair))).one()


def save(connection: Connection, pair: Pair, **values: Any) -> None:
    """Write into the state of a pair that `held` gave."""
    connection.execute(update(poll_state).where(*_is(pair)).values(**values))


def release(connection: Connection, pair: Pair, holder: Holder) -> None:
    ours = update(poll_state).where(*_is(pair), poll_state.c.holder == holder.name)
    connection.execute(ours.values(holder=None, holder_kind=None, held_until=0))


def is_gone(holder: str | None, held_until: int) -> bool:
    """Whether nobody holds it any more: the time is over, or the process has ended on this very machine."""
    return holder is None or held_until <= time.time() * 1000 or _is_dead(holder)


def _may_take(row: Any, holder: Holder) -> bool:
    if row.holder == holder.name or is_gone(row.holder, row.held_until):
        return True
    return holder.kind == SERVE and row.holder_kind == WATCH


def _is_dead(name: str) -> bool:
    host, process, began, _ = name.split("/")
    return host == socket.gethostname() and _began(int(process)) != began


def _began(process: int) -> str:
    """When a process of this machine began, in the kernel's ticks, for its number may be given again; blank when it is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return "" if Path("/proc/self/stat").exists() else _alive(process)


def _alive(process: int) -> str:
    """Where the kernel does not say when it began."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    return "alive"


def _until() -> int:
    return int((time.time() + LEASE_SECONDS) * 1000)


def _is(pair: Pair) -> tuple[Any, Any]:
    return poll_state.c.connection_id == pair.connection_id, poll_state.c.entity == pair.entity
