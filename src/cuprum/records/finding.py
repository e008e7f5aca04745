"""Find records of every kind by what people remember of them: a part of the name, an address, a number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from cuprum.entities import ENTITIES
from cuprum.kit.text import digits, fold
from cuprum.records.criteria import criteria
from cuprum.records.naming import names_of
from cuprum.records.search import matching
from cuprum.records.visible import present
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES

# The order in which people are looked for.
_ORDER = ("person", "company", "opportunity", "lead", "project", "task")
# Of those that fit, the best are chosen.
_LOOKED_AT = 40
_FEWEST_DIGITS = 6


@dataclass(frozen=True)
class Found:
    """`company` is the name of the company that it belongs to, where the actor may see it."""

    entity: str
    id: int
    name: str
    company: str | None


def find(work: Work, words: str, each: int) -> list[Found]:
    """At most so many of each entity, those first whose name begins with the words. No total: that would take longer."""
    if not fold(words):
        return []
    rows = [(entity, row) for entity in _ORDER for row in _best(work, entity, words, each)]
    names = names_of(work, {("company", row.company_id) for _, row in rows if getattr(row, "company_id", None)})
    return [Found(entity, row.id, row.name, names.get(("company", getattr(row, "company_id", 0)))) for entity, row in rows]


def _best(work: Work, entity: str, words: str, each: int) -> list[Any]:
    records = TABLES[entity]
    found: dict[int, Any] = {}
    columns = [records.c[name] for name in ("id", "name", "company_id") if name in records.c]
    for asked in _ways(entity, words):
        fits = select(*columns).where(matching(work, entity, asked), present(work.actor, entity)).limit(_LOOKED_AT)
        found |= {row.id: row for row in work.execute(fits)}
    start = fold(words)
    return sorted(found.values(), key=lambda row: (not fold(row.name).startswith(start), fold(row.name), row.id))[:each]


def _ways(entity: str, words: str) -> Iterator[dict[str, Any]]:
    known = criteria(ENTITIES[entity])
    yield {"name": words}
    if "@" in words and "emails" in known:
        yield {"emails": words}
    if len(digits(words)) >= _FEWEST_DIGITS and "phone_number" in known:
        yield {"phone_number": words}
