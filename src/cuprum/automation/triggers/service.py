"""The triggers of a server: a thread for everything that enabled workflows wait for, and one that starts their runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from cuprum.automation.connections import Connections
from cuprum.automation.starting import Starter
from cuprum.automation.triggers import bindings, hooks, ledger
from cuprum.automation.triggers.clients import Clients
from cuprum.automation.triggers.dispatching import Dispatcher
from cuprum.automation.triggers.hooks import Hooks
from cuprum.automation.triggers.lease import SERVE, Holder, Pair
from cuprum.automation.triggers.look import milliseconds
from cuprum.automation.triggers.poller import Poller
from cuprum.connector.errors import CopperError
from cuprum.kit.errors import Unavailable
from cuprum.kit.secret_box import box_for
from cuprum.storage.database import Database

log = logging.getLogger("cuprum.triggers")

LOOK_AFTER_BINDINGS_SECONDS = 1.0
TAKE_BACK_EVERY_ROUNDS = 5
FORGET_EVERY_ROUNDS = 3600
ENDS_SECONDS = 5.0


@dataclass(frozen=True)
class Running:
    """A poller, its thread, and what ends it."""

    poller: Poller
    thread: threading.Thread
    end: threading.Event


class Triggers:
    """`start` and `stop` once each; `starter` gives what starts runs. `reachable_at` is the address that other servers can
    call, where one was set: they are asked to."""

    def __init__(self, database: Database, starter: Callable[[], Starter], reachable_at: str = "") -> None:
        settings = database.settings
        self._database = database
        self._clients = Clients(Connections(settings, database))
        self._hooks = Hooks(reachable_at, box_for(settings.home, settings.secret_key)) if reachable_at else None
        self._holder = Holder(SERVE)
        self._dispatcher = Dispatcher(database, starter, self._holder)
        self._stopping = threading.Event()
        self._pollers: dict[Pair, Running] = {}
        self._threads = [
            threading.Thread(target=self._rounds, name="triggers", daemon=True),
            threading.Thread(target=self._dispatcher.run, args=(self._stopping,), name="dispatcher", daemon=True),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def notified(self) -> None:
        """A notification came in."""
        for one in list(self._pollers.values()):
            one.poller.wake()

    def stop(self) -> None:
        self._stopping.set()
        self._dispatcher.wake()
        for one in self._pollers.values():
            _end(one)
        for thread in (*self._threads, *(one.thread for one in self._pollers.values())):
            thread.join(ENDS_SECONDS)
        self._clients.close()

    def _rounds(self) -> None:
        rounds = 0
        while not self._stopping.is_set():
            try:
                wanted = self._database.read_now(bindings.polled_for_workflows)
                self._follow(wanted)
                if rounds % TAKE_BACK_EVERY_ROUNDS == 0:
                    self._take_back(wanted if self._hooks else set())
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
            _end(self._pollers.pop(pair))
        for pair in wanted:
            running = self._pollers.get(pair)
            if (running is None or not running.thread.is_alive()) and not self._stopping.is_set():
                self._pollers[pair] = self._polling(pair)

    def _polling(self, pair: Pair) -> Running:
        end = threading.Event()
        poller = Poller(
            self._database.settings, self._database, self._clients, pair, self._holder, self._dispatcher.wake, self._hooks
        )
        thread = threading.Thread(target=poller.run, args=(end,), name=f"poll-{pair.entity}", daemon=True)
        thread.start()
        return Running(poller, thread, end)

    def _take_back(self, wanted: set[Pair]) -> None:
        """Unsubscribe from what nobody listens to any more."""
        pairs = {one.id: one.name for one in self._clients.connections.all()}
        for pair in self._database.read_now(hooks.left_behind, wanted, pairs):
            try:
                hooks.take_back(self._database, self._clients.get(pair.connection), pair)
            except CopperError as trouble:
                log.warning("the hooks of %s at %s stay for now: %s", pair.entity, pair.connection, trouble)

    def _forget(self) -> None:
        before = milliseconds() - self._database.settings.ledger_days * 86_400_000
        while not self._stopping.is_set() and self._database.write_now(ledger.forget, before):
            pass


def _end(one: Running) -> None:
    one.end.set()
    one.poller.wake()
