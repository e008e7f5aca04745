"""`cuprum user` and `cuprum key`: who may come in, and by which key."""

from __future__ import annotations

import pytest

from cuprum.auth.passwords import is_password
from cuprum.storage.account_tables import user
from cuprum.storage.database import Database
from homes import Home, key_of

ANA = ("user", "add", "ana@harbour.example", "--name", "Ana Ferreira")


def test_the_first_owner_opens_the_account_and_a_key_is_printed_alone(bare_home: Home) -> None:
    bare_home.ok(*ANA, "--role", "owner", "--account", "Harbour & Pine", "--zone", "Europe/Lisbon", "--currency", "EUR")
    key = bare_home.ok("key", "create", "ana@harbour.example")
    assert key.strip() == key.removesuffix("\n")
    assert len(key.strip()) >= 32
    with bare_home.serve() as server:
        headers = {"X-PW-AccessToken": key.strip(), "X-PW-Application": "developer_api", "X-PW-UserEmail": "ana@harbour.example"}
        account = server.ask("GET", "/account", headers).json()
        assert (account["name"], account["primary_timezone"]) == ("Harbour & Pine", "Europe/Lisbon")
        assert server.ask("GET", "/users/me", headers).json()["name"] == "Ana Ferreira"


def test_the_first_user_must_be_an_owner(sqlite_home: Home) -> None:
    assert "--role owner" in sqlite_home.refused(*ANA, "--role", "member")
    assert sqlite_home.ok("user", "list") == ""


def test_a_password_comes_from_standard_input_and_is_stored_as_an_argon2_digest(sqlite_home: Home) -> None:
    sqlite_home.ok(*ANA, "--role", "owner", "--password-stdin", given="correct horse battery\n")
    database = Database(sqlite_home.settings)
    digest = database.read_now(lambda connection: connection.execute(user.select()).one().password_hash)
    database.close()
    assert digest.startswith("$argon2id$")
    assert is_password("correct horse battery", digest)
    assert not is_password("correct horse batterz", digest)


def test_refusals_are_a_sentence_on_standard_error(sqlite_home: Home) -> None:
    sqlite_home.ok(*ANA, "--role", "owner")
    assert "has already been taken" in sqlite_home.refused(*ANA, "--role", "owner")
    assert "must be one of owner, admin, member" in sqlite_home.refused(
        "user", "add", "ben@harbour.example", "--name", "Ben", "--role", "king"
    )
    assert "no active user" in sqlite_home.refused("key", "create", "nobody@harbour.example")
    assert "only owner" in sqlite_home.refused("user", "disable", "ana@harbour.example")
    assert "no active key 99" in sqlite_home.refused("key", "revoke", "99")


@pytest.mark.parametrize("arguments", [("user",), ("user", "add"), ("fly",), ("serve", "--port", "many")])
def test_wrong_usage_ends_with_two(sqlite_home: Home, arguments: tuple[str, ...]) -> None:
    sqlite_home.refused(*arguments, code=2)


def test_a_setting_that_cannot_be_is_named(sqlite_home: Home) -> None:
    sqlite_home.further["CUPRUM_TRASH_DAYS"] = "soon"
    assert "CUPRUM_TRASH_DAYS" in sqlite_home.refused("user", "list")


def test_revoked_keys_and_disabled_users_come_in_no_longer_while_the_server_runs(home: Home) -> None:
    home.ok(*ANA, "--role", "owner")
    home.ok("user", "add", "ben@harbour.example", "--name", "Ben", "--role", "member")
    ana, ben = key_of(home), key_of(home, "ben@harbour.example")
    with home.serve() as server:
        assert server.ask("GET", "/users/me", ben).status_code == 200
        assert server.ask("GET", "/users/me", ana).status_code == 200
        home.ok("user", "disable", "ben@harbour.example")
        assert server.ask("GET", "/users/me", ben).status_code == 401
        number = home.ok("key", "list").split("\t")[0]
        home.ok("key", "revoke", number)
        assert server.ask("GET", "/users/me", ana).status_code == 401
    assert [line.split("\t")[3] for line in home.ok("key", "list").splitlines()] == ["revoked", "active"]
    assert [line.split("\t")[3] for line in home.ok("user", "list").splitlines()] == ["active", "disabled"]


def test_what_the_commands_change_stands_in_the_change_log(sqlite_home: Home) -> None:
    from cuprum.storage.event_tables import change, change_group

    sqlite_home.ok(*ANA, "--role", "owner")
    sqlite_home.ok("key", "create", "ana@harbour.example")
    database = Database(sqlite_home.settings)
    logged = database.read_now(
        lambda connection: [
            (row.label, row.face, row.entity, row.kind)
            for row in connection.execute(change.join(change_group).select().order_by(change.c.seq))
        ]
    )
    database.close()
    assert logged == [
        ("Account opened", "cli", "user", "new"),
        ("cuprum key create ana@harbour.example", "cli", "api_key", "new"),
    ]
