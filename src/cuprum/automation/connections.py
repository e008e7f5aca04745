"""Connections: named, stored with their secrets sealed, opened as clients of the connector."""

from __future__ import annotations

import re
import time
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import httpx2
from sqlalchemy import Connection, delete, insert, select, update

from cuprum.automation.budget import ACTION, Budget, Budgeted, Lane
from cuprum.config import Settings
from cuprum.connector import COPPER_CLOUD, ApiKey, Bearer, Copper
from cuprum.connector.credentials import Credentials
from cuprum.connector.errors import CopperError, Unauthorized
from cuprum.connector.oauth import App, Endpoints, Token, oauth_client
from cuprum.kit import jsonio
from cuprum.kit.errors import Invalid, NotFound, Problem
from cuprum.kit.secret_box import box_for
from cuprum.storage.connection_tables import connection as connections
from cuprum.storage.database import Database

API_KEY, OAUTH2 = "api_key", "oauth2"
OK, NEEDS_REAUTHORISATION = "ok", "needs_reauth"
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

    def add_api_key(self, name: str, *, email: str, key: str, base_url: str | None = None) -> None:
        """Store (or replace) a connection by API key; raises Invalid naming every blank."""
        problems = [
            Problem(label, "can't be blank", "blank") for label, given in (("email", email), ("key", key)) if not given.strip()
        ]
        self._store(name, API_KEY, base_url, {"username": email.strip()}, {"key": key.strip()}, problems)

    def add_oauth(self, name: str, *, app: App, endpoints: Endpoints, token: Token, base_url: str | None = None) -> None:
        """Store (or replace) a connection by OAuth 2.0, once its first token is here."""
        public = {
            "client_id": app.client_id,
            "redirect_uri": app.redirect_uri,
            "scope": app.scope,
            "endpoints": asdict(endpoints),
        }
        self._store(name, OAUTH2, base_url, public, {"client_secret": app.client_secret, "token": asdict(token)}, [])

    def all(self) -> list[Stored]:
        rows = self._database.read_now(lambda db: list(db.execute(select(connections).order_by(connections.c.name))))
        return [_stored(row) for row in rows]

    def one(self, name: str) -> Stored:
        """Raises NotFound."""
        return _stored(self._row(name))

    def remove(self, name: str) -> None:
        """Forget a connection and its secrets; raises NotFound."""
        row = self._row(name)
        self._database.write_now(lambda db: db.execute(delete(connections).where(connections.c.id == row.id)))

    def mark(self, name: str, state: str) -> None:
        self._database.write_now(
            lambda db: db.execute(update(connections).where(connections.c.name == name).values(state=state, date_modified=_now()))
        )

    def open(self, name: str, *, attempts: int = 4, lane: Lane = ACTION) -> Copper:
        """A client for it, its token refreshed if it is stale; raises NotFound, or CopperError when a refresh fails.

        `attempts` is how often a request that failed is tried; whoever waits for itself says 1. `lane` is whose requests
        go first where the server limits them.
        """
        row = self._row(name)
        secret = jsonio.decode(self._box.open(row.sealed))
        credentials: Credentials
        if row.kind == API_KEY:
            credentials = ApiKey(jsonio.decode(row.public)["username"], secret["key"])
        else:
            credentials = Bearer(self._token(row, secret).access_token)
        budget = Budget(self._database, row.id, row.base_url, self._requests_a_minute, lane)
        transport = Budgeted(httpx2.HTTPTransport(), budget, row.base_url)
        return Copper(credentials=credentials, base_url=row.base_url, attempts=attempts, transport=transport)

    def _token(self, row: Any, secret: dict[str, Any]) -> Token:
        token = Token(**secret["token"])
        if not token.is_stale(time.time()) or token.refresh_token is None:
            return token
        public = jsonio.decode(row.public)
        app = App(public["client_id"], secret["client_secret"], public["redirect_uri"], public["scope"])
        try:
            fresh = oauth_client().refreshed(app, Endpoints(**public["endpoints"]), token)
        except Unauthorized:
            self.mark(row.name, NEEDS_REAUTHORISATION)
            raise
        sealed = self._box.seal(jsonio.text({**secret, "token": asdict(fresh)}))
        self._database.write_now(
            lambda db: db.execute(
                update(connections).where(connections.c.id == row.id).values(sealed=sealed, state=OK, date_modified=_now())
            )
        )
        return fresh

    def _row(self, name: str) -> Any:
        row = self._database.read_now(lambda db: db.execute(select(connections).where(connections.c.name == name)).first())
        if row is None:
            raise NotFound(f"There is no connection {name}: `cuprum connection list` shows those there are")
        return row

    def _store(
        self, name: str, kind: str, base_url: str | None, public: dict[str, Any], secret: dict[str, Any], problems: list[Problem]
    ) -> None:
        if not _NAME.fullmatch(name):
            problems.append(Problem("name", "must be 1 to 80 letters, digits, spaces or . _ - : @"))
        if problems:
            raise Invalid(*problems)
        values = {
            "kind": kind, "base_url": whole_base_url(base_url), "public": jsonio.text(public),
            "sealed": self._box.seal(jsonio.text(secret)), "state": OK, "date_modified": _now(),
        }  # fmt: skip

        def put(db: Connection) -> None:
            if not db.execute(update(connections).where(connections.c.name == name).values(**values)).rowcount:
                db.execute(insert(connections).values(name=name, date_created=_now(), **values))

        self._database.write_now(put)


def _stored(row: Any) -> Stored:
    public, edition = jsonio.decode(row.public), sha256(f"{row.base_url} {row.sealed}".encode()).hexdigest()
    return Stored(row.id, row.name, row.kind, row.base_url, public, row.state, row.date_created, edition)


def needs_reauthorisation(trouble: CopperError) -> bool:
    """Whether the API no longer accepts the credentials: the work is to wait until somebody renews them."""
    return isinstance(trouble, Unauthorized)


def _now() -> int:
    return int(time.time())
