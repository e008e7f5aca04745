"""Pollers without threads, that look when a test says so, and the account of the stand-in, changed by somebody else."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx2
from sqlalchemy import select

from cuprum.automation.connections import Connections
from cuprum.automation.triggers import bindings, ledger
from cuprum.automation.triggers.clients import Clients
from cuprum.automation.triggers.hearing import concerns, read_inputs
from cuprum.automation.triggers.hooks import Hooks
from cuprum.automation.triggers.lease import WATCH, Holder, Pair, release
from cuprum.automation.triggers.poller import Poller
from cuprum.config import Settings
from cuprum.connector.catalogue import trigger as trigger_named
from cuprum.connector.polling.event import Event
from cuprum.storage.database import Database
from cuprum.storage.trigger_tables import poll_state
from patience import PATIENCE_SECONDS
from standin import StandIn

MOST_TURNS = 500
PLURALS = {
    "lead": "leads", "person": "people", "company": "companies", "opportunity": "opportunities", "project": "projects",
    "task": "tasks",
}  # fmt: skip


class Polled:
    """One entity, polled through a connection; listeners are added by `listen`."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        connection: str,
        entity: str,
        kind: str = WATCH,
        hooks: Hooks | None = None,
        **further: float,
    ) -> None:
        # The account's clock may run ahead of ours, unsaid: nothing on it is too new to be read.
        given = {"poll_seconds": 0, "census_seconds": 1e9, "requests_a_minute": 0, "settle_seconds": -1e6, **further}
        self.settings = settings.model_copy(update=given)
        self.database, self.clients = database, Clients(Connections(self.settings, database))
        self.pair = Pair(self.clients.connections.one(connection).id, connection, entity)
        self.holder = Holder(kind)
        self.poller = Poller(self.settings, database, self.clients, self.pair, self.holder, hooks=hooks)

    @property
    def state(self) -> Any:
        asked = select(poll_state).where(
            poll_state.c.connection_id == self.pair.connection_id, poll_state.c.entity == self.pair.entity
        )
        return self.database.read_now(lambda connection: connection.execute(asked).first())

    def look(self) -> None:
        """Until everything that there is has been read, once."""
        before = self.state.polled_at if self.state else None
        for _ in range(MOST_TURNS):
            # Two looks in one millisecond could not be told apart.
            time.sleep(0.002)
            self.poller.turn()
            now = self.state
            if now.is_seeded and not now.sweep and now.polled_at != before:
                return
        raise AssertionError(f"no end of it: {self.state}")

    def count(self) -> None:
        """Take a census, whole."""
        self.settings.__dict__["census_seconds"] = 0
        number = self.state.census_number
        for _ in range(MOST_TURNS):
            self.poller.turn()
            if self.state.census_number > number:
                self.settings.__dict__["census_seconds"] = 1e9
            if self.state.census_number > number and not self.state.census:
                return
        raise AssertionError(f"no end of it: {self.state}")

    def listen(self, trigger: str, name: str = "test", **given: Any) -> bindings.Binding:
        chosen = trigger_named(trigger)

        def listening(connection: Any) -> bindings.Binding:
            added = bindings.watch(connection, self.pair, name, chosen, read_inputs(chosen, given))
            bindings.take(connection, added.id, self.holder.name, int(time.time() + 3600) * 1000)
            return added

        return self.database.write_now(listening)

    def hear(self, listener: bindings.Binding) -> list[Event]:
        """What is new to a listener, and its place after that."""
        present = self.database.read_now(bindings.one, listener.id)
        noted = self.database.read_now(ledger.after, self.pair, present.place, present.id, 10_000)
        if noted:
            assert self.database.write_now(bindings.advance, present, present.place, noted[-1].seq)
        return [one.event for one in noted if concerns(present, one.event, "UTC")]

    def end(self) -> None:
        """As when its process ends in order."""
        self.database.write_now(release, self.pair, self.holder)

    def close(self) -> None:
        self.clients.close()


Poll = Callable[..., Polled]


class Account:
    """The stand-in's account, changed by somebody else; its clock is set by hand, second by second."""

    def __init__(self, standin: StandIn) -> None:
        # What is there already lies a while back.
        self.standin, self.second = standin, standin.state.now() - 10_000
        standin.state.clock = lambda: float(self.second)

    def live(self) -> None:
        """From here on things happen after the present moment."""
        self.second = max(self.second, int(time.time()) + 1)

    def later(self, seconds: int = 1) -> None:
        self.second += seconds

    def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {
            "X-PW-AccessToken": self.standin.key,
            "X-PW-Application": "developer_api",
            "X-PW-UserEmail": self.standin.email,
        }
        answer = httpx2.request(method, self.standin.base_url + path, json=body, headers=headers, timeout=PATIENCE_SECONDS)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def add(self, entity: str, **fields: Any) -> int:
        self.later()
        return self.call("POST", f"/{PLURALS[entity]}", {"name": f"A {entity}", **fields})["id"]

    def edit(self, entity: str, record_id: int, **fields: Any) -> None:
        self.later()
        self.call("PUT", f"/{PLURALS[entity]}/{record_id}", fields)

    def delete(self, entity: str, record_id: int) -> None:
        self.later()
        self.call("DELETE", f"/{PLURALS[entity]}/{record_id}")
