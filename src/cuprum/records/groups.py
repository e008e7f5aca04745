"""Groups of changes as people look them up to undo one: their own, or for admins everybody's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, exists, func, select

from cuprum.entities import ENTITIES
from cuprum.kit.errors import NotFound
from cuprum.records.conflict import who
from cuprum.records.logged import Entry, entries, entry
from cuprum.records.state import in_parts
from cuprum.records.visible import visible_even_in_trash
from cuprum.records.wire_values import wire_of
from cuprum.records.work import Work
from cuprum.storage.event_tables import change, change_group
from cuprum.storage.tables import TABLES


def recent_groups(
    work: Work, *, before: str | None, actor: int | None, limit: int, entity: str | None = None,
    at: tuple[int, int] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A page of groups, the newest first; `before` is the `next` of the page before it.

    Only those of an `actor`, with a change of an `entity`, from the first of two seconds `at` until before the second.
    """
    statement = select(change_group).order_by(change_group.c.id.desc()).limit(limit + 1)
    if not work.actor.is_admin:
        statement = statement.where(change_group.c.actor == work.actor.user_id)
    if actor is not None:
        statement = statement.where(change_group.c.actor == actor)
    if before is not None:
        statement = statement.where(change_group.c.id < before)
    if entity is not None:
        of_it = select(change.c.seq).where(change.c.group_id == change_group.c.id, change.c.entity == entity)
        statement = statement.where(exists(of_it))
    if at is not None:
        statement = statement.where(change_group.c.at >= at[0], change_group.c.at < at[1])
    rows = work.execute(statement).all()
    page = rows[:limit]
    counts = _counts(work, [row.id for row in page])
    return {
        "groups": [_shown(work, row, counts.get(row.id, {})) for row in page],
        "next": page[-1].id if len(rows) > limit else None,
    }


def one_group(work: Work, group_id: str, *, limit: int, after: int) -> dict[str, Any]:
    """A group with its entries in the order of the log, without records that the actor may not see; raises NotFound."""
    group, found, following = group_with_entries(work, group_id, limit=limit, after=after)
    return group | {"entries": [_entry_shown(work, one) for one in found], "next": following}


def group_with_entries(work: Work, group_id: str, *, limit: int, after: int) -> tuple[dict[str, Any], list[Entry], int | None]:
    """The same with the entries as they are stored, and the `after` of the page behind it."""
    row = work.execute(select(change_group).where(change_group.c.id == group_id)).one_or_none()
    if row is None or not (work.actor.is_admin or row.actor == work.actor.user_id):
        raise NotFound("There is no such group of changes")
    found = entries().where(change.c.group_id == group_id, change.c.seq > after).order_by(change.c.seq).limit(limit + 1)
    listed = [entry(one) for one in work.execute(found)]
    page = listed[:limit]
    seen = _seen(work, page)
    shown = [one for one in page if one.entity not in ENTITIES or (one.entity, one.record_id) in seen]
    following = page[-1].seq if len(listed) > limit else None
    return _shown(work, row, _counts(work, [group_id]).get(group_id, {})), shown, following


def _counts(work: Work, ids: Iterable[str]) -> dict[str, dict[str, int]]:
    counted = (
        select(change.c.group_id, change.c.kind, func.count())
        .where(change.c.group_id.in_(list(ids)))
        .group_by(change.c.group_id, change.c.kind)
    )
    counts: dict[str, dict[str, int]] = {}
    for group_id, kind, count in work.execute(counted):
        counts.setdefault(group_id, {})[kind] = count
    return counts


def _shown(work: Work, row: Row[Any], counts: dict[str, int]) -> dict[str, Any]:
    return {
        "id": row.id, "at": row.at, "actor": who(work, row.actor), "face": row.face, "via": row.via, "label": row.label,
        "counts": counts, "undone_by": row.undone_by,
    }  # fmt: skip


def _entry_shown(work: Work, one: Entry) -> dict[str, Any]:
    def wire(values: Any) -> dict[str, Any]:
        if one.entity not in ENTITIES:
            return dict(values)
        return {name: wire_of(work, one.entity, name, value) for name, value in values.items()}

    return {
        "entity": one.entity, "id": one.record_id, "kind": one.kind, "before": wire(one.before), "after": wire(one.after)
    }  # fmt: skip


def _seen(work: Work, page: Iterable[Entry]) -> set[tuple[str, int]]:
    """Those of the entries' records that the actor may see; only admins see what was purged."""
    asked = {(one.entity, one.record_id) for one in page if one.entity in ENTITIES}
    if work.actor.is_admin:
        return asked
    seen = set()
    for entity in {entity for entity, _ in asked}:
        records = TABLES[entity]
        for ids in in_parts(record_id for kind, record_id in asked if kind == entity):
            found = select(records.c.id).where(records.c.id.in_(ids), visible_even_in_trash(work.actor, entity))
            seen |= {(entity, record_id) for record_id in work.execute(found).scalars()}
    return seen
