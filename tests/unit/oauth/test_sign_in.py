"""The sign-in page: who comes in, who is slowed down, and what other sites cannot do."""

from __future__ import annotations

import re
import time
from contextlib import ExitStack

import pytest
from sqlalchemy import select, update

from cuprum.auth.digests import hashed
from cuprum.auth.sessions import IDLE_SECONDS
from cuprum.auth.sign_in import FROM_HERE, OF_ADDRESS, OF_EMAIL, SignInLimits
from cuprum.kit.errors import Limited
from cuprum.storage.oauth_tables import session
from cuprum.web.browser import SAFE_COOKIE
from installation import Installation
from oauth import PASSWORD, Browser, signed_in, with_password

WRONG = "That e-mail address and password do not go together."


def test_a_password_signs_in_and_the_button_signs_out(cuprum: Installation) -> None:
    browser, email = Browser(cuprum), with_password(cuprum)
    assert browser.sign_in(f"  {email.upper()} ", go_on="/somewhere?a=1").location == "/somewhere?a=1"
    page = browser.get("/sign-in")
    assert "You are signed in" in page.text
    assert browser.post("/sign-out", page.fields).status == 303
    assert "You are signed in" not in browser.get("/sign-in").text


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ada@harbour.example", "wrong"),
        ("ada@harbour.example", ""),
        ("grace@harbour.example", PASSWORD),
        ("nobody@harbour.example", PASSWORD),
        ("", ""),
        ("ada@harbour.example\x00", PASSWORD),
        ("a" * 600, PASSWORD),
        ("ada@harbour.example", "x" * 5000),
        ("株式会社@例え.jp", "パスワード"),
    ],
)
def test_a_refusal_does_not_say_whether_the_user_exists(cuprum: Installation, email: str, password: str) -> None:
    browser = Browser(cuprum)
    with_password(cuprum)
    page = browser.sign_in(email, password)
    assert page.status == 401
    assert WRONG in page.text
    assert "You are signed in" not in browser.get("/sign-in").text


def test_five_failures_lock_that_address_out_of_that_account_and_only_of_it(cuprum: Installation) -> None:
    browser, email = Browser(cuprum), with_password(cuprum)
    for _ in range(FROM_HERE):
        assert browser.sign_in(email, "wrong").status == 401
    locked = browser.sign_in(email, PASSWORD)
    assert locked.status == 429
    assert 0 < int(locked.headers["retry-after"]) <= 900
    assert re.search(r"Try again in \d+ minutes", locked.text)
    assert browser.sign_in(with_password(cuprum, "grace")).status == 303


def test_the_lock_knows_e_mail_addresses_and_networks_and_forgives_success() -> None:
    limits = SignInLimits()
    for n in range(OF_EMAIL):
        limits.check("Ada@harbour.example", f"198.51.100.{n}")
        limits.failed("ADA@harbour.example", f"198.51.100.{n}")
    with pytest.raises(Limited):
        limits.check("ada@harbour.example", "203.0.113.1")
    limits.check("grace@harbour.example", "203.0.113.1")
    for n in range(OF_ADDRESS):
        limits.failed(f"user{n}@harbour.example", "203.0.113.9")
    with pytest.raises(Limited):
        limits.check("grace@harbour.example", "203.0.113.9")
    for _ in range(FROM_HERE):
        limits.failed("linus@harbour.example", "192.0.2.1")
    limits.succeeded("linus@harbour.example", "192.0.2.1")
    limits.check("linus@harbour.example", "192.0.2.1")


def test_another_site_can_neither_sign_in_nor_out_for_somebody(cuprum: Installation) -> None:
    browser, email = signed_in(cuprum, "ada"), with_password(cuprum, "mallory")
    form = browser.get("/sign-in").fields
    for path in ("/sign-in", "/sign-out"):
        given = form | {"email": email, "password": PASSWORD}
        for stolen, headers in (
            ({**given, "form_token": "x"}, {}),
            ({name: value for name, value in given.items() if name != "form_token"}, {}),
            (given, {"Origin": "https://evil.example"}),
            (given, {"Sec_Fetch_Site": "cross-site"}),
        ):
            assert browser.post(path, stolen, **headers).status == 403
    assert "ada@harbour.example" in browser.get("/sign-in").text


def test_a_session_that_was_planted_is_not_taken_over(cuprum: Installation) -> None:
    victim, email = Browser(cuprum), with_password(cuprum)
    planted = signed_in(cuprum, "mallory").cookies[SAFE_COOKIE]
    victim.cookies[SAFE_COOKIE] = planted
    assert victim.sign_in(email).status == 303
    assert victim.cookies[SAFE_COOKIE] != planted
    assert "ada@harbour.example" in victim.get("/sign-in").text
    thief = Browser(cuprum, cookies={SAFE_COOKIE: planted})
    assert "You are signed in" not in thief.get("/sign-in").text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/é",
        "evil",
    ],
)
def test_signing_in_leads_nowhere_else(cuprum: Installation, elsewhere: str) -> None:
    browser = Browser(cuprum)
    assert browser.sign_in(with_password(cuprum), go_on=elsewhere).location == "/"
    shown = browser.get("/sign-in").fields | {"next": elsewhere}
    assert browser.post("/sign-out", shown).location == "/"


def test_the_cookie_is_for_this_host_alone_and_no_script_reads_it(cuprum: Installation) -> None:
    answer = Browser(cuprum).get("/sign-in")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-cuprum=")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_where_others_can_listen_the_page_warns_and_the_cookie_is_a_plain_one(cuprum: Installation) -> None:
    browser = Browser(cuprum, base="http://crm.example.org")
    page = browser.get("/sign-in")
    assert "This connection is not encrypted." in page.text
    assert page.headers["set-cookie"].startswith("cuprum=")
    assert "Secure" not in page.headers["set-cookie"]
    assert browser.sign_in(with_password(cuprum)).status == 303
    assert "You are signed in" in browser.get("/sign-in").text
    loopback = Browser(cuprum, base="http://127.0.0.1:8000").get("/sign-in")
    assert "This connection is not encrypted." not in loopback.text
    assert loopback.headers["set-cookie"].startswith("__Host-cuprum=")


def test_a_session_ends_with_its_time_and_when_nobody_uses_it(cuprum: Installation) -> None:
    for ended in ({"expires_at": int(time.time())}, {"last_seen_at": int(time.time()) - IDLE_SECONDS - 1}):
        browser = signed_in(cuprum, "ada")
        assert "You are signed in" in browser.get("/sign-in").text
        cuprum.database.write_now(lambda db, values=ended: db.execute(update(session).values(**values)))
        assert "You are signed in" not in browser.get("/sign-in").text


def test_a_stolen_copy_of_the_sessions_opens_nothing(cuprum: Installation) -> None:
    secret = signed_in(cuprum, "ada").cookies[SAFE_COOKIE]
    stored = cuprum.database.read_now(lambda db: db.execute(select(session.c.hash)).scalars().all())
    assert stored == [hashed(secret)]
    assert "You are signed in" not in Browser(cuprum, cookies={SAFE_COOKIE: stored[0]}).get("/sign-in").text
    assert "You are signed in" not in Browser(cuprum, cookies={SAFE_COOKIE: "é"}).get("/sign-in").text


def test_a_whole_office_comes_in_by_one_address():
    limits = SignInLimits()
    for n in range(OF_ADDRESS * 2):
        with limits.attempt(f"user{n % OF_EMAIL}@harbour.example", "203.0.113.1") as attempt:
            attempt.is_right = True
    limits.check("ada@harbour.example", "203.0.113.1")


def test_many_guesses_at_once_do_not_pass_the_count_together():
    limits = SignInLimits()
    with ExitStack() as underway:
        for _ in range(FROM_HERE):
            underway.enter_context(limits.attempt("ada@harbour.example", "203.0.113.1"))
        with pytest.raises(Limited):
            limits.check("ada@harbour.example", "203.0.113.1")
    with pytest.raises(Limited):
        limits.check("ada@harbour.example", "203.0.113.1")
