"""Who is signed in at a browser: sessions, of which only the digest is stored."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from cuprum.auth.actor import Actor, Role
from cuprum.auth.api_keys import teams_of
from cuprum.auth.digests import derived, hashed, masked, new_secret, same, unmasked
from cuprum.storage.account_tables import user
from cuprum.storage.oauth_tables import session

LASTS_SECONDS = 30 * 24 * 3600
IDLE_SECONDS = 7 * 24 * 3600
# How old `last_seen_at` may become: a page must not cost a write each time.
NOTED_EACH_SECONDS = 3600
HANDLE_LENGTH = 16


@dataclass(frozen=True)
class SignedIn:
    user_id: int
    name: str
    email: str
    role: Role
    last_seen_at: int

    @property
    def is_stale(self) -> bool:
        return self.last_seen_at < time.time() - NOTED_EACH_SECONDS


def signed_in(connection: Connection, secret: str) -> SignedIn | None:
    """Whose session this is; None for one that is unknown, over, or of somebody who may no longer come in."""
    now = int(time.time())
    row = connection.execute(_LIVING, {"hash": hashed(secret), "now": now, "used_since": now - IDLE_SECONDS}).one_or_none()
    return SignedIn(*row) if row else None


# Built once: every page and every open tab asks.
_LIVING = (
    select(user.c.id, user.c.name, user.c.email, user.c.role, session.c.last_seen_at)
    .join(user, user.c.id == session.c.user_id)
    .where(session.c.hash == bindparam("hash"), session.c.expires_at > bindparam("now"))
    .where(session.c.last_seen_at > bindparam("used_since"), user.c.disabled_at.is_(None))
)


def actor_of(connection: Connection, who: SignedIn) -> Actor:
    return Actor(who.user_id, who.role, who.name, who.email, teams_of(connection, who.user_id), face="web")


def note_seen(connection: Connection, secret: str) -> None:
    connection.execute(update(session).where(session.c.hash == hashed(secret)).values(last_seen_at=int(time.time())))


def begin_session(connection: Connection, user_id: int, former: str, browser: str = "", address: str = "") -> str:
    """A new session and its secret. What the browser held before ends: nobody can have planted the new one.

    `browser` is what it calls itself, `address` where it is: by them its user tells this session from others.
    """
    end_session(connection, former)
    secret, now = new_secret(), int(time.time())
    row = {"hash": hashed(secret), "user_id": user_id, "date_created": now, "last_seen_at": now}
    row |= {"browser": _plain(browser, 300), "address": _plain(address, 64)}
    connection.execute(insert(session), row | {"expires_at": now + LASTS_SECONDS})
    return secret


def _plain(text: str, longest: int) -> str:
    return "".join(one for one in text[:longest] if one.isprintable() and one.isascii())


def sessions_of(connection: Connection, user_id: int) -> Sequence[Row[Any]]:
    """Where a user is signed in, the last used first; `handle` names a session and opens nothing."""
    now = int(time.time())
    living = session.c.expires_at > now, session.c.last_seen_at > now - IDLE_SECONDS
    handle = func.substr(session.c.hash, 1, HANDLE_LENGTH).label("handle")
    found = select(session, handle).where(session.c.user_id == user_id, *living)
    return connection.execute(found.order_by(session.c.last_seen_at.desc(), session.c.hash)).all()


def handle_of(secret: str) -> str:
    return hashed(secret)[:HANDLE_LENGTH]


def end_session_named(connection: Connection, user_id: int, handle: str) -> bool:
    """End one of a user's sessions; False where they have none of that name."""
    named = func.substr(session.c.hash, 1, HANDLE_LENGTH) == handle
    return bool(connection.execute(delete(session).where(session.c.user_id == user_id, named)).rowcount)


def end_sessions(connection: Connection, user_id: int, *, but: str = "") -> None:
    """End all of a user's sessions, but for the one of a secret."""
    connection.execute(delete(session).where(session.c.user_id == user_id, session.c.hash != hashed(but)))


def end_session(connection: Connection, secret: str) -> None:
    connection.execute(delete(session).where(session.c.hash == hashed(secret)))


def form_token(secret: str) -> str:
    """What a form carries to show that a page of ours made it, for this very browser.

    Another one for each page, so that nobody learns it from the lengths of pages that were compressed.
    """
    return masked(derived(secret, "form"))


def is_form_token(secret: str, given: str) -> bool:
    return bool(secret) and same(derived(secret, "form"), unmasked(given))
