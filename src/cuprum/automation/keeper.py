"""Looks every few seconds after what no request does: lost starts, connections that work again, schedules, old runs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from sqlalchemy import Connection

from cuprum.automation import history, workflows
from cuprum.automation.connections import OK, Connections
from cuprum.automation.starting import Starter
from cuprum.automation.ticks import keep_schedules
from cuprum.automation.zone import zone_of_account
from cuprum.jobs import Engine
from cuprum.kit.errors import Unavailable
from cuprum.storage.database import Database

log = logging.getLogger("cuprum.automation")

EVERY_SECONDS = 5.0
# A run is started within a second of being noted; what lies longer was left behind by a process that is gone.
LOST_AFTER_SECONDS = 30.0
FORGET_EVERY_SECONDS = 3_600.0


class Keeper:
    """One for a server, from the start of the engine to the end; every node may have one."""

    def __init__(self, database: Database, starter: Starter, engine: Callable[[], Engine | None]) -> None:
        self._database, self._starter, self._engine = database, starter, engine
        self._connections = Connections(database.settings, database)
        self._stopping, self._bell = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._rounds, name="automations", daemon=True)
        self._forgot_at = 0.0

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Look at once: a workflow was changed."""
        self._bell.set()

    def stop(self) -> None:
        self._stopping.set()
        self._bell.set()
        self._thread.join(timeout=10)

    def _rounds(self) -> None:
        while not self._stopping.is_set():
            self._bell.clear()
            try:
                self.look()
            except Unavailable as trouble:
                log.warning("automations: %s", trouble)
            except Exception:
                log.exception("the automations stumbled; they look again soon")
            self._bell.wait(EVERY_SECONDS)

    def look(self) -> None:
        engine = self._engine()
        if engine is not None:
            keep_schedules(engine, *self._database.read_now(_enabled))
        self._starter.start_queued(older_than_seconds=LOST_AFTER_SECONDS)
        self._starter.go_on_with([one.name for one in self._connections.all() if one.state == OK])
        if time.monotonic() - self._forgot_at > FORGET_EVERY_SECONDS or not self._forgot_at:
            self._forget()

    def _forget(self) -> None:
        before = history.milliseconds() - self._database.settings.run_days * 86_400_000
        while not self._stopping.is_set() and self._database.write_now(history.forget_old, before):
            pass
        self._forgot_at = time.monotonic()


def _enabled(connection: Connection) -> tuple[list[workflows.Kept], str]:
    return workflows.all_of(connection, enabled=True, holding="schedule/v1/"), zone_of_account(connection)
