"""Connections by OAuth 2.0 as they live on: refreshed once whoever asks, renewed when they are refused, parked when they are over."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, update

from cuprum.automation.connections import Connections, needs_reauthorisation
from cuprum.automation.fresh_token import LEASE_SECONDS
from cuprum.automation.nodes.outcome import NEEDS_REAUTH, node_trouble
from cuprum.config import Settings
from cuprum.connector import errors
from cuprum.connector.oauth import App, Token
from cuprum.storage.connection_tables import connection as connections
from cuprum.storage.database import Database
from installation import Template
from patience import PATIENCE_SECONDS
from token_server import TokenServer

APP = App("client-1", "secret-1", "http://127.0.0.1/callback")


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with TokenServer() as made:
        yield made


@pytest.fixture
def settings(template: Template, tmp_path: Path) -> Iterator[Settings]:
    with template.stored_copy(tmp_path / "home") as stored:
        yield stored


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    made = Database(settings)
    yield made
    made.close()


@pytest.fixture
def stored(settings: Settings, database: Database) -> Connections:
    return Connections(settings, database)


def add(stored: Connections, server: TokenServer, token: Token) -> None:
    stored.add_oauth("crm", app=APP, endpoints=server.endpoints, token=token, base_url=f"{server.url}/developer_api/v1")


def row_of(database: Database):
    return database.read_now(lambda db: db.execute(select(connections)).one())


def test_of_many_processes_that_find_a_stale_token_one_refreshes_it(
    settings: Settings, database: Database, stored: Connections, server: TokenServer
) -> None:
    add(stored, server, server.token(expires_at=time.time() - 1))
    others = [Database(settings) for _ in range(3)]

    def ask(one: Database) -> str:
        with Connections(settings, one).open("crm") as copper:
            return copper.users.me()["email"]

    try:
        with ThreadPoolExecutor(9) as pool:
            assert set(pool.map(ask, others * 3)) == {"ada@x.example"}
    finally:
        for one in others:
            one.close()
    assert (server.refreshes, server.is_revoked) == (1, False)
    assert row_of(database).state == "ok"


def test_a_token_that_is_still_good_is_used_while_another_process_refreshes(stored: Connections, server: TokenServer) -> None:
    add(stored, server, server.token(expires_at=time.time() + 30))
    server.answers.clear()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(stored.open, "crm")
        while stored.all()[0].state != "refreshing":
            time.sleep(0.01)
        with stored.open("crm") as copper:
            assert copper.users.me()["email"] == "ada@x.example"
        server.answers.set()
        first.result(PATIENCE_SECONDS).close()
    assert server.refreshes == 1


def test_whoever_died_while_refreshing_is_followed_by_the_next(
    database: Database, stored: Connections, server: TokenServer
) -> None:
    add(stored, server, server.token(expires_at=time.time() - 1))
    long_ago = int(time.time()) - LEASE_SECONDS - 1
    database.write_now(lambda db: db.execute(update(connections).values(state="refreshing", date_modified=long_ago)))
    stored.open("crm").close()
    assert (server.refreshes, row_of(database).state) == (1, "ok")


def test_a_client_in_use_takes_the_token_that_another_process_refreshed(stored: Connections, server: TokenServer) -> None:
    add(stored, server, server.token(expires_at=time.time() + 3600))
    with stored.open("crm") as copper:
        assert copper.users.me()["name"] == "Ada"
        server.number += 1
        add(stored, server, server.token(expires_at=time.time() + 3600))
        assert copper.users.me()["name"] == "Ada"
    assert server.refreshes == 0


def test_a_token_that_was_revoked_alone_is_replaced_in_the_middle_of_work(stored: Connections, server: TokenServer) -> None:
    add(stored, server, Token("access-0", "", server.token().refresh_token, time.time() + 3600))
    with stored.open("crm") as copper:
        assert copper.users.me()["name"] == "Ada"
        assert copper.users.me()["name"] == "Ada"
    assert server.refreshes == 1


def test_a_refresh_that_is_refused_needs_the_user_and_says_which_step_failed(
    database: Database, stored: Connections, server: TokenServer
) -> None:
    server.is_revoked = True
    add(stored, server, server.token(expires_at=time.time() - 1))
    with pytest.raises(errors.AuthorizationFailed, match="It was used before") as caught:
        stored.open("crm")
    assert needs_reauthorisation(caught.value)
    assert node_trouble(caught.value).trouble == NEEDS_REAUTH
    assert row_of(database).state == "needs_reauth"
    tested = stored.test("crm")
    assert [(one["step"], one["call"], one["ok"]) for one in tested.steps] == [("token", f"POST {server.url}/token", False)]
    # Authorised anew, all is well.
    server.is_revoked = False
    add(stored, server, server.token(expires_at=time.time() + 3600))
    tested = stored.test("crm")
    assert [(one["step"], one["ok"]) for one in tested.steps] == [("token", True), ("account", True), ("user", True)]
    assert row_of(database).state == "ok"


def test_a_server_that_has_no_time_changes_nothing(database: Database, stored: Connections, server: TokenServer) -> None:
    add(stored, server, server.token(expires_at=time.time() - 1))
    server.refusal = 503
    with pytest.raises(errors.CopperError) as caught:
        stored.open("crm")
    assert not caught.value.permanent
    assert row_of(database).state == "ok"
    # A token that is good for some seconds more serves until then.
    add(stored, server, server.token(expires_at=time.time() + 50))
    stored.open("crm").close()
    server.refusal = 0
    with stored.open("crm") as copper:
        assert copper.users.me()["name"] == "Ada"


def test_a_token_without_end_is_as_normal_and_when_it_is_refused_only_the_user_helps(
    database: Database, stored: Connections, server: TokenServer
) -> None:
    add(stored, server, Token(server.token().access_token))
    assert stored.test("crm").ok
    server.number += 1
    tested = stored.test("crm")
    assert [(one["step"], one["ok"]) for one in tested.steps] == [("token", True), ("account", False)]
    assert tested.steps[-1]["status"] == 401
    assert row_of(database).state == "needs_reauth"
    assert server.refreshes == 0


def test_who_authorises_anew_while_a_refresh_is_under_way_counts(stored: Connections, server: TokenServer) -> None:
    add(stored, server, server.token(expires_at=time.time() - 1))
    server.answers.clear()
    with ThreadPoolExecutor(1) as pool:
        refreshing = pool.submit(stored.open, "crm")
        while stored.all()[0].state != "refreshing":
            time.sleep(0.01)
        add(stored, server, Token("from the user"))
        server.answers.set()
        refreshing.result(PATIENCE_SECONDS).close()
    with stored.open("crm") as copper:
        assert copper._way.wire.credentials.access_token == "from the user"


def test_nothing_secret_stands_readable_in_the_database(database: Database, stored: Connections, server: TokenServer) -> None:
    add(stored, server, server.token(expires_at=time.time() - 1))
    stored.add_api_key("by key", email="ada@x.example", key="key-very-secret")
    stored.open("crm").close()
    rows = repr(database.read_now(lambda db: db.execute(select(connections)).all()))
    for secret in ("secret-1", "access-", "refresh-", "key-very-secret"):
        assert secret not in rows
    assert "client-1" in rows


def test_a_key_that_is_refused_says_so_at_its_first_step(database: Database, stored: Connections, server: TokenServer) -> None:
    stored.add_api_key("crm", email="ada@x.example", key="wrong", base_url=server.url)
    tested = stored.test("crm")
    assert [(one["step"], one["ok"], one["status"]) for one in tested.steps] == [("account", False, 401)]
    assert row_of(database).state == "needs_reauth"
