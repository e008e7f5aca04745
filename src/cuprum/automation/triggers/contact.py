"""The first contact with a server, and each hour again: what it announces, what its clock says, and whether it is another."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete

from cuprum.automation.triggers.bindings import Binding
from cuprum.automation.triggers.lease import Pair, save
from cuprum.automation.triggers.look import milliseconds
from cuprum.connector.resources.changes import Announced
from cuprum.storage.trigger_tables import record_shadow

FEED, SEARCH = "feed", "search"


def note_contact(
    connection: Connection, pair: Pair, state: Any, announced: Announced, origin: str, listening: list[Binding]
) -> None:
    """Note what the server announces; where it is another one than before, everything begins anew."""
    now = milliseconds()
    ahead = announced.now - now // 1000
    # The header counts whole seconds.
    ahead = ahead if abs(ahead) > 1 else 0
    source = FEED if announced.path else SEARCH
    values: dict[str, Any] = {
        "source": source, "feed_path": announced.path, "ahead_seconds": ahead, "contact_at": now, "origin": origin,
    }  # fmt: skip
    if state.since_ms is None or origin != state.origin or source != state.source:
        connection.execute(
            delete(record_shadow).where(
                record_shadow.c.connection_id == pair.connection_id, record_shadow.c.entity == pair.entity
            )
        )
        began = min([now, *(one.began_ms for one in listening)]) if state.since_ms is None else now
        values |= {"since_ms": began + ahead * 1000, "is_seeded": False, "feed_cursor": None, "second": None, "sweep": None}
        values |= {"census": None, "polled_at": None}
    save(connection, pair, **values)
