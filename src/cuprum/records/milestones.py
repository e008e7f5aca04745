"""What became of a record as a whole: made, made of a lead, joined by a lead or a duplicate. Told on its timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, select

from cuprum.records.conflict import who
from cuprum.records.visible import visible_even_in_trash
from cuprum.records.work import Work
from cuprum.storage.event_tables import change, change_group
from cuprum.storage.tables import TABLES


@dataclass(frozen=True)
class Milestone:
    """`kind` is new, convert or merge; `lead` the one that was converted, its name empty for who may not see it."""

    kind: str
    at: int
    by: str | None
    lead: tuple[int, str] | None = None


def milestones(work: Work, entity: str, record: Mapping[str, Any]) -> list[Milestone]:
    """Of a record as it goes over the wire, the newest first."""
    leads = list(record.get("leads_converted_from") or ())[:20]
    found = [_of(work, row, "merge") for row in work.execute(_logged(entity, [record["id"]], "merge"))]
    if leads:
        names = _names(work, leads)
        for row in work.execute(_logged("lead", leads, "convert")):
            found.append(_of(work, row, "convert", (row.record_id, names.get(row.record_id, ""))))
    found.append(Milestone("new", record["date_created"], _creator(work, entity, record["id"])))
    return sorted(found, key=lambda one: one.at, reverse=True)


def _logged(entity: str, ids: list[int], kind: str) -> Select[Any]:
    return (
        select(change.c.record_id, change_group.c.at, change_group.c.actor)
        .join_from(change, change_group, change_group.c.id == change.c.group_id)
        .where(change.c.entity == entity, change.c.record_id.in_(ids), change.c.kind == kind, change_group.c.undone_by.is_(None))
        .order_by(change.c.seq.desc())
        .limit(20)
    )


def _of(work: Work, row: Row[Any], kind: str, lead: tuple[int, str] | None = None) -> Milestone:
    user = who(work, row.actor)
    return Milestone(kind, row.at, user["name"] if user else None, lead)


def _names(work: Work, leads: list[int]) -> dict[int, str]:
    table = TABLES["lead"]
    named = select(table.c.id, table.c.name).where(table.c.id.in_(leads), visible_even_in_trash(work.actor, "lead"))
    return {row.id: row.name or "" for row in work.execute(named)}


def _creator(work: Work, entity: str, record_id: int) -> str | None:
    records = TABLES[entity]
    made = select(records.c.created_by).where(records.c.id == record_id, visible_even_in_trash(work.actor, entity))
    user = who(work, work.execute(made).scalar())
    return user["name"] if user else None
