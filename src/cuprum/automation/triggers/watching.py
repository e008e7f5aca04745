"""A `watch`: emits what a trigger says, event by event, and keeps its place under a name."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from cuprum.automation.connections import NEEDS_REAUTHORISATION, Connections
from cuprum.automation.triggers import bindings, ledger
from cuprum.automation.triggers.bindings import Binding
from cuprum.automation.triggers.clients import Clients
from cuprum.automation.triggers.hearing import concerns
from cuprum.automation.triggers.lease import LEASE_SECONDS, WATCH, Holder, Pair, is_gone
from cuprum.automation.triggers.poller import Poller
from cuprum.automation.zone import zone_of_account
from cuprum.connector.errors import CopperError
from cuprum.connector.triggers.trigger import Trigger
from cuprum.kit.errors import Conflict, Unavailable
from cuprum.storage.database import Database

# What another process writes into the ledger is found by looking.
LOOK_AGAIN_SECONDS = 0.5
ASK_AFTER_CONNECTION_SECONDS = 2.0

Emit = Callable[[dict[str, Any]], None]
Tell = Callable[[str], None]


class Watching:
    """`emit` is given each event as the trigger puts it out, and `tell` what a person should know."""

    def __init__(self, database: Database, connection: str, trigger: Trigger, given: Mapping[str, Any], name: str) -> None:
        self._database, self._name = database, name
        self._connections = Connections(database.settings, database)
        self._clients = Clients(self._connections)
        self._holder = Holder(WATCH)
        self._trigger, self._given = trigger, given
        self._pair = Pair(self._connections.one(connection).id, connection, trigger.entity_for(given))
        self._news = threading.Event()
        self._told_reauthorisation = False

    def run(self, stop: threading.Event, emit: Emit, tell: Tell) -> None:
        """Until told to stop. Raises Conflict when a watch of that name is running, CopperError when the connection does not
        work at all at the start."""
        self._try_connection(tell)
        binding = self._database.write_now(self._taken)
        settings = self._database.settings
        poller = Poller(settings, self._database, self._clients, self._pair, self._holder, self._news.set)
        polling = threading.Thread(target=poller.run, args=(stop,), name="poller", daemon=True)
        polling.start()
        tell(f"Watching {self._trigger.name} of {self._pair.connection} as {self._name}.")
        try:
            self._hear(binding, stop, emit, tell)
        finally:
            stop.set()
            poller.wake()
            polling.join(10)
            with suppress(Unavailable):
                self._database.write_now(bindings.drop, binding.id, self._holder.name)
            self._clients.close()

    def _try_connection(self, tell: Tell) -> None:
        """What does not work at all is better said at once; what may pass is waited for."""
        try:
            self._clients.get(self._pair.connection).changes.announced()
        except CopperError as trouble:
            if trouble.permanent:
                raise
            tell(f"Connection {self._pair.connection} does not answer now: {trouble}")

    def _taken(self, connection: Any) -> Binding:
        binding = bindings.watch(connection, self._pair, self._name, self._trigger, self._given)
        if binding.holder != self._holder.name and not is_gone(binding.holder, binding.held_until):
            raise Conflict(f"A watch {self._name} of this trigger is running already: give this one another --name")
        bindings.take(connection, binding.id, self._holder.name, _until())
        return binding

    def _hear(self, binding: Binding, stop: threading.Event, emit: Emit, tell: Tell) -> None:
        place, zone = binding.place, self._database.read_now(zone_of_account)
        renewed = asked = time.monotonic()
        while not stop.is_set():
            self._news.clear()
            try:
                place = self._emit_news(binding, place, zone, stop, emit)
                if time.monotonic() - renewed > LEASE_SECONDS / 3:
                    self._database.write_now(self._taken)
                    renewed = time.monotonic()
                if time.monotonic() - asked > ASK_AFTER_CONNECTION_SECONDS:
                    self._ask_after_connection(tell)
                    asked = time.monotonic()
            except Unavailable as trouble:
                tell(str(trouble))
                stop.wait(ASK_AFTER_CONNECTION_SECONDS)
            self._news.wait(LOOK_AGAIN_SECONDS)

    def _emit_news(self, binding: Binding, place: int, zone: str, stop: threading.Event, emit: Emit) -> int:
        """Emit what is new, and return the place after it."""
        present = self._database.read_now(bindings.one, binding.id)
        if present.history_from is not None:
            return place
        while not stop.is_set():
            noted = self._database.read_now(ledger.after, self._pair, place, binding.id)
            if not noted:
                break
            reached = place
            for one in noted:
                if stop.is_set():
                    break
                reached = one.seq
                if concerns(binding, one.event, zone):
                    emit(one.event.as_json())
                    place = self._keep(binding, place, reached)
            if reached != place:
                place = self._keep(binding, place, reached)
        return place

    def _keep(self, binding: Binding, place: int, seq: int) -> int:
        if not self._database.write_now(bindings.advance, binding, place, seq):
            raise Conflict(f"Another watch {self._name} of this trigger goes on from the same place: this one ends")
        return seq

    def _ask_after_connection(self, tell: Tell) -> None:
        name = self._pair.connection
        needs = self._connections.one(name).state == NEEDS_REAUTHORISATION
        if needs and not self._told_reauthorisation:
            tell(f"Connection {name} needs re-authorisation: renew it with `cuprum connection add {name} …`, and this goes on.")
        elif self._told_reauthorisation and not needs:
            tell(f"Connection {name} works again.")
        self._told_reauthorisation = needs


def _until() -> int:
    return int((time.time() + LEASE_SECONDS) * 1000)
