"""What people are told: a notification for whatever concerns them, once, until they have read it.

A further kind is its word in `KINDS` and a call of `tell` where it happens, in the same transaction; what is about a record has
its sentence in `inbox_words.py`, other things bring their words, as imports do. `events/notifying.py` tells other programs; this
tells the users of the account.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, func, or_, select, update

from cuprum.auth.actor import Actor
from cuprum.entities import ENTITIES
from cuprum.records.draft import Draft
from cuprum.records.visible import visible
from cuprum.records.work import Work
from cuprum.storage.dialect import insert
from cuprum.storage.inbox_tables import notification
from cuprum.storage.tables import TABLES

MENTION, ASSIGNED, REMINDER, IMPORTED, RUN, CONNECTION = KINDS = (
    "mention", "assigned", "reminder", "import", "run", "connection",
)  # fmt: skip
# Nobody reads further, and counting ends there.
MOST_COUNTED = 100
READ_KEPT_SECONDS = 90 * 24 * 3600


def tell(
    connection: Connection,
    kind: str,
    key: str,
    user_id: int,
    *,
    at: int,
    actor_id: int | None = None,
    about: tuple[str, int] | None = None,
    words: str | None = None,
    path: str | None = None,
    counts: bool = False,
) -> bool:
    """Tell a user, unless `key` was told before; what `counts` is then told as one more of the same.

    It is `about` a record, which decides who still sees it, or else says its `words` and leads to a `path` of the web face.
    """
    entity, record_id = about or (None, None)
    row = {"kind": kind, "key": f"{kind} {key}", "user_id": user_id, "at": at, "actor_id": actor_id, "entity": entity}
    told = insert(connection, notification).values(**row, record_id=record_id, words=words, path=path)
    if counts:
        once_more = told.on_conflict_do_update(
            index_elements=[notification.c.key], set_={"how_many": notification.c.how_many + 1}
        )
        connection.execute(once_more)
        return True
    return connection.execute(told.on_conflict_do_nothing(index_elements=[notification.c.key])).rowcount > 0


def tell_more(
    connection: Connection,
    kind: str,
    stem: str,
    key: str,
    user_id: int,
    *,
    at: int,
    words: str,
    path: str,
    path_of_several: str | None = None,
) -> None:
    """Tell a user what may happen often, of `stem` each time: as long as they have not read of it, once more is counted with
    what they were told, which then leads to the `path_of_several`."""
    counted = update(notification).where(*_unread_of(kind, stem, user_id))
    further = {"how_many": notification.c.how_many + 1, "path": path_of_several or path}
    if not connection.execute(counted.values(**further)).rowcount:
        tell(connection, kind, f"{stem} {key}", user_id, at=at, words=words, path=path)


def not_needed(connection: Connection, kind: str, stem: str, user_id: int) -> None:
    """What was told so and not read yet need not be read any more."""
    connection.execute(delete(notification).where(*_unread_of(kind, stem, user_id)))


def _unread_of(kind: str, stem: str, user_id: int) -> tuple[ColumnElement[bool], ...]:
    start = f"{kind} {stem} "
    same = notification.c.key >= start, notification.c.key < start + "\x7f"
    return notification.c.user_id == user_id, notification.c.read_at.is_(None), *same


def tell_assignee(draft: Draft, record_id: int) -> None:
    """Tell whoever becomes the owner of a record by somebody else's hand; of many in one group once, with how many."""
    work, assignee = draft.work, draft.values.get("assignee_id")
    if assignee in (None, work.actor.user_id) or not draft.changes("assignee_id") or not is_active(work, assignee):
        return
    entity = draft.record.entity
    tell(
        work.connection, ASSIGNED, f"{work.group.id} {entity} {assignee}", assignee,
        at=work.now, actor_id=work.actor.user_id or None, about=(entity, record_id), counts=True,
    )  # fmt: skip


def is_active(work: Work, user_id: int) -> bool:
    user = work.vocabulary.words["user"].get(user_id)
    return user is not None and user["disabled_at"] is None


def take_back(work: Work, group_id: str) -> None:
    """What a group told of that is undone need not be read any more. What it said in words is gone by itself."""
    start = f"{ASSIGNED} {group_id} "
    work.execute(delete(notification).where(notification.c.key >= start, notification.c.key < start + "\x7f"))


def unread(work: Work) -> int:
    """How many the actor has not read, `MOST_COUNTED` for more than can be counted at a glance."""
    mine = notification.c.user_id == work.actor.user_id, notification.c.read_at.is_(None)
    some = select(notification.c.id).where(*mine, _still_seen(work.actor)).limit(MOST_COUNTED)
    return work.execute(select(func.count()).select_from(some.subquery())).scalar_one()


def inbox(work: Work, *, limit: int, before: int | None = None, only_unread: bool = False) -> list[Row[Any]]:
    """The actor's notifications, the newest first, of what they still may see."""
    found = _mine(work)
    if before is not None:
        found = found.where(notification.c.id < before)
    if only_unread:
        found = found.where(notification.c.read_at.is_(None))
    return list(work.execute(found.order_by(notification.c.id.desc()).limit(limit)))


def unread_first(work: Work, *, limit: int, after: tuple[bool, int] | None = None) -> list[Row[Any]]:
    """The same with what is unread in front; `after` is whether the last one shown was read, and its id."""
    found, is_read = _mine(work), notification.c.read_at.is_not(None)
    if after is not None:
        was_read, last = after
        older = notification.c.id < last
        found = found.where(and_(is_read, older) if was_read else or_(is_read, older))
    return list(work.execute(found.order_by(is_read, notification.c.id.desc()).limit(limit)))


def one_of(work: Work, notification_id: int) -> Row[Any] | None:
    return work.execute(_mine(work).where(notification.c.id == notification_id)).one_or_none()


def mark_read(work: Work, ids: Iterable[int]) -> int:
    """Note that the actor read these; those of others are left alone. How many were unread."""
    return _read(work, notification.c.id.in_(list(ids)))


def mark_all_read(work: Work, up_to: int) -> int:
    """Note that the actor read all up to this one: what came since was not on the page."""
    return _read(work, notification.c.id <= up_to)


def forget_read(connection: Connection, now: int) -> int:
    """Delete what was read long ago."""
    return connection.execute(delete(notification).where(notification.c.read_at < now - READ_KEPT_SECONDS)).rowcount


def _read(work: Work, which: ColumnElement[bool]) -> int:
    mine = notification.c.user_id == work.actor.user_id, notification.c.read_at.is_(None)
    return work.execute(update(notification).where(*mine, which).values(read_at=work.now)).rowcount


def _mine(work: Work) -> Any:
    return select(notification).where(notification.c.user_id == work.actor.user_id, _still_seen(work.actor))


@lru_cache(maxsize=1_000)
def _still_seen(actor: Actor) -> ColumnElement[bool]:
    """True for what is about no record, or about a living one that the actor may see today."""
    branches = []
    for entity in ENTITIES:
        records = TABLES[entity].alias()
        seen = select(records.c.id).where(records.c.id == notification.c.record_id, visible(actor, entity, records))
        branches.append(and_(notification.c.entity == entity, exists(seen)))
    return or_(notification.c.entity.is_(None), *branches)
