"""Runs the notifier and the engine beside a server: both start after the socket listens, and stop before it closes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from cuprum.config import Settings
from cuprum.events.delivery import Post, delivery_workflow
from cuprum.events.notifying import QUEUE, Describe, Notifier
from cuprum.jobs import Engine, Queue, Workflow, launch, node_id
from cuprum.kit.secret_box import box_for
from cuprum.storage.database import Database

log = logging.getLogger("cuprum.events")

# One slow receiver holds up nobody but itself, and that only so far.
AT_ONCE_FOR_ONE_RECEIVER = 4
AT_ONCE = 32
# A delivery that waits for its next attempt gives its place to others of the same receiver.
PARK_AFTER_SECONDS = 0.25
LAUNCH_AGAIN_SECONDS = 5.0
ENGINE_STOPS_SECONDS = 10.0


class Courier:
    """Wake it after each commit; it never makes a write wait.

    `on_lost` is called when another process works under this node's name: this one should end. `also` gives the workflows
    and queues of the rooms above, asked for when the engine starts, and `on_started` tells them that it has.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        describe: Describe,
        on_lost: Callable[[], None],
        also: Callable[[], tuple[list[Workflow], list[Queue]]] = lambda: ([], []),
        on_started: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings, self._database, self._on_lost = settings, database, on_lost
        self._also, self._on_started = also, on_started
        self.engine: Engine | None = None
        self._client: Any = None
        self._client_lock = threading.Lock()
        self._notifier = Notifier(database, describe, lambda: self.engine)
        self._stopping = threading.Event()
        self._starting = threading.Thread(target=self._start, name="engine-start", daemon=True)

    def wake(self) -> None:
        self._notifier.wake()

    def start(self) -> None:
        """Start in the background: the engine takes a second to load, and no request needs it."""
        self._starting.start()

    def stop(self) -> None:
        self._stopping.set()
        # On PostgreSQL it may be waiting for the lock of a node that is gone.
        self._starting.join(ENGINE_STOPS_SECONDS)
        self._notifier.stop()
        if self.engine is not None:
            self.engine.stop(timeout_seconds=ENGINE_STOPS_SECONDS)
        if self._client is not None:
            self._client.close()

    def _start(self) -> None:
        self._notifier.start()
        while not self._stopping.is_set():
            try:
                self.engine = self._launch()
                self._notifier.wake()
                self._on_started()
                return
            except Exception as trouble:
                log.error("the engine did not start, webhooks wait until it does: %s", trouble, exc_info=True)
                self._stopping.wait(LAUNCH_AGAIN_SECONDS)

    def _launch(self) -> Engine:
        settings = self._settings
        post = Post(
            self._database,
            self._guarded_client,
            lambda: box_for(settings.home, settings.secret_key),
            settings.webhook_retries_seconds,
            settings.copper_limits,
        )
        workflows, queues = self._also()
        return launch(
            settings.engine_file if settings.is_sqlite else settings.database_url,
            executor_id=node_id(settings.home, settings.node_name),
            workflows=[delivery_workflow(post), *workflows],
            queues=[Queue(QUEUE, node_concurrency=AT_ONCE, partition_concurrency=AT_ONCE_FOR_ONE_RECEIVER), *queues],
            sqlite_synchronous=settings.sqlite_synchronous,
            park_after_seconds=PARK_AFTER_SECONDS,
            on_lost=self._on_lost,
        )

    def _guarded_client(self) -> Any:
        """One for all deliveries, made with the first: the library takes a fifth of a second to load."""
        from cuprum.kit.addresses import AddressRule
        from cuprum.kit.outbound import guarded_client

        with self._client_lock:
            if self._client is None:
                rule = AddressRule(
                    allow_http=self._settings.webhook_allow_http, allow_private=self._settings.webhook_allow_private
                )
                seconds = self._settings.webhook_timeout_seconds
                self._client = guarded_client(rule, timeout_seconds=seconds, total_seconds=seconds, max_connections=AT_ONCE)
            return self._client
