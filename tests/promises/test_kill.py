"""The server is killed with −9 while eight clients write: what it acknowledged is there, once, and in the log."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection, select

from cuprum.config import Settings
from cuprum.entities import Person
from cuprum.storage.database import Database
from cuprum.storage.event_tables import change
from cuprum.storage.lookup_tables import email_key
from cuprum.storage.rows import from_columns, from_log
from cuprum.storage.tables import TABLES
from installation import Template
from live_server import LiveServer, live_server
from patience import PATIENCE_SECONDS

pytestmark = pytest.mark.chaos

CLIENTS = 8
ROUNDS = {"sqlite": (10, 50), "postgresql": (5, 20)}


def rounds(template: Template) -> int:
    usual, full = ROUNDS[template.kind]
    return full if os.environ.get("CUPRUM_CHAOS") == "full" else usual


@dataclass
class Client:
    """Creates people and edits them; remembers what was acknowledged, and the one write whose answer never came."""

    number: int
    acknowledged: dict[str, int] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    unanswered: tuple[str, str, dict[str, Any], str] | None = None
    count: int = 0
    answered: int = 0
    failure: Exception | None = None

    def write_until_cut(self, server: LiveServer, ending: threading.Event) -> None:
        with server.client() as http:
            try:
                if self.unanswered:
                    self._send(http, *self.unanswered)
                while not ending.is_set():
                    self._send(http, *self._next())
            except httpx2.TransportError:
                return
            except Exception as failure:
                self.failure = failure

    def _next(self) -> tuple[str, str, dict[str, Any], str]:
        self.count += 1
        key = f"client-{self.number}-write-{self.count}"
        if self.count % 3 == 0 and self.acknowledged:
            edited = random.choice(list(self.acknowledged.values()))
            return "PUT", f"/people/{edited}", {"title": key}, key
        address = {"email": f"{key}@chaos.example", "category": "work"}
        return "POST", "/people", {"name": key, "emails": [address], "tags": ["chaos"]}, key

    def _send(self, http: httpx2.Client, method: str, path: str, body: dict[str, Any], key: str) -> None:
        self.unanswered = (method, path, body, key)
        answer = http.request(method, path, json=body, headers={"Idempotency-Key": key})
        assert answer.status_code == 200, answer.text
        read = answer.json()
        if method == "POST":
            self.acknowledged[read["name"]] = read["id"]
        else:
            self.titles[read["id"]] = body["title"]
        self.unanswered = None
        self.answered += 1


def test_no_acknowledged_write_is_lost_or_doubled(template: Template, tmp_path: Path):
    clients = [Client(number) for number in range(CLIENTS)]
    with live_server(template, tmp_path / "home", sqlite_synchronous="FULL") as server:
        for _ in range(rounds(template)):
            _write_and_kill(server, clients)
        server.start()
        _write(server, clients, answers=20)
        assert server.stop() == 0
        stored = _stored(server)
    acknowledged = {name: record_id for client in clients for name, record_id in client.acknowledged.items()}
    print(f"{template.kind}: {rounds(template)} kills, {len(acknowledged)} people acknowledged, {len(stored.people)} stored")
    assert len(acknowledged) >= 10 * rounds(template)
    _nothing_lost(acknowledged, clients, stored)
    _nothing_doubled(stored)
    _log_is_complete(stored)


def _write_and_kill(server: LiveServer, clients: list[Client]) -> None:
    server.start()
    # Killed somewhere in the midst of it: after a different number of answers each round.
    _write(server, clients, answers=random.randint(20, 60), kill=True)


def _write(server: LiveServer, clients: list[Client], *, answers: int, kill: bool = False) -> None:
    ending = threading.Event()
    before = sum(client.answered for client in clients)
    threads = [threading.Thread(target=client.write_until_cut, args=(server, ending)) for client in clients]
    for thread in threads:
        thread.start()
    patience = time.monotonic() + PATIENCE_SECONDS
    while sum(client.answered for client in clients) < before + answers and time.monotonic() < patience:
        time.sleep(0.005)
    if kill:
        server.kill()
    ending.set()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()
    assert [client.failure for client in clients if client.failure] == []


@dataclass
class Stored:
    people: dict[int, dict[str, Any]]
    addresses: dict[str, int]
    changes: list[Any]


def _stored(server: LiveServer) -> Stored:
    settings = Settings(home=Path(server.environment["CUPRUM_HOME"]), database_url=server.environment["CUPRUM_DATABASE_URL"])
    database = Database(settings)

    def look(connection: Connection) -> Stored:
        people = {row["id"]: from_columns(Person, row) for row in connection.execute(select(TABLES["person"])).mappings()}
        addresses = {row.email: row.record_id for row in connection.execute(select(email_key))}
        return Stored(people, addresses, list(connection.execute(select(change).order_by(change.c.seq))))

    try:
        return database.read_now(look)
    finally:
        database.close()


def _nothing_lost(acknowledged: dict[str, int], clients: list[Client], stored: Stored) -> None:
    for name, record_id in acknowledged.items():
        assert stored.people[record_id]["name"] == name
        assert stored.addresses[f"{name}@chaos.example"] == record_id
    for client in clients:
        # Others may have edited later; the log of the record has this client's title in any case.
        for record_id, title in client.titles.items():
            titles = [from_log(Person, entry.after).get("title") for entry in stored.changes if entry.record_id == record_id]
            assert title in titles


def _nothing_doubled(stored: Stored) -> None:
    names = Counter(person["name"] for person in stored.people.values())
    assert [name for name, count in names.items() if count > 1] == []
    titles = Counter(from_log(Person, entry.after).get("title") for entry in stored.changes if entry.kind == "update")
    assert [title for title, count in titles.items() if count > 1] == []


def _log_is_complete(stored: Stored) -> None:
    """Folding the log gives exactly what is stored."""
    folded: dict[int, dict[str, Any]] = {}
    for entry in stored.changes:
        if entry.entity == "person":
            folded.setdefault(entry.record_id, {}).update(from_log(Person, entry.after))
    assert folded.keys() == stored.people.keys()
    for record_id, person in stored.people.items():
        for name, value in folded[record_id].items():
            assert person[name] == value, (record_id, name)
