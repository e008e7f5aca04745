"""What lies in the trash: for admins all of it, for others what is theirs to restore."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, true, union_all

from cuprum.entities import ENTITIES
from cuprum.records.conflict import who
from cuprum.records.visible import visible_even_in_trash
from cuprum.records.work import Work
from cuprum.storage.event_tables import change, change_group
from cuprum.storage.tables import TABLES

# A note or a call comes back with what it was logged on.
KINDS = tuple(entity for entity in ENTITIES if entity != "activity")


@dataclass(frozen=True)
class Deleted:
    entity: str
    id: int
    name: str
    at: int
    by: str | None


@dataclass(frozen=True)
class Trash:
    items: list[Deleted]
    total: int


def trash(work: Work, *, entity: str | None = None, page: int = 1, size: int = 50) -> Trash:
    """A page of the trash, what was deleted last first; of one entity where one is named."""
    every = union_all(*(_of(work, one) for one in KINDS if entity in (None, one))).subquery()
    total = work.execute(select(func.count()).select_from(every)).scalar_one()
    ordered = select(every).order_by(every.c.deleted_at.desc(), every.c.entity, every.c.id.desc())
    rows = work.execute(ordered.limit(size).offset((page - 1) * size)).all()
    by = _deleted_by(work, [(row.entity, row.id) for row in rows])
    return Trash(
        [Deleted(row.entity, row.id, row.name or "", row.deleted_at, by.get((row.entity, row.id))) for row in rows], total
    )


def _of(work: Work, entity: str) -> Select[Any]:
    records = TABLES[entity]
    columns = literal(entity).label("entity"), records.c.id, records.c.name, records.c.deleted_at
    is_deleted = records.c.deleted_at.is_not(None)
    return select(*columns).where(is_deleted, visible_even_in_trash(work.actor, entity), _is_theirs(work, records))


def _is_theirs(work: Work, records: Any) -> ColumnElement[bool]:
    """As `auth/may.py` says who may delete, and so restore."""
    if work.actor.is_admin:
        return true()
    me = work.actor.user_id
    return or_(records.c.assignee_id.is_(None), records.c.assignee_id == me, records.c.created_by == me)


def _deleted_by(work: Work, ends: list[tuple[str, int]]) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for entity in {entity for entity, _ in ends}:
        last = (
            select(change.c.record_id, change_group.c.actor)
            .join_from(change, change_group, change_group.c.id == change.c.group_id)
            .where(change.c.entity == entity, change.c.record_id.in_([at for kind, at in ends if kind == entity]))
            .where(change.c.kind == "delete")
            .order_by(change.c.seq)
        )
        for row in work.execute(last):
            if user := who(work, row.actor):
                found[entity, row.record_id] = user["name"]
    return found
