"""Work that is too long for one transaction: how far it has come is stored with each part of it.

Whoever begins it goes on by themselves, part after part. If their process dies in between, a running server finds the row
and goes on in their stead, so that nothing is left half done unnoticed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from cuprum.auth.actor import Actor
from cuprum.auth.api_keys import teams_of
from cuprum.config import Settings
from cuprum.events.log import Group, Listener
from cuprum.kit import jsonio
from cuprum.records.vocabulary import read_vocabulary
from cuprum.records.work import Work
from cuprum.storage.account_tables import user
from cuprum.storage.dialect import insert, locked
from cuprum.storage.event_tables import change_group, unfinished

# Whoever is at work stores a part several times a second: what nobody touched for so long was left.
LEFT_AFTER_SECONDS = 30


def progress_of(connection: Connection, kind: str, about: str) -> dict[str, Any] | None:
    """How far it has come, locked until the commit: parts of the same work wait for one another."""
    found = locked(connection, select(unfinished.c.progress).where(unfinished.c.kind == kind, unfinished.c.about == about))
    stored = connection.execute(found).scalar()
    return None if stored is None else jsonio.decode(stored)


def told_of(connection: Connection, kind: str, about: str, actor: int) -> dict[str, Any] | None:
    """How far what somebody began has come, for them to look at."""
    found = select(unfinished.c.progress).where(
        unfinished.c.kind == kind, unfinished.c.about == about, unfinished.c.actor == actor
    )
    stored = connection.execute(found).scalar()
    return None if stored is None else jsonio.decode(stored)


def note_progress(connection: Connection, kind: str, about: str, progress: dict[str, Any], at: int, actor: int | None) -> None:
    """Store how far it has come, in the transaction of the part that brought it there."""
    row = {"progress": progress, "at": at}
    noted = insert(connection, unfinished).values(kind=kind, about=about, actor=actor, **row)
    connection.execute(noted.on_conflict_do_update(index_elements=[unfinished.c.kind, unfinished.c.about], set_=row))


def go_on_in(work: Work, group_id: str, label: str) -> bool:
    """Let the changes of this part belong to the group of the parts before; False where somebody has undone it meanwhile."""
    known = work.execute(select(change_group.c.undone_by).where(change_group.c.id == group_id)).one_or_none()
    work.group.id, work.group.is_stored, work.group.label = group_id, known is not None, label
    return known is None or known.undone_by is None


def forget(connection: Connection, kind: str, about: str) -> None:
    connection.execute(delete(unfinished).where(unfinished.c.kind == kind, unfinished.c.about == about))


def left(connection: Connection, before: int) -> Sequence[Row[str, str, int | None]]:
    """`kind`, `about` and `actor` of what nobody touched since a moment."""
    found = select(unfinished.c.kind, unfinished.c.about, unfinished.c.actor).where(unfinished.c.at <= before)
    return connection.execute(found.order_by(unfinished.c.at)).all()


def work_left_by(connection: Connection, actor_id: int | None, settings: Settings, listeners: tuple[Listener, ...]) -> Work:
    """Work on behalf of whoever began it, with the rights that they have; None is somebody with a shell here."""
    actor = Actor(0, "owner", "the command line", "", face="cli")
    if actor_id is not None:
        row = connection.execute(select(user).where(user.c.id == actor_id)).one()
        actor = Actor(row.id, row.role, row.name, row.email, teams_of(connection, row.id))
    group = Group(connection, actor_id, actor.face, None, "", listeners)
    return Work(connection, actor, read_vocabulary(connection), settings, group, group.at)
