"""Tags across all records: renamed, merged into another, taken off; in as many short transactions as it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic_core import PydanticCustomError
from sqlalchemy import select

from cuprum.auth.may import may
from cuprum.entities import ENTITIES, fields, kinds, reading
from cuprum.kit.errors import Invalid, NotFound, Problem
from cuprum.kit.pace import Pace
from cuprum.kit.text import fold
from cuprum.records import write
from cuprum.records.stored import with_kept_aside
from cuprum.records.visible import visible
from cuprum.records.work import Work
from cuprum.storage.dialect import locked
from cuprum.storage.lookup_tables import tag_key
from cuprum.storage.tables import TABLES

_AT_ONCE = 100


def change_tag_part(work: Work, place: dict[str, Any], tag: str, into: str | None) -> bool:
    """Put another tag in the place of this one on as many records as fit in one short transaction, or none for None.

    True when all are done; `place` says where it goes on. Raises NotFound for a tag that is on nothing.
    """
    may(work.actor, "manage", "tags")
    new = None if into is None else _name(into)
    if not place and next(_tagged(work, tag, place), None) is None:
        raise NotFound("Nothing has this tag")
    if new == tag:
        return True
    pace = Pace()
    for entity, row in _tagged(work, tag, place):
        before = with_kept_aside(ENTITIES[entity], row)
        changed = _changed(before["tags"] or [], tag, new)
        if changed != before["tags"]:
            # No rule speaks of tags: the rest of the record need not be looked at.
            write.apply(work, ENTITIES[entity], before, {"tags": changed})
        place |= {"entity": entity, "after": row["id"]}
        pace.did()
        if pace.is_over:
            return False
    return True


def _name(text: str) -> str:
    try:
        read = reading.tags([text])
    except PydanticCustomError as refusal:
        raise Invalid(Problem("into", refusal.message(), refusal.type)) from None
    if not read or "," in read[0]:
        raise Invalid(Problem("into", "must be a word or some, without a comma", "blank"))
    return str(read[0])


def _changed(tags: list[str], tag: str, new: str | None) -> list[str]:
    """In their order; what it is merged into may stand there already."""
    kept: dict[str, str] = {}
    for one in tags:
        put = new if fold(one) == fold(tag) else one
        if put is not None:
            kept.setdefault(fold(put), put)
    return list(kept.values())


def _tagged(work: Work, tag: str, place: dict[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Entity and row of all that carry it; leads that were converted too."""
    entities = [one for one in ENTITIES if any(isinstance(field.kind, kinds.Tags) for field in fields(ENTITIES[one]))]
    for entity in entities[entities.index(place["entity"]) if "entity" in place else 0 :]:
        records = TABLES[entity]
        after = place["after"] if place.get("entity") == entity else 0
        while True:
            page = (
                select(records)
                .join(tag_key, tag_key.c.record_id == records.c.id)
                .where(tag_key.c.entity == entity, tag_key.c.tag_key == fold(tag), records.c.id > after)
                .where(visible(work.actor, entity))
            )
            rows = work.execute(locked(work.connection, page.order_by(records.c.id).limit(_AT_ONCE))).mappings().all()
            for row in rows:
                after = row["id"]
                yield entity, row
            if len(rows) < _AT_ONCE:
                break
