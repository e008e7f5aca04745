"""The triggers of a server: a thread for everything that enabled workflows wait for, and one that starts their runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from cuprum.automation.connections import Connections
from cuprum.automation.starting import Starter
from cuprum.automation.triggers import bindings, ledger
from cuprum.automation.triggers.clients import Clients
from cuprum.automation.triggers.dispatching import Dispatcher
from cuprum.automation.triggers.lease import SERVE, Holder, Pair
from cuprum.automation.triggers.look import milliseconds
from cuprum.automation.triggers.poller import Poller
from cuprum.kit.errors import Unavailable
from cuprum.storage.database import Database

log = logging.getLogger("cuprum.triggers")

LOOK_AFTER_BINDINGS_SECONDS = 1.0
FORGET_EVERY_ROUNDS = 3600
ENDS_SECONDS = 5.0


class Triggers:
    """`start` and `stop` once each; `starter` gives what starts runs."""

    def __init__(self, database: Database, starter: Callable[[], Starter]) -> None:
        self._database = database
        self._clients = Clients(Connections(database.settings, database))
        self._holder = Holder(SERVE)
        self._dispatcher = Dispatcher(database, starter, self._holder)
        self._stopping = threading.Event()
        self._pollers: dict[Pair, tuple[threading.Thread, threading.Event]] = {}
        self._threads = [
            threading.Thread(target=self._rounds, name="triggers", daemon=True),
            threading.Thread(target=self._dispatcher.run, args=(self._stopping,), name="dispatcher", daemon=True),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._dispatcher.wake()
        for _, end in self._pollers.values():
            end.set()
        for thread in (*self._threads, *(thread for thread, _ in self._pollers.values())):
            thread.join(ENDS_SECONDS)
        self._clients.close()

    def _rounds(self) -> None:
        rounds = 0
        while not self._stopping.is_set():
            try:
                self._follow(self._database.read_now(bindings.polled_for_workflows))
                if rounds % FORGET_EVERY_ROUNDS == 0:
                    self._forget()
            except Unavailable as trouble:
                log.warning("triggers wait: %s", trouble)
            except Exception:
                log.exception("the triggers stumbled; they go on soon")
            rounds += 1
            self._stopping.wait(LOOK_AFTER_BINDINGS_SECONDS)

    def _follow(self, wanted: set[Pair]) -> None:
        for pair in self._pollers.keys() - wanted:
            self._pollers.pop(pair)[1].set()
        for pair in wanted:
            thread, _ = self._pollers.get(pair, (None, None))
            if (thread is None or not thread.is_alive()) and not self._stopping.is_set():
                self._pollers[pair] = self._polling(pair)

    def _polling(self, pair: Pair) -> tuple[threading.Thread, threading.Event]:
        settings, end = self._database.settings, threading.Event()
        poller = Poller(settings, self._database, self._clients, pair, self._holder, self._dispatcher.wake)
        thread = threading.Thread(target=poller.run, args=(end,), name=f"poll-{pair.entity}", daemon=True)
        thread.start()
        return thread, end

    def _forget(self) -> None:
        before = milliseconds() - self._database.settings.ledger_days * 86_400_000
        while not self._stopping.is_set() and self._database.write_now(ledger.forget, before):
            pass
