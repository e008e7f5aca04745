"""Grants, codes and tokens as they are stored: made, found, spent, revoked."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from cuprum.auth.digests import hashed
from cuprum.auth.oauth.client import Client
from cuprum.auth.oauth.revoking import revoke_grant
from cuprum.events.log import Group
from cuprum.storage.account_tables import user
from cuprum.storage.dialect import locked
from cuprum.storage.oauth_tables import oauth_app, oauth_code, oauth_grant, oauth_token
from cuprum.storage.rows import inserted_id

CODE_SECONDS = 300
ACCESS_SECONDS = 3600
# A refresh token that nobody uses for so long is no use to anybody but a thief.
REFRESH_SECONDS = 90 * 24 * 3600


@dataclass(frozen=True)
class StoredCode:
    """An authorisation code; `challenge` is the S256 of PKCE."""

    grant_id: int
    user_id: int
    scope: str
    redirect_uri: str
    named_redirect: bool
    code_challenge: str | None
    code_challenge_method = "S256"

    def get_redirect_uri(self) -> str:
        return self.redirect_uri if self.named_redirect else ""

    def get_scope(self) -> str:
        return self.scope


@dataclass(frozen=True)
class StoredToken:
    hash: str
    grant_id: int
    app_id: int
    client_id: str
    user_id: int
    kind: str
    scope: str
    granted_scope: str
    issued_at: int
    expires_at: int | None
    is_over: bool

    def check_client(self, client: Client) -> bool:
        return client.id == self.app_id

    def get_scope(self) -> str:
        return self.granted_scope if self.kind == "refresh" else self.scope

    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= time.time()

    def is_revoked(self) -> bool:
        return self.is_over


def grant(connection: Connection, client: Client, user_id: int, scope: str) -> int:
    """Note that a user allowed an app these scopes; returns the id of the grant."""
    values = {"app_id": client.id, "user_id": user_id, "scope": scope}
    grant_id = inserted_id(connection, oauth_grant, {**values, "date_created": int(time.time())})
    group = Group(connection, user_id, "web", None, f"{client.name} was allowed to act for a user")
    group.record("oauth_grant", grant_id, "new", {}, values)
    return grant_id


def store_code(
    connection: Connection, code: str, grant_id: int, redirect_uri: str, *, named: bool, challenge: str | None
) -> None:
    row = {"hash": hashed(code), "grant_id": grant_id, "redirect_uri": redirect_uri, "named_redirect": named}
    connection.execute(insert(oauth_code), row | {"challenge": challenge, "expires_at": int(time.time()) + CODE_SECONDS})


def take_code(connection: Connection, code: str, client: Client) -> StoredCode | None:
    """A code that this app may exchange; one that was exchanged before is stolen goods, and ends its grant."""
    found = select(oauth_code, oauth_grant.c.user_id, oauth_grant.c.scope, oauth_grant.c.revoked_at)
    found = found.join(oauth_grant, oauth_grant.c.id == oauth_code.c.grant_id)
    row = _row(connection, found.where(oauth_code.c.hash == hashed(code), oauth_grant.c.app_id == client.id))
    if row is None:
        return None
    if row.used_at is not None:
        revoke_grant(connection, row.grant_id, _alarm(connection, client, "authorisation code"))
    if row.used_at is not None or row.revoked_at is not None or row.expires_at <= time.time():
        return None
    return StoredCode(row.grant_id, row.user_id, row.scope, row.redirect_uri, row.named_redirect, row.challenge)


def spend_code(connection: Connection, code: str) -> None:
    connection.execute(update(oauth_code).where(oauth_code.c.hash == hashed(code)).values(used_at=int(time.time())))


def store_token(connection: Connection, token: str, kind: str, grant_id: int, scope: str, lasts_seconds: int | None) -> None:
    now = int(time.time())
    row = {"hash": hashed(token), "grant_id": grant_id, "kind": kind, "scope": scope, "issued_at": now}
    connection.execute(insert(oauth_token), row | {"expires_at": now + lasts_seconds if lasts_seconds else None})


def find_token(connection: Connection, token: str) -> StoredToken | None:
    """A token of either kind, living or over; its row is locked until the commit."""
    found = select(
        oauth_token, oauth_grant.c.app_id, oauth_app.c.client_id, oauth_grant.c.user_id, oauth_grant.c.scope.label("granted"),
        oauth_grant.c.revoked_at,
    )  # fmt: skip
    found = found.join(oauth_grant, oauth_grant.c.id == oauth_token.c.grant_id)
    found = found.join(oauth_app, oauth_app.c.id == oauth_grant.c.app_id)
    row = _row(connection, found.where(oauth_token.c.hash == hashed(token)))
    if row is None:
        return None
    is_over = row.spent_at is not None or row.revoked_at is not None
    return StoredToken(
        row.hash, row.grant_id, row.app_id, row.client_id, row.user_id, row.kind, row.scope, row.granted, row.issued_at,
        row.expires_at, is_over,
    )  # fmt: skip


def take_refresh_token(connection: Connection, token: str, client: Client) -> StoredToken | None:
    """A refresh token that this app may exchange; one that was exchanged before is stolen goods, and ends its grant."""
    found = find_token(connection, token)
    if found is None or found.kind != "refresh" or not found.check_client(client):
        return None
    if found.is_over:
        revoke_grant(connection, found.grant_id, _alarm(connection, client, "refresh token"))
    return None if found.is_over or found.is_expired() else found


def spend_token(connection: Connection, digest: str) -> None:
    connection.execute(update(oauth_token).where(oauth_token.c.hash == digest).values(spent_at=int(time.time())))


def active_user(connection: Connection, user_id: int) -> Any | None:
    return connection.execute(select(user).where(user.c.id == user_id, user.c.disabled_at.is_(None))).one_or_none()


def _row(connection: Connection, statement: Select[Any]) -> Any | None:
    # Of two requests with one code the second waits, and then sees that it was used.
    return connection.execute(locked(connection, statement)).one_or_none()


def _alarm(connection: Connection, client: Client, what: str) -> Group:
    return Group(connection, None, "api", f"app {client.name}", f"A used {what} came again: the grant was revoked")
