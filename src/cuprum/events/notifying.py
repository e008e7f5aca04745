"""From changes to notifications: what was handed over becomes deliveries, and each delivery a durable run."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from sqlalchemy import Connection, bindparam, insert, select, update

from cuprum.events.delivery import UNSTARTED, WAITING, run_id
from cuprum.events.handoff import WEBHOOK, take
from cuprum.events.stranded import Stranded
from cuprum.kit.errors import Unavailable
from cuprum.kit.uuid7 import uuid7
from cuprum.storage.database import Database
from cuprum.storage.event_tables import delivery, handoff, webhook

log = logging.getLogger("cuprum.events")

QUEUE = "webhooks"

# Changes to notifications: (webhook id, body) each. It knows records, so an upper room hands it in.
Describe = Callable[[Connection, list[Any]], Iterable[tuple[int, str]]]


class Engine(Protocol):
    """The part of the engine that is needed here."""

    def start(self, workflow: str, run_id: str, *args: Any, queue: str | None = None, partition: str | None = None) -> str: ...

    def is_open(self, run_id: str) -> bool: ...


class Notifier:
    """A thread that takes over what writes handed to webhooks. Writes never wait for it: they only wake it.

    A change becomes a delivery in one transaction; a delivery becomes a run under its own id, so that starting it
    twice is starting it once. Killed anywhere, the next process goes on from the tables.
    """

    # Describing happens in a transaction, which on SQLite is the only one: a few dozen are told of within milliseconds.
    # A multiple of the ids of one notification, so that a large change is cut evenly.
    MOST_AT_ONCE = 60
    STARTS_AT_ONCE = 200
    # Other processes write too, and nobody wakes us for them.
    LOOK_AGAIN_SECONDS = 1.0
    # Most writes hand nothing over, and each of them wakes us: looking after every one took a third of a busy server's time.
    PAUSE_AFTER_NOTHING_SECONDS = 0.05

    def __init__(self, database: Database, describe: Describe, engine: Callable[[], Engine | None]) -> None:
        self._database, self._describe, self._engine = database, describe, engine
        self._stranded = Stranded(database)
        self._woken, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="notifier", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._woken.set()

    def stop(self) -> None:
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.wait(self.LOOK_AGAIN_SECONDS)
            self._woken.clear()
            try:
                if not self.catch_up():
                    self._stopping.wait(self.PAUSE_AFTER_NOTHING_SECONDS)
            except Unavailable as trouble:
                log.warning("webhooks wait: %s", trouble)
                self._stopping.wait(1)
            except Exception:
                log.exception("webhooks could not be handed over; trying again")
                self._stopping.wait(1)

    def catch_up(self) -> bool:
        """Hand over everything that waits; whether anything did."""
        waited = self._database.read_now(_anything_waits)
        if waited:
            while not self._stopping.is_set() and self._database.write_now(self._make_deliveries):
                pass
        if (engine := self._engine()) is not None:
            self._stranded.look(engine.is_open)
            self._start_deliveries(engine)
        return waited

    def _make_deliveries(self, connection: Connection) -> int:
        changes = take(connection, WEBHOOK, self.MOST_AT_ONCE)
        rows = [
            {"id": uuid7(), "webhook_id": webhook_id, "at": int(time.time()), "body": body, "state": UNSTARTED}
            for webhook_id, body in self._describe(connection, changes)
        ]
        if rows:
            connection.execute(insert(delivery), rows)
        return len(changes)

    def _start_deliveries(self, engine: Engine) -> None:
        while not self._stopping.is_set() and (found := self._database.read_now(_unstarted, self.STARTS_AT_ONCE)):
            for row in found:
                run = run_id(row.id, row.run_number)
                engine.start("deliver", run, row.id, row.run_number, queue=QUEUE, partition=receiver(row.target))
            self._database.write_now(_mark_started, found)


def receiver(target: str) -> str:
    """Host and port: many subscriptions may lead to one receiver, and it is the receiver that is slow."""
    return target.partition("://")[2].partition("/")[0].lower()


def _anything_waits(connection: Connection) -> bool:
    return connection.execute(select(handoff.c.change_seq).where(handoff.c.kind == WEBHOOK).limit(1)).first() is not None


def _unstarted(connection: Connection, most: int) -> list[Any]:
    chosen = select(delivery.c.id, delivery.c.run_number, webhook.c.target)
    chosen = chosen.join(webhook, webhook.c.id == delivery.c.webhook_id).where(delivery.c.state == UNSTARTED)
    return list(connection.execute(chosen.order_by(delivery.c.id).limit(most)))


def _mark_started(connection: Connection, found: list[Any]) -> None:
    # A quick run may have delivered already, and somebody may have asked for the next run: these stay as they are.
    one = update(delivery).where(
        delivery.c.id == bindparam("the_id"), delivery.c.run_number == bindparam("the_run"), delivery.c.state == UNSTARTED
    )
    connection.execute(one.values(state=WAITING), [{"the_id": row.id, "the_run": row.run_number} for row in found])
