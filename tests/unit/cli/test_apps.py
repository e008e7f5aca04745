"""`cuprum app` and `cuprum user password`: what others may ask, and by what people answer."""

from __future__ import annotations

import json

import pytest

from cuprum.auth.sessions import begin_session, signed_in
from cuprum.auth.sign_in import user_by_password
from cuprum.storage.database import Database
from cuprum.storage.oauth_tables import oauth_app
from homes import Home

CALLBACK = ("--redirect-uri", "https://app.example.com/callback")


def test_an_app_is_added_listed_and_removed_and_its_secret_is_shown_once(home: Home) -> None:
    made = json.loads(home.ok("app", "add", "Quay Mailer", *CALLBACK, "--redirect-uri", "http://127.0.0.1/callback"))
    assert made["redirect_uris"] == ["https://app.example.com/callback", "http://127.0.0.1/callback"]
    assert (made["name"], made["kind"], made["scopes"]) == ("Quay Mailer", "standard", ["developer/v1/all"])
    assert home.ok("app", "list") == f"{made['client_id']}\tstandard\t0\tQuay Mailer\n"
    database = Database(home.settings)
    assert made["client_secret"] not in repr(database.read_now(lambda db: db.execute(oauth_app.select()).all()))
    database.close()
    home.ok("app", "remove", made["client_id"])
    assert home.ok("app", "list") == ""
    assert "There is no app" in home.refused("app", "remove", made["client_id"])


def test_an_app_that_can_keep_no_secret_has_none(sqlite_home: Home) -> None:
    made = json.loads(sqlite_home.ok("app", "add", "Phone", "--public", "--redirect-uri", "org.example.phone:/callback"))
    assert made["client_secret"] is None


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("Quay", "--redirect-uri", "http://app.example.com/callback"), "Redirect Uri: must be https"),
        (("Quay", "--redirect-uri", "https://app.example.com/#x"), "without a fragment"),
        (("Quay", "--redirect-uri", "https://me@app.example.com/"), "must be https with a host"),
        (("Quay", "--redirect-uri", "javascript:alert(1)"), "must be https with a host"),
        (("Quay", "--redirect-uri", "https://[x/"), "is not an address"),
        (("Quay", "--redirect-uri", "https://例え.jp/callback"), "must be plain ASCII"),
        (("Quay", "--redirect-uri", "https://app.example.com/*"), None),
        ((" ", *CALLBACK), "Name: must be 1 to 100"),
        (("Quay", *CALLBACK, "--kind", "bronze"), "Kind: must be one of standard, copper"),
        (("Quay", *CALLBACK, "--kind", "copper", "--public"), "Kind: must be standard"),
        (("Quay", *CALLBACK, "--scope", "everything"), "Scope: must be some of developer/v1/all"),
    ],
)
def test_what_cannot_be_an_app_is_refused_with_the_reason(
    sqlite_home: Home, arguments: tuple[str, ...], reason: str | None
) -> None:
    if reason is None:
        # A star is a letter like others: addresses are compared to the letter.
        sqlite_home.ok("app", "add", *arguments)
    else:
        assert reason in sqlite_home.refused("app", "add", *arguments)


def test_an_answer_may_travel_unencrypted_only_where_somebody_says_so(sqlite_home: Home) -> None:
    sqlite_home.ok("app", "add", "Inside", "--redirect-uri", "http://crm.lan/callback", "--allow-http")


def test_a_new_password_is_the_only_one_and_ends_every_session(home: Home) -> None:
    home.ok("user", "add", "ana@harbour.example", "--name", "Ana", "--role", "owner", "--password-stdin", given="the first one\n")
    database = Database(home.settings)
    secret = database.write_now(begin_session, 1, "")
    home.ok("user", "password", "ana@harbour.example", given="the second one\n")
    assert database.read_now(user_by_password, "ana@harbour.example", "the first one") is None
    assert database.read_now(user_by_password, "ANA@harbour.example", "the second one").id == 1
    assert database.read_now(signed_in, secret) is None
    database.close()


def test_a_password_that_cannot_be_is_refused(sqlite_home: Home) -> None:
    sqlite_home.ok("user", "add", "ana@harbour.example", "--name", "Ana", "--role", "owner")
    for given in ("short", "", "x" * 501):
        done = sqlite_home.run("user", "password", "ana@harbour.example", given=given + "\n")
        assert (done.returncode, "must have 10 to 500 characters" in done.stderr) == (1, True)
    done = sqlite_home.run("user", "password", "nobody@harbour.example", given="long enough\n")
    assert "no active user" in done.stderr
