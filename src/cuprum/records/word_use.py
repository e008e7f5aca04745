"""How many records carry each word of a list, as far as the actor may see them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, func, select, true

from cuprum.entities import ENTITIES, fields, kinds
from cuprum.records.visible import visible
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES


def word_uses(work: Work, table: str) -> dict[int, dict[str, int]]:
    """For each word that is in use: entity and how many of them."""
    uses: dict[int, dict[str, int]] = {}
    for entity, column, only in _columns(table):
        counted = select(column, func.count()).where(column.is_not(None), only, visible(work.actor, entity)).group_by(column)
        for word_id, count in work.execute(counted):
            by_entity = uses.setdefault(word_id, {})
            by_entity[entity] = by_entity.get(entity, 0) + count
    return uses


def _columns(table: str) -> Iterator[tuple[str, Any, ColumnElement[bool]]]:
    for entity, record in ENTITIES.items():
        for one in fields(record):
            if isinstance(one.kind, kinds.LinkTo) and one.kind.entity == table:
                yield entity, TABLES[entity].c[one.name], true()
    if table == "activity_type":
        activities = TABLES["activity"].c
        yield "activity", activities.type_id, activities.type_category == "user"
