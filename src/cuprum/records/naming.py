"""Records by their names, for people who choose one: the names of ids, and the ids of names."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from cuprum.entities.reading import LARGEST_ID
from cuprum.kit.text import fold
from cuprum.records.state import in_parts
from cuprum.records.visible import present
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES

End = tuple[str, int]


def names_of(work: Work, ends: Iterable[End]) -> dict[End, str]:
    """The names of those of the records that the actor may see; activities have none."""
    wanted = set(ends)
    found: dict[End, str] = {}
    for entity in {entity for entity, _ in wanted if entity in TABLES and "name" in TABLES[entity].c}:
        records = TABLES[entity]
        for ids in in_parts(record_id for kind, record_id in wanted if kind == entity and record_id <= LARGEST_ID):
            named = select(records.c.id, records.c.name).where(records.c.id.in_(ids), present(work.actor, entity))
            found |= {(entity, row.id): row.name for row in work.execute(named)}
    return found


def ids_named(work: Work, entity: str, name: str, most: int = 2) -> list[int]:
    """The visible records of exactly that name, whatever its case and marks."""
    if "\0" in name:
        # No name has one, and PostgreSQL does not even take the question.
        return []
    records = TABLES[entity]
    named = select(records.c.id).where(records.c.name_key == fold(name), present(work.actor, entity))
    return list(work.execute(named.order_by(records.c.id).limit(most)).scalars())
