"""The tags in use: each with how many records of each kind carry it, as far as the actor may see them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import func, literal, select, union_all

from cuprum.entities import ENTITIES
from cuprum.kit.text import fold
from cuprum.records.visible import visible
from cuprum.records.work import Work
from cuprum.storage.lookup_tables import tag_key
from cuprum.storage.tables import TABLES

# In the order of the keys of an answer (`copper-api/part2.md §7.6`).
_COUNTED = ("person", "lead", "company", "opportunity", "project", "task")


def counted_tags(work: Work, *, by_count: bool = False) -> list[dict[str, Any]]:
    """Every tag with its counts, by name, or the most used first."""
    tags = _tags(work)
    answers = [_answer(tag) for _, tag in sorted(tags.items())]
    return sorted(answers, key=lambda tag: -tag["count"]) if by_count else answers


def tag_names(work: Work, after: str | None = None) -> list[str]:
    """The names alone, in order; only those behind the name `after`."""
    last = fold(after) if after else ""
    return [_spelling(tag) for key, tag in sorted(_tags(work).items()) if key > last]


Tag = Counter[tuple[str, str]]


def _tags(work: Work) -> dict[str, Tag]:
    """How often each spelling of a tag is on each kind of record."""
    counts = union_all(*(_counts(work, entity) for entity in _COUNTED))
    tags: dict[str, Tag] = {}
    for key, spelling, entity, count in work.execute(counts):
        tags.setdefault(key, Counter())[entity, spelling] += count
    return tags


def _counts(work: Work, entity: str) -> Any:
    # Not joined: SQLite would look up the record of every tag.
    seen = select(TABLES[entity].c.id).where(visible(work.actor, entity))
    return (
        select(tag_key.c.tag_key, tag_key.c.tag, literal(entity), func.count())
        .where(tag_key.c.entity == entity, tag_key.c.record_id.in_(seen))
        .group_by(tag_key.c.tag_key, tag_key.c.tag)
    )


def _answer(tag: Tag) -> dict[str, Any]:
    counts = dict.fromkeys(_COUNTED, 0)
    for (entity, _), count in tag.items():
        counts[entity] += count
    by_plural = {f"count_{ENTITIES[entity].plural}": count for entity, count in counts.items()}
    return {"name": _spelling(tag), "count": sum(counts.values()), **by_plural}


def _spelling(tag: Tag) -> str:
    """Most records' way to write it."""
    spellings: Counter[str] = Counter()
    for (_, spelling), count in tag.items():
        spellings[spelling] += count
    return min(spellings, key=lambda spelling: (-spellings[spelling], spelling))
