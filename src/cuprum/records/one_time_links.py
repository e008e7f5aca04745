"""Links that let somebody in once: an invitation makes a user, the other kind gives one who is there a new password.

Only the digest of a link is stored: whoever reads the database can use none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select, update

from cuprum.auth.digests import hashed, new_secret
from cuprum.auth.may import may
from cuprum.events.log import Group
from cuprum.kit.errors import Gone, Invalid, NotFound, Problem
from cuprum.kit.text import fold
from cuprum.records.people_of_account import add_user, set_password, user_problems
from cuprum.records.user_changes import existing, only_owners_touch_owners, role_problems
from cuprum.records.work import Work
from cuprum.storage.account_tables import user
from cuprum.storage.dialect import locked
from cuprum.storage.oauth_tables import one_time_link as links
from cuprum.storage.rows import inserted_id

INVITATION, PASSWORD = "invitation", "password"
LASTS_SECONDS = {INVITATION: 7 * 24 * 3600, PASSWORD: 24 * 3600}


def invite(work: Work, *, email: str, role: str) -> str:
    """The secret of a link by which somebody becomes a user; an earlier one to the same address ends. Raises Invalid."""
    may(work.actor, "manage", "users")
    only_owners_touch_owners(work, role)
    problems = [*role_problems(role), *(one for one in user_problems(email, "somebody") if one.attribute == "email")]
    if not problems and work.execute(select(user.c.id).where(user.c.email_key == fold(email))).first():
        problems.append(Problem("email", "is a user already", "taken"))
    if problems:
        raise Invalid(*problems)
    for one in pending(work):
        if fold(one.email) == fold(email):
            revoke_link(work, one.id)
    return _make(work, INVITATION, email=email.strip(), role=role, user_id=None)


def password_link(work: Work, user_id: int) -> str:
    """The secret of a link by which a user sets a new password; an earlier one ends."""
    may(work.actor, "manage", "users")
    found = existing(work, user_id)
    only_owners_touch_owners(work, found["role"])
    if found["disabled_at"] is not None:
        raise NotFound(f"{found['name']} is deactivated: let them in again first")
    of_them = select(links.c.id).where(links.c.kind == PASSWORD, links.c.user_id == user_id, *_open())
    for link_id in work.execute(of_them).scalars().all():
        revoke_link(work, link_id)
    return _make(work, PASSWORD, email=found["email"], role=None, user_id=user_id)


def _make(work: Work, kind: str, *, email: str, role: str | None, user_id: int | None) -> str:
    secret = new_secret()
    told = {"kind": kind, "email": email, "role": role, "user_id": user_id}
    row = {**told, "made_by": work.actor.user_id, "date_created": work.now, "expires_at": work.now + LASTS_SECONDS[kind]}
    link_id = inserted_id(work.connection, links, {**row, "hash": hashed(secret)})
    work.group.record("one_time_link", link_id, "new", {}, told)
    return secret


def pending(work: Work) -> Sequence[Row[Any]]:
    """The invitations that nobody took or revoked, the newest first; over are those with `expires_at` in the past."""
    found = select(links).where(links.c.kind == INVITATION, *_open()).order_by(links.c.id.desc())
    return work.connection.execute(found).all()


def revoke_link(work: Work, link_id: int) -> None:
    """End a link before it is used; raises NotFound."""
    may(work.actor, "manage", "users")
    found = work.execute(select(links).where(links.c.id == link_id, *_open())).one_or_none()
    if found is None:
        raise NotFound("There is no such link, or it was used or revoked already")
    only_owners_touch_owners(work, found.role)
    work.execute(update(links).where(links.c.id == link_id).values(revoked_at=work.now))
    work.group.record("one_time_link", link_id, "update", {"revoked_at": None}, {"revoked_at": work.now})


def _open() -> tuple[Any, ...]:
    return links.c.used_at.is_(None), links.c.revoked_at.is_(None)


def link_of(connection: Connection, secret: str, kind: str, now: int, *, lock: bool = False) -> Row[Any]:
    """The link that a secret opens; raises Gone with what became of it, in words for whoever holds it."""
    statement = select(links).where(links.c.hash == hashed(secret), links.c.kind == kind)
    found = connection.execute(locked(connection, statement) if lock else statement).one_or_none()
    if found is None:
        raise Gone("This link is not whole, or not one of ours. Copy all of it, or ask for a new one.")
    if found.used_at is not None:
        raise Gone("This link was used already: it works once. If it was you, sign in; else ask for a new one.")
    if found.revoked_at is not None:
        raise Gone("This link was taken back, or a newer one was made. Ask whoever sent it for a new one.")
    if found.expires_at <= now:
        raise Gone("This link is too old. Ask whoever sent it for a new one.")
    return found


def take_invitation(connection: Connection, secret: str, *, name: str, password_hash: str, group: Group) -> int:
    """Become a user by an invitation and return the id; raises Gone, Invalid."""
    found = link_of(connection, secret, INVITATION, group.at, lock=True)
    user_id = add_user(
        connection, email=found.email, name=name, role=found.role, password_hash=password_hash, group=group
    )  # fmt: skip
    _spend(connection, found.id, group, user_id)
    return user_id


def take_password_link(connection: Connection, secret: str, *, password_hash: str, group: Group) -> int:
    """Set the password of the link's user and end their sessions; returns the id. Raises Gone, NotFound."""
    found = link_of(connection, secret, PASSWORD, group.at, lock=True)
    set_password(connection, email=found.email, password_hash=password_hash, group=group)
    _spend(connection, found.id, group, found.user_id)
    return int(found.user_id)


def _spend(connection: Connection, link_id: int, group: Group, user_id: int) -> None:
    connection.execute(update(links).where(links.c.id == link_id).values(used_at=group.at, user_id=user_id))
    group.record("one_time_link", link_id, "update", {"used_at": None}, {"used_at": group.at})
