"""Deliveries whose run is gone: after a restore, or a failure of the engine itself, they are put out to be started anew."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from cuprum.events.delivery import COPPER, INTERRUPTED, SENDING, UNSTARTED, WAITING, note, run_id
from cuprum.storage.database import Database
from cuprum.storage.event_tables import delivery, webhook

log = logging.getLogger("cuprum.events")

LOOK_EVERY_SECONDS = 60
# Longer than an attempt may take and than a dead node's work lies before another takes it.
OVERDUE_SECONDS = 300
MOST_AT_ONCE = 200


class Stranded:
    """Goes through what is overdue, some at a time: with a slow receiver most of it is only waiting for its turn."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looked_at = 0.0
        self._after = ""

    def look(self, is_open: Callable[[str], bool]) -> None:
        """At most once a minute; `is_open` says whether a run still goes on."""
        if time.monotonic() - self._looked_at < LOOK_EVERY_SECONDS and self._looked_at:
            return
        self._looked_at = time.monotonic()
        overdue = self._database.read_now(_overdue, self._after, int(time.time()) - OVERDUE_SECONDS)
        self._after = overdue[-1].id if len(overdue) == MOST_AT_ONCE else ""
        if lost := [row for row in overdue if not is_open(run_id(row.id, row.run_number))]:
            log.warning("%d webhook deliveries had no run any more and are started anew", len(lost))
            self._database.write_now(_put_out, lost)


def _overdue(connection: Connection, after: str, before: int) -> list[Any]:
    waited = and_(delivery.c.state == WAITING, func.coalesce(delivery.c.next_attempt_at, delivery.c.at) < before)
    sent = and_(delivery.c.state == SENDING, delivery.c.last_attempt_at < before)
    chosen = select(delivery.c.id, delivery.c.run_number, delivery.c.state, webhook.c.mode)
    chosen = chosen.join(webhook, webhook.c.id == delivery.c.webhook_id).where(delivery.c.state.in_((WAITING, SENDING)))
    return list(
        connection.execute(chosen.where(or_(waited, sent), delivery.c.id > after).order_by(delivery.c.id).limit(MOST_AT_ONCE))
    )


def _put_out(connection: Connection, lost: list[Any]) -> None:
    for row in lost:
        is_unknown = row.state == SENDING and row.mode == COPPER
        after = INTERRUPTED if is_unknown else {"state": UNSTARTED, "run_number": row.run_number + 1}
        note(connection, row.id, row.run_number, (row.state,), after)
