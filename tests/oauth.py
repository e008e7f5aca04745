"""An app and a browser for the tests of signing in and letting in."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from sqlalchemy import update

from cuprum.auth.passwords import hash_password
from cuprum.auth.sessions import begin_session
from cuprum.events.log import Group
from cuprum.records.apps import add_app
from cuprum.storage.account_tables import user
from cuprum.web.browser import SAFE_COOKIE
from installation import Installation

PASSWORD = "correct horse battery"
CALLBACK = "https://app.example.com/callback"
_DIGEST = hash_password(PASSWORD)


def with_password(cuprum: Installation, name: str = "ada") -> str:
    """Give somebody of the cast the password of all tests; returns the e-mail address."""
    email = f"{name}@harbour.example"
    cuprum.database.write_now(lambda db: db.execute(update(user).where(user.c.email == email).values(password_hash=_DIGEST)))
    return email


@dataclass
class Page:
    """A page as its user meets it."""

    status: int
    text: str
    location: str
    headers: Any

    @property
    def fields(self) -> dict[str, str]:
        found = re.findall(r'name="([^"]+)" value="([^"]*)"', self.text)
        return {name: html.unescape(value) for name, value in found if name != "decision"}


@dataclass
class Browser:
    """Keeps cookies and follows nothing by itself."""

    cuprum: Installation
    base: str = "https://testserver"
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> Page:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent: dict[str, Any] = {"Cookie": cookies.encode(), **(headers or {})}
        self.cuprum.client.cookies.clear()
        if form is not None:
            sent |= {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self.cuprum.client.request(
            method, self.base + path, headers=sent, content=urlencode(form) if form is not None else None, follow_redirects=False
        )
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return Page(answer.status_code, answer.text, answer.headers.get("location", ""), answer.headers)

    def get(self, path: str) -> Page:
        return self.ask("GET", path)

    def post(self, path: str, form: dict[str, str], **headers: str) -> Page:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, form, {"Origin": self.base, "Sec-Fetch-Site": "same-origin"} | named)

    def sign_in(self, email: str, password: str = PASSWORD, go_on: str = "/") -> Page:
        form = self.get("/sign-in?" + urlencode({"next": go_on})).fields
        return self.post("/sign-in", form | {"email": email, "password": password})

    def decide(self, url: str, decision: str = "accept") -> Page:
        """Open the consent page of a signed-in user and press one of its buttons."""
        page = self.get(url)
        assert page.status == 200, (page.status, page.location, page.text)
        own = html.unescape(page.text.split('class="choice"')[1])
        form = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', own)) | {"decision": decision}
        return self.post("/oauth/authorize", form)


def signed_in(cuprum: Installation, name: str) -> Browser:
    """A browser at which somebody of the cast is signed in, without the work that a password makes."""
    secret = cuprum.database.write_now(begin_session, cuprum.people[name].id, "")
    return Browser(cuprum, cookies={SAFE_COOKIE: secret})


@dataclass
class TestApp:
    """An app that was registered, and what it sends."""

    __test__ = False

    cuprum: Installation
    client_id: str
    client_secret: str | None
    redirect_uri: str
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def url(self, **changes: str | None) -> str:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")
        asked: dict[str, str | None] = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": self.redirect_uri,
            "scope": "developer/v1/all", "state": "s-1", "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return "/oauth/authorize?" + urlencode({name: value for name, value in (asked | changes).items() if value is not None})

    def post(self, path: str, form: dict[str, str], **options: Any) -> Any:
        own = {"client_id": self.client_id} | ({"client_secret": self.client_secret} if self.client_secret else {})
        return self.cuprum.client.post(path, data={**({} if "headers" in options else own), **form}, **options)

    def exchange(self, code: str, **changes: str) -> Any:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri}
        return self.post("/oauth/token", {**form, "code_verifier": self.verifier, **changes})

    def refresh(self, token: str, **changes: str) -> Any:
        return self.post("/oauth/token", {"grant_type": "refresh_token", "refresh_token": token, **changes})

    def tokens(self, browser: Browser, **changes: str | None) -> dict[str, Any]:
        """The whole way with a browser that is signed in."""
        answer = self.exchange(told(browser.decide(self.url(**changes)))["code"])
        assert answer.status_code == 200, answer.text
        return answer.json()

    def call(self, token: str, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return self.cuprum.client.request(method, path, headers=headers, json=body)


def new_app(cuprum: Installation, **facts: Any) -> TestApp:
    given = {"name": "Quay Mailer", "redirect_uris": [CALLBACK], **facts}
    made = cuprum.database.write_now(lambda db: add_app(db, **given, group=Group(db, None, "test", None, "test")))
    return TestApp(cuprum, made.client_id, made.client_secret, given["redirect_uris"][0])


def told(page: Page) -> dict[str, str]:
    """What the app hears by the redirect, or by the form that is posted to it."""
    if page.location:
        assert urlsplit(page.location).path == "/callback", page.location
        return dict(parse_qsl(urlsplit(page.location).query))
    assert 'id="answer"' in page.text, page.text
    own = page.text.split('id="answer"')[1]
    return {name: html.unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', own)}


def query_of(location: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(location).query)
