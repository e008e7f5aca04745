"""What is offered after something was done: a task that is completed asks for the word of it, and for the next one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from cuprum.entities import ENTITIES
from cuprum.kit import jsonio
from cuprum.records.naming import names_of
from cuprum.records.read import one
from cuprum.records.work import Work
from cuprum.storage.event_tables import change
from cuprum.web.lanes import about


@dataclass(frozen=True)
class Offer:
    path: str
    label: str
    icon: str


def offers_after(work: Work, group_id: str) -> list[Offer]:
    """Nothing, unless the group completed one task that is about a record which the actor sees."""
    tasks = select(change.c.record_id, change.c.after).where(change.c.group_id == group_id, change.c.entity == "task").limit(2)
    rows = work.execute(tasks).all()
    if len(rows) != 1 or jsonio.decode(rows[0].after).get("status") != "Completed":
        return []
    end = about(one(work, "task", rows[0].record_id))
    if end is None or not names_of(work, [end]):
        return []
    entity, record_id = end
    return [
        Offer(f"/{ENTITIES[entity].plural}/{record_id}#timeline", "Log how it went", "phone"),
        Offer(f"/tasks/new?for={entity}&id={record_id}", "Next task", "square-check"),
    ]
