"""An engine for one command: it runs what it starts itself, beside a server or without one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cuprum.automation.connections import Connections
from cuprum.automation.hands import Hands, opener, stored_hands
from cuprum.automation.interpreter import interpret
from cuprum.automation.memory_run import MemoryNotes, MemoryRun
from cuprum.automation.order import Order
from cuprum.automation.run import ITEM, automation_workflows
from cuprum.automation.starting import Starter
from cuprum.jobs import Engine, launch, passing_id
from cuprum.storage.database import Database

# Somebody sits before a dry run: it does not honour every Retry-After.
LONGEST_PAUSE_SECONDS = 10.0


@contextmanager
def passing_engine(database: Database) -> Iterator[tuple[Engine, Starter]]:
    """The engine, and what starts runs on it; what is still open at the end goes on wherever a server is."""
    settings = database.settings
    hands = stored_hands(settings, database)
    engine = launch(
        settings.engine_file if settings.is_sqlite else settings.database_url,
        executor_id=passing_id(settings.home, "run"),
        workflows=automation_workflows(lambda: hands),
        listens=False,
        sqlite_synchronous=settings.sqlite_synchronous,
    )
    try:
        yield engine, Starter(database, lambda: engine, queue=None)
    finally:
        engine.stop()
        hands.close()


def dry_run(database: Database, order: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """How the run would go and each of its steps: what reads is asked, what writes is shown, nothing is waited for."""
    settings, notes = database.settings, MemoryNotes()
    connections = Connections(settings, database)
    hands = Hands(settings, notes, opener(connections), dry=True)

    def body(run: MemoryRun, given: dict[str, Any]) -> dict[str, Any]:
        return interpret(run, Order(**given), hands, ITEM)

    try:
        ended = body(MemoryRun(order["run_id"], body, lambda seconds: time.sleep(min(seconds, LONGEST_PAUSE_SECONDS))), order)
    finally:
        hands.close()
    return ended, list(notes.steps.values())
