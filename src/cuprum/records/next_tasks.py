"""What is to be done next for records: of the open tasks of each, the one that is due first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from cuprum.entities import Task, field
from cuprum.records.state import in_parts
from cuprum.records.visible import visible
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES

_OPEN = field(Task, "status").kind.options.index("Open")  # type: ignore[attr-defined]


@dataclass(frozen=True)
class NextTask:
    """`due_date` in seconds, None for one without a date."""

    id: int
    name: str
    due_date: int | None


def next_tasks(work: Work, entity: str, ids: Iterable[int]) -> dict[int, NextTask]:
    """By the id of the record; tasks without a date come last."""
    tasks, found = TABLES["task"], {}
    place = func.row_number().over(
        partition_by=tasks.c.related_resource_id, order_by=(tasks.c.due_date.is_(None), tasks.c.due_date, tasks.c.id)
    )
    for part in in_parts(ids):
        ranked = select(tasks.c.related_resource_id, tasks.c.id, tasks.c.name, tasks.c.due_date, place.label("place")).where(
            tasks.c.related_resource_type == entity,
            tasks.c.related_resource_id.in_(part),
            tasks.c.status == _OPEN,
            visible(work.actor, "task"),
        )
        first = ranked.subquery()
        for row in work.execute(select(first).where(first.c.place == 1)):
            found[row.related_resource_id] = NextTask(row.id, row.name, row.due_date)
    return found
