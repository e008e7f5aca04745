"""What was typed when the session had ended is kept through signing in, and sent when its author says so."""

from __future__ import annotations

import html
import re

from sqlalchemy import delete

from cuprum.storage.oauth_tables import session
from installation import Installation
from oauth import PASSWORD, Browser, Page, with_password

TYPED = {"name": "Élena & Łan 漢", "details": "Two\r\nlines", "tags": "<b>"}


def fields(page: Page) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', page.text)}


def forget_sessions(cuprum: Installation) -> None:
    cuprum.database.write_now(lambda connection: connection.execute(delete(session)))


def typed_too_late(cuprum: Installation, browser: Browser, **headers: str) -> Page:
    token = browser.get("/people/new").fields["form_token"]
    forget_sessions(cuprum)
    return browser.post("/people/new", {"form_token": token, **TYPED}, **headers)


def test_a_draft_survives_a_session_that_ended(cuprum: Installation, browser: Browser) -> None:
    email = with_password(cuprum)
    asked = typed_too_late(cuprum, browser)
    assert asked.status == 401
    assert "What you typed is kept" in asked.text
    wrong = browser.post("/sign-in", fields(asked) | {"email": email, "password": "not this one"})
    assert wrong.status == 401
    again = browser.post("/sign-in", fields(wrong) | {"email": email, "password": PASSWORD})
    assert again.status == 200
    assert cuprum.ada.post("/people/search", {}) == []
    assert 'action="/people/new"' in again.text
    sent = browser.post("/people/new", fields(again))
    assert sent.status == 303
    (made,) = cuprum.ada.post("/people/search", {})
    assert (made["name"], made["details"], made["tags"]) == ("Élena & Łan 漢", "Two\nlines", ["<b>"])


def test_a_script_is_told_to_send_the_whole_form_and_changes_nothing_on_the_page(cuprum: Installation, browser: Browser) -> None:
    answer = typed_too_late(cuprum, browser, HX_Request="true")
    assert answer.status == 401
    assert answer.text == ""
    assert answer.headers["hx-reswap"] == "none"


def test_a_draft_leads_nowhere_else_and_keeps_no_password(cuprum: Installation, browser: Browser) -> None:
    email = with_password(cuprum)
    token = browser.get("/settings/users").fields["form_token"]
    forget_sessions(cuprum)
    asked = browser.post("/settings/users?x=1", {"form_token": token, "name": "Zoe", "password": "a secret of hers"})
    assert "a secret of hers" not in asked.text
    form = fields(asked) | {"email": email, "password": PASSWORD, "draft_path": "https://evil.example/steal"}
    assert 'action="/"' in browser.post("/sign-in", form).text
    browser.sign_in(email)
    assert browser.post("/sign-in", form | {"form_token": "forged"}).status == 403


def test_the_sign_in_page_says_what_to_do_about_a_forgotten_password(cuprum: Installation) -> None:
    assert "cuprum user password" in Browser(cuprum).get("/sign-in").text
