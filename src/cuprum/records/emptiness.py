"""Whether there is anything yet: an account that begins is met with other offers than one that is at work."""

from __future__ import annotations

from sqlalchemy import exists, literal, or_, select

from cuprum.records.visible import visible
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES

_BEGINNINGS = ("person", "company", "lead", "opportunity", "project", "task")


def is_empty(work: Work) -> bool:
    """Whether the actor sees no record at all."""
    there = (exists(select(TABLES[entity].c.id).where(visible(work.actor, entity))) for entity in _BEGINNINGS)
    return work.execute(select(literal(1)).where(or_(*there))).first() is None
