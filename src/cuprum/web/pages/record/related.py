"""What a record is related to, for the panel beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cuprum.entities import ENTITIES, Record
from cuprum.kit import jsonio
from cuprum.records.naming import End
from cuprum.records.related import related
from cuprum.records.search import search
from cuprum.records.work import Work

_MOST = 8
# Leads become people and are related to nothing but tasks (`relates_to`); the order of the panel.
_ORDER = ("person", "company", "opportunity", "project", "task", "lead")


@dataclass(frozen=True)
class Group:
    """Some related records of one entity, and how many there are in all."""

    record: type[Record]
    items: list[dict[str, Any]]
    total: int


def related_panel(work: Work, record: type[Record], record_id: int) -> list[Group]:
    others = [one for one in _ORDER if one in record.relates_to]
    ends: dict[str, list[End]] = {}
    for end in related(work, (record.entity, record_id), others):
        ends.setdefault(end[0], []).append(end)
    return [Group(ENTITIES[other], _first(work, other, ends.get(other, [])), len(ends.get(other, []))) for other in others]


def _first(work: Work, entity: str, ends: list[End]) -> list[dict[str, Any]]:
    if not ends:
        return []
    # The newest: what is going on now.
    ids = [record_id for _, record_id in ends][-_MOST:]
    found = search(work, entity, {}, {"ids": ids, "page_size": _MOST})
    plain: list[dict[str, Any]] = jsonio.decode(jsonio.encode(found.records))
    return plain
