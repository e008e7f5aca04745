"""Checks Copper's three headers against the keys we know."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Connection, Table, bindparam, func, select, update

from cuprum.auth.actor import Actor
from cuprum.auth.digests import hashed
from cuprum.kit.errors import Unauthenticated
from cuprum.kit.text import fold
from cuprum.storage.account_tables import account, api_key, team, team_member, user
from cuprum.storage.dialect import remembered

_FOUND = (
    select(
        api_key.c.id, api_key.c.hint, user.c.id.label("user_id"), user.c.role, user.c.name, user.c.email, user.c.email_key,
        select(account.c.vocabulary_version).scalar_subquery().label("vocabulary_version"),
        select(func.count()).select_from(team_member).where(team_member.c.user_id == user.c.id).scalar_subquery().label("teams"),
    )
    .join(user, user.c.id == api_key.c.user_id)
    .where(api_key.c.hash == bindparam("hash"), api_key.c.revoked_at.is_(None), user.c.disabled_at.is_(None))
)  # fmt: skip


@dataclass(frozen=True)
class Caller:
    """Somebody with a valid key; `vocabulary_version` is read along, since every request needs it."""

    key_id: int
    actor: Actor
    vocabulary_version: int


def by_api_key(connection: Connection, key: str | None, email: str | None, last_used: LastUsed) -> Caller:
    """Whoever the headers name; raises Unauthenticated."""
    if not key or not email:
        raise Unauthenticated("Unauthorized: the headers X-PW-AccessToken and X-PW-UserEmail are needed")
    known = remembered(connection, "callers")
    caller = known.get((key, email))
    if caller is None:
        caller = known[key, email] = _caller(connection, key, email)
    last_used.note(caller.key_id)
    return caller


def _caller(connection: Connection, key: str, email: str) -> Caller:
    found = connection.execute(_FOUND, {"hash": hashed(key)}).one_or_none()
    if found is None or found.email_key != fold(email):
        raise Unauthenticated
    teams = teams_of(connection, found.user_id) if found.teams else ()
    actor = Actor(found.user_id, found.role, found.name, found.email, teams, via=f"key …{found.hint}")
    return Caller(found.id, actor, found.vocabulary_version)


def teams_of(connection: Connection, user_id: int) -> tuple[int, ...]:
    """The teams that give the user rights: those that were deleted give none."""
    mine = select(team.c.id).join(team_member, team_member.c.team_id == team.c.id)
    mine = mine.where(team_member.c.user_id == user_id, team.c.archived_at.is_(None))
    return tuple(connection.execute(mine.order_by(team.c.id)).scalars())


class LastUsed:
    """When each key (or grant) was used, kept in memory and written now and then: a read must not cost a write."""

    def __init__(self, table: Table = api_key) -> None:
        self._table = table
        self._at: dict[int, int] = {}
        self._lock = Lock()

    def note(self, key_id: int) -> None:
        self._at[key_id] = int(time.time())

    def __bool__(self) -> bool:
        return bool(self._at)

    def flush(self, connection: Connection) -> None:
        """Write what was noted. What is lost when the write fails is noted again at the key's next use."""
        with self._lock:
            noted, self._at = self._at, {}
        for key_id, at in noted.items():
            connection.execute(update(self._table).where(self._table.c.id == key_id).values(last_used_at=at))
