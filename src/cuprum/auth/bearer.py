"""Checks `Authorization: Bearer` against the tokens that apps were given, and what each was given for."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from cuprum.auth.actor import Actor
from cuprum.auth.api_keys import Caller, LastUsed, teams_of
from cuprum.auth.digests import hashed
from cuprum.auth.scopes import missing
from cuprum.kit.errors import TooNarrow, Unauthenticated
from cuprum.storage.account_tables import account, user
from cuprum.storage.dialect import remembered
from cuprum.storage.oauth_tables import oauth_app, oauth_grant, oauth_token

_FOUND = (
    select(
        oauth_grant.c.id, oauth_token.c.scope, oauth_token.c.expires_at, oauth_app.c.name.label("app"),
        user.c.id.label("user_id"), user.c.role, user.c.name, user.c.email,
        select(account.c.vocabulary_version).scalar_subquery().label("vocabulary_version"),
    )
    .join(oauth_grant, oauth_grant.c.id == oauth_token.c.grant_id)
    .join(oauth_app, oauth_app.c.id == oauth_grant.c.app_id)
    .join(user, user.c.id == oauth_grant.c.user_id)
    .where(
        oauth_token.c.hash == bindparam("hash"), oauth_token.c.kind == "access", oauth_token.c.spent_at.is_(None),
        oauth_grant.c.revoked_at.is_(None), oauth_app.c.removed_at.is_(None), user.c.disabled_at.is_(None),
    )
)  # fmt: skip


@dataclass(frozen=True)
class AppCaller(Caller):
    """An app that acts for somebody; `key_id` is the id of the grant."""

    app: str
    scopes: tuple[str, ...]
    expires_at: int | None


def bearer_token(header: str | None) -> str | None:
    """The token of an `Authorization` header; None where there is none, or one of another scheme."""
    scheme, _, token = (header or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def by_bearer(connection: Connection, token: str, last_used: LastUsed) -> AppCaller:
    """Whoever granted the token, by the app that holds it; raises Unauthenticated."""
    known = remembered(connection, "callers")
    caller = known.get(token) or _caller(connection, token)
    if caller is None or (caller.expires_at is not None and caller.expires_at <= time.time()):
        raise Unauthenticated("Unauthorized: the access token is unknown, expired or revoked", 'Bearer error="invalid_token"')
    known[token] = caller
    last_used.note(caller.key_id)
    return caller


def _caller(connection: Connection, token: str) -> AppCaller | None:
    found = connection.execute(_FOUND, {"hash": hashed(token)}).one_or_none()
    if found is None:
        return None
    teams = teams_of(connection, found.user_id)
    actor = Actor(found.user_id, found.role, found.name, found.email, teams, via=f"app {found.app}")
    scopes = tuple(found.scope.split())
    return AppCaller(found.id, actor, found.vocabulary_version, found.app, scopes, found.expires_at)


def refuse_too_narrow(caller: AppCaller, path: str, *, writing: bool) -> None:
    """Raises TooNarrow, naming the scopes that the app would need."""
    lacking = missing(caller.scopes, path, writing=writing)
    if lacking:
        named = " ".join(lacking)
        raise TooNarrow(
            f"{caller.app} was not allowed to do this: it needs {named}. Ask for that scope and be granted it.", named
        )
