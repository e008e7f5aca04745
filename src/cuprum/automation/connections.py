"""Connections: named, stored with their secrets sealed, opened as clients of the connector."""

from __future__ import annotations

import re
import time
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import httpx2
from sqlalchemy import Connection, delete, insert, select, update

from cuprum.automation.budget import ACTION, USER, Budget, Budgeted, Lane
from cuprum.automation.fresh_token import fresh_token
from cuprum.automation.telling import told_of_state
from cuprum.config import Settings
from cuprum.connector import COPPER_CLOUD, ApiKey, Bearer, Copper
from cuprum.connector.connections import Tested
from cuprum.connector.errors import CopperError, Unauthorized
from cuprum.connector.oauth import App, Endpoints, Token
from cuprum.kit import jsonio
from cuprum.kit.addresses import AddressRule
from cuprum.kit.errors import Invalid, NotFound, Problem
from cuprum.kit.outbound import guarded_transport
from cuprum.kit.secret_box import box_for
from cuprum.storage.connection_tables import NEEDS_REAUTHORISATION, OK, REFRESHING
from cuprum.storage.connection_tables import connection as connections
from cuprum.storage.database import Database

API_KEY, OAUTH2 = "api_key", "oauth2"
_NAME = re.compile(r"[\w .@:-]{1,80}")
_API_PATH = "/developer_api/v1"


@dataclass(frozen=True)
class Stored:
    """A connection as it is listed: everything but its secrets; `edition` is another one when those are."""

    id: int
    name: str
    kind: str
    base_url: str
    public: dict[str, Any]
    state: str
    date_created: int
    edition: str


def whole_base_url(given: str | None) -> str:
    """The API's base: Copper's cloud when nothing is given; a bare host is a server whose API is where Copper has it."""
    if not given or not given.strip():
        return COPPER_CLOUD
    url = given.strip().rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Invalid(Problem("base_url", "must be an address such as https://crm.example.org"))
    return url if parts.path else url + _API_PATH


class Connections:
    """The stored connections of an installation."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._database, self._requests_a_minute = database, settings.requests_a_minute
        self._box = box_for(settings.home, settings.secret_key)

    def add_api_key(self, name: str, *, email: str, key: str, base_url: str | None = None, is_guarded: bool = False) -> None:
        """Store (or replace) a connection by API key; raises Invalid naming every blank.

        `is_guarded` for what somebody sets who is not at the machine: then only addresses that the settings let out are called.
        """
        problems = [
            Problem(label, "can't be blank", "blank") for label, given in (("email", email), ("key", key)) if not given.strip()
        ]
        public = {"username": email.strip(), **_guard(is_guarded)}
        self._store(name, API_KEY, base_url, public, {"key": key.strip()}, problems)

    def add_oauth(
        self, name: str, *, app: App, endpoints: Endpoints, token: Token, base_url: str | None = None, is_guarded: bool = False
    ) -> None:
        """Store (or replace) a connection by OAuth 2.0, once its first token is here."""
        public = {
            "client_id": app.client_id,
            "redirect_uri": app.redirect_uri,
            "scope": app.scope,
            "endpoints": asdict(endpoints),
            **_guard(is_guarded),
        }
        self._store(name, OAUTH2, base_url, public, {"client_secret": app.client_secret, "token": asdict(token)}, [])

    def all(self) -> list[Stored]:
        return self._database.read_now(stored_connections)

    def one(self, name: str) -> Stored:
        """Raises NotFound."""
        return _stored(self._row(name))

    def remove(self, name: str) -> None:
        """Forget a connection and its secrets; raises NotFound."""
        row = self._row(name)
        self._database.write_now(lambda db: db.execute(delete(connections).where(connections.c.id == row.id)))

    def mark(self, name: str, state: str) -> None:
        """Note what became of its credentials, and tell the admins; whoever is refreshing them knows better."""
        found = connections.c.name == name, connections.c.state.not_in((REFRESHING, state))
        changed = update(connections).where(*found).values(state=state, date_modified=_now())

        def note(db: Connection) -> None:
            if db.execute(changed).rowcount:
                told_of_state(db, name, state)

        self._database.write_now(note)

    def open(self, name: str, *, attempts: int = 4, lane: Lane = ACTION) -> Copper:
        """A client for it, its token refreshed when it is stale or no longer accepted, also while the client is in use.

        `attempts` is how often a request that failed is tried; whoever waits for itself says 1. `lane` is whose requests
        go first where the server limits them. Raises NotFound, or CopperError when a refresh fails.
        """
        row = self._row(name)
        budget = Budget(self._database, row.id, row.base_url, self._requests_a_minute, lane)
        is_guarded = jsonio.decode(row.public).get("is_guarded")
        wire = guarded_transport(rule_of(self._database.settings)) if is_guarded else httpx2.HTTPTransport()
        transport = Budgeted(wire, budget, row.base_url)
        if row.kind == API_KEY:
            key = jsonio.decode(self._box.open(row.sealed))["key"]
            credentials = ApiKey(jsonio.decode(row.public)["username"], key)
            return Copper(credentials=credentials, base_url=row.base_url, attempts=attempts, transport=transport)

        def renew(refused: str) -> Bearer | None:
            token = fresh_token(self._database, self._box, row.id, refused=refused)
            return None if token.access_token == refused else Bearer(token.access_token)

        token = fresh_token(self._database, self._box, row.id)
        bearer = Bearer(token.access_token)
        return Copper(credentials=bearer, base_url=row.base_url, attempts=attempts, transport=transport, renew=renew)

    def test(self, name: str) -> Tested:
        """Try it and say which step failed, its token's refresh included; the connection's state is noted."""
        row, steps = self._row(name), []
        try:
            copper = self.open(name, attempts=1, lane=USER)
            if row.kind == OAUTH2:
                steps.append({"step": "token", "call": _token_call(row), "ok": True})
            with copper:
                tested = copper.test()
        except CopperError as error:
            at = ("token", _token_call(row)) if row.kind == OAUTH2 else ("account", "GET /account")
            step = {"step": at[0], "call": at[1], "ok": False, **error.as_json()}
            tested = Tested(False, [step])
            steps = []
        if tested.ok or tested.steps[-1].get("status") == 401:
            self.mark(name, OK if tested.ok else NEEDS_REAUTHORISATION)
        return replace(tested, steps=[*steps, *tested.steps])

    def _row(self, name: str) -> Any:
        row = self._database.read_now(lambda db: db.execute(select(connections).where(connections.c.name == name)).first())
        if row is None:
            raise NotFound(f"There is no connection {name}: `cuprum connection list` shows those there are")
        return row

    def _store(
        self, name: str, kind: str, base_url: str | None, public: dict[str, Any], secret: dict[str, Any], problems: list[Problem]
    ) -> None:
        problems += name_problems(name)
        if problems:
            raise Invalid(*problems)
        values = {
            "kind": kind, "base_url": whole_base_url(base_url), "public": jsonio.text(public),
            "sealed": self._box.seal(jsonio.text(secret)), "state": OK, "date_modified": _now(),
        }  # fmt: skip

        def put(db: Connection) -> None:
            if not db.execute(update(connections).where(connections.c.name == name).values(**values)).rowcount:
                db.execute(insert(connections).values(name=name, date_created=_now(), **values))
            told_of_state(db, name, OK)

        self._database.write_now(put)


def stored_connections(connection: Connection) -> list[Stored]:
    """By name."""
    return [_stored(row) for row in connection.execute(select(connections).order_by(connections.c.name))]


def stored_by_id(connection: Connection, connection_id: int) -> Stored:
    """Raises NotFound."""
    row = connection.execute(select(connections).where(connections.c.id == connection_id)).first()
    if row is None:
        raise NotFound
    return _stored(row)


def rule_of(settings: Settings) -> AddressRule:
    """Which addresses may be called on behalf of whoever uses the web face."""
    return AddressRule(allow_http=settings.webhook_allow_http, allow_private=settings.webhook_allow_private)


def _guard(is_guarded: bool) -> dict[str, bool]:
    return {"is_guarded": True} if is_guarded else {}


def name_problems(name: str) -> list[Problem]:
    """What is wrong with a name, before anybody is sent through a browser for it."""
    return [] if _NAME.fullmatch(name) else [Problem("name", "must be 1 to 80 letters, digits, spaces or . _ - : @")]


def _stored(row: Any) -> Stored:
    public, edition = jsonio.decode(row.public), sha256(f"{row.base_url} {row.sealed}".encode()).hexdigest()
    return Stored(row.id, row.name, row.kind, row.base_url, public, row.state, row.date_created, edition)


def needs_reauthorisation(trouble: CopperError) -> bool:
    """Whether the API no longer accepts the credentials: the work is to wait until somebody renews them."""
    return isinstance(trouble, Unauthorized)


def _token_call(row: Any) -> str:
    return f"POST {jsonio.decode(row.public)['endpoints']['token_url']}"


def _now() -> int:
    return int(time.time())
