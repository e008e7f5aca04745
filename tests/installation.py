"""A whole installation for a test: a fresh database with an account, and people who call its API.

Ada owns the account, Grace and Mallory are members; Grace is on Ada's team, Mallory is on none.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from starlette.testclient import TestClient

from cuprum.app import application
from cuprum.auth.actor import Actor
from cuprum.config import Settings
from cuprum.events.log import Group
from cuprum.records.new_account import open_account
from cuprum.records.people_of_account import add_user, create_key
from cuprum.records.work import Work
from cuprum.storage.account_tables import team, team_member, user
from cuprum.storage.database import Database
from cuprum.storage.migrate import migrate
from made_once import make_once
from postgres_copies import PostgresCopies

make_once()

PEOPLE = {"ada": "owner", "grace": "member", "mallory": "member"}


@dataclass
class Person:
    """Somebody with an API key; calls answer `(status, decoded body)` or the whole response."""

    client: TestClient
    headers: dict[str, str]
    id: int = 0

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        options.setdefault("headers", self.headers)
        if body is not None:
            options["json"] = body
        return self.client.request(method, f"/developer_api/v1{path}", **options)

    def get(self, path: str) -> Any:
        return self._ok("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        return self._ok("POST", path, body)

    def put(self, path: str, body: Any = None) -> Any:
        return self._ok("PUT", path, body)

    def delete(self, path: str, body: Any = None) -> Any:
        return self._ok("DELETE", path, body)

    def refused(self, method: str, path: str, body: Any = None, status: int = 422) -> str:
        """The message of a call that must be refused with that status."""
        answer = self.call(method, path, body)
        assert answer.status_code == status, answer.text
        read = answer.json()
        return read.get("message") or read["error"]

    def _ok(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.call(method, path, body)
        assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()


@dataclass
class Installation:
    settings: Settings
    client: TestClient
    people: dict[str, Person] = field(default_factory=dict)
    # What `watched_selects` found, which must be nothing at the end of a test.
    went_round: list[str] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return self.client.app.state.cuprum.database

    def as_person(self, name: str, act: Callable[[Work], Any]) -> Any:
        """What `act` returns, done in one transaction as that person's work without HTTP."""
        state, settings = self.client.app.state.cuprum, self.settings
        email = f"{name}@harbour.example"

        def done(connection: Any) -> Any:
            row = connection.execute(select(user).where(user.c.email == email)).one()
            actor = Actor(row.id, row.role, row.name, row.email, face="test")
            group = Group(connection, actor.user_id, actor.face, None, "test", state.listeners)
            return act(Work(connection, actor, state.vocabulary.at(connection), settings, group, int(time.time())))

        return self.database.write_now(done)

    @property
    def ada(self) -> Person:
        return self.people["ada"]

    @property
    def grace(self) -> Person:
        return self.people["grace"]

    @property
    def mallory(self) -> Person:
        return self.people["mallory"]


class Template:
    """A migrated database with the cast in it, made once and copied for each test."""

    def __init__(self, kind: str, folder: Path, server: str | None) -> None:
        self.kind, self.folder = kind, folder
        self.copies = PostgresCopies(server) if server else None
        self.keys: dict[str, tuple[int, str]] = {}
        self._fill(self._settings(folder / "template", self.copies.url(self.copies.template) if self.copies else ""))
        if self.copies:
            self.copies.keep()

    def _settings(self, home: Path, url: str, **further: Any) -> Settings:
        return Settings(home=home, database_url=url, sqlite_synchronous="NORMAL", **further)

    def _fill(self, settings: Settings) -> None:
        migrate(settings)
        database = Database(settings)
        database.write_now(open_account, name="Harbour & Pine", zone="Europe/Lisbon", currency="EUR")
        for name, role in PEOPLE.items():
            email = f"{name}@harbour.example"
            user_id = database.write_now(add_user, email=email, name=name.capitalize(), role=role)
            self.keys[name] = (user_id, database.write_now(create_key, email=email, label="tests"))
        database.write_now(self._team)
        database.close()

    def _team(self, connection: Any) -> None:
        connection.execute(insert(team).values(id=1, name="Sales"))
        for name in ("ada", "grace"):
            connection.execute(insert(team_member).values(team_id=1, user_id=self.keys[name][0]))

    @contextmanager
    def copy(self, folder: Path, **settings: Any) -> Iterator[Installation]:
        """An installation of its own, gone when the block ends."""
        with self.stored_copy(folder, **settings) as chosen, self.serving(chosen) as installation:
            yield installation

    @contextmanager
    def serving(self, settings: Settings) -> Iterator[Installation]:
        """The installation of such settings, answering in this process until the block ends; what is stored stays."""
        with TestClient(application(settings), raise_server_exceptions=False) as client:
            yield self._peopled(settings, client)

    @contextmanager
    def stored_copy(self, folder: Path, **settings: Any) -> Iterator[Settings]:
        """The settings of a database of its own, gone when the block ends."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.copies:
            with self.copies.copy() as url:
                yield self._settings(folder, url, **settings)
        else:
            shutil.copy(self.folder / "template" / "cuprum.db", folder / "cuprum.db")
            yield self._settings(folder, "", **settings)

    def headers(self, name: str) -> dict[str, str]:
        """Copper's three headers for one of the cast."""
        email = f"{name}@harbour.example"
        return {"X-PW-AccessToken": self.keys[name][1], "X-PW-Application": "developer_api", "X-PW-UserEmail": email}

    def _peopled(self, settings: Settings, client: TestClient) -> Installation:
        people = {name: Person(client, self.headers(name), user_id) for name, (user_id, _) in self.keys.items()}
        return Installation(settings, client, people)

    def remove(self) -> None:
        if self.copies:
            self.copies.remove()
