"""Reading a server that announces a change feed: exact order, former values, deletions, nothing merged."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from cuprum.automation.triggers import bindings, ledger
from cuprum.automation.triggers.bindings import Binding
from cuprum.automation.triggers.lease import Pair, save
from cuprum.automation.triggers.look import Look, milliseconds
from cuprum.connector.errors import Refused
from cuprum.connector.polling.feed import FeedPage

GONE = 410
# A place that moved although nothing was for us is only written down now and then.
SAVED_EVERY_MS = 10_000


def look(one: Look, wait_seconds: int) -> bool:
    """Read on from the cursor; True when there is no more for now. With nothing new the server answers after `wait_seconds`."""
    state = one.state
    try:
        page = _read(one, state.feed_cursor, wait_seconds)
    except Refused as refusal:
        if refusal.status != GONE:
            raise
        # The server was restored: its log goes on from an earlier state, and what we know already is known by its id.
        page = _read(one, None, 0)
    if page.events or state.feed_cursor is None or milliseconds() - (state.polled_at or 0) > SAVED_EVERY_MS:
        one.write(_take, page)
    return not page.more


def _read(one: Look, cursor: str | None, wait_seconds: int) -> FeedPage:
    state = one.state
    since = state.since_ms / 1000 if state.polled_at is None else state.polled_at / 1000 + state.ahead_seconds - 60
    return one.copper.changes.read(state.feed_path, cursor, one.pair.entity, wait_seconds=wait_seconds, since=since)


def _take(connection: Connection, pair: Pair, state: Any, page: FeedPage) -> None:
    ledger.note(connection, pair, page.events)
    save(connection, pair, feed_cursor=page.cursor, is_seeded=True, polled_at=milliseconds())


def give_history(one: Look, binding: Binding) -> bool:
    """Read a page of what happened before, for the one binding that asked for it; True when it has everything."""
    cursor = binding.history_cursor
    page = one.copper.changes.read(one.state.feed_path, cursor, one.pair.entity, since=binding.history_from or 0)
    one.write(_give, binding, page)
    return not page.more


def _give(connection: Connection, pair: Pair, state: Any, binding: Binding, page: FeedPage) -> None:
    fresh = ledger.unknown(connection, pair, [one for one in page.events if one.at >= (binding.history_from or 0)])
    ledger.note(connection, pair, fresh, binding_id=binding.id)
    further = {"history_cursor": page.cursor} if page.more else {"history_from": None, "history_cursor": None}
    bindings.change(connection, binding.id, **further)
