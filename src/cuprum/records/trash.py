"""Deleting: records lie in a trash, from where they can be restored until they are purged.

What is part of a record (activities, tasks) goes with it; what merely links to it is unlinked; its relations go.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy import delete as delete_from

from cuprum.auth.may import may
from cuprum.entities import ENTITIES, Field, kinds
from cuprum.kit.pace import Pace
from cuprum.records.interactions import count_for_parents
from cuprum.records.links_between import pointing_at
from cuprum.records.state import State, in_parts, states, states_of
from cuprum.records.stored import is_visible, stored
from cuprum.records.visible import behind_the_scenes
from cuprum.records.work import Work
from cuprum.storage.account_tables import relation
from cuprum.storage.lookups import remove_lookups
from cuprum.storage.rows import to_columns
from cuprum.storage.tables import TABLES

_AT_ONCE = 100


def delete(work: Work, entity: str, record_id: int) -> None:
    """Put a record in the trash; raises NotFound, or Forbidden for what belongs to others."""
    may(work.actor, "delete", entity, stored(work, entity, record_id))
    discard(work, entity, [record_id])


def delete_part(work: Work, place: dict[str, Any], entity: str, record_id: int) -> bool:
    """Part a record from as much as fits in one short transaction, and after the last of it put it in the trash; then True.

    `place` only tells that it has begun: what was parted points at the record no more. Raises what `delete` raises.
    """
    if place and not is_visible(work, entity, record_id):
        # Somebody else has deleted it meanwhile.
        return True
    may(work.actor, "delete", entity, stored(work, entity, record_id))
    place["is_begun"] = True
    if not part_from(work, entity, [record_id], lambda other, field, some: _part_from(work, other, field, some)):
        return False
    discard(work, entity, [record_id])
    return True


def part_from(work: Work, entity: str, ids: Sequence[int], part: Callable[[str, Field, dict[int, State]], None]) -> bool:
    """Have `part` take living records from these that they point at, as many as fit in one short transaction; whether none is
    left. Called with the entity, the field that points, and some records, none of which may point there afterwards."""
    pace = Pace()
    for other, field in pointing_at(entity):
        while room := pace.room(_AT_ONCE):
            some = _some_pointing_at(work, entity, ids, other, field, room)
            if some:
                part(other, field, states_of(work, other, some))
                pace.did(len(some))
            if len(some) < room:
                break
        else:
            return False
    return True


def _some_pointing_at(work: Work, entity: str, ids: Sequence[int], other: str, field: Field, most: int) -> list[int]:
    # In no order: none of those parted fits again.
    records = TABLES[other]
    found = select(records.c.id).where(points_at(field, records, entity, list(ids)), records.c.deleted_at.is_(None))
    return list(work.execute(behind_the_scenes(found.limit(most), "the trash")).scalars())


def discard(work: Work, entity: str, ids: Iterable[int]) -> int:
    """Put living records in the trash, whoever may see them, with all that this brings; returns how many."""
    going = states_of(work, entity, ids, TABLES[entity].c.deleted_at.is_(None))
    if not going:
        return 0
    # In the log a record comes after what went with it, so that undo, going backwards, restores it first.
    for other, field in pointing_at(entity):
        _part_from(work, other, field, living_pointing_at(work, entity, going, other, field))
    _remove_relations(work, entity, going)
    _bury(work, entity, going)
    count_for_parents(work, entity, [state.values for state in going.values()])
    return len(going)


def _part_from(work: Work, other: str, field: Field, pointing: dict[int, State]) -> None:
    if isinstance(field.kind, kinds.Reference) and field.kind.goes_along:
        discard(work, other, pointing)
    else:
        _unlink(work, other, field, pointing)


def living_pointing_at(work: Work, entity: str, ids: Collection[int], other: str, field: Field) -> dict[int, State]:
    """The living records of `other` whose field points at one of these, whoever may see them."""
    records = TABLES[other]
    found: dict[int, State] = {}
    for some in in_parts(ids):
        found |= states(work, other, points_at(field, records, entity, some), records.c.deleted_at.is_(None))
    return found


def points_at(field: Field, records: Any, entity: str, ids: list[int]) -> ColumnElement[bool]:
    """True for the records whose field points at one of these."""
    if isinstance(field.kind, kinds.Reference):
        return and_(records.c[f"{field.name}_type"] == entity, records.c[f"{field.name}_id"].in_(ids))
    return records.c[field.name].in_(ids)


def _unlink(work: Work, entity: str, field: Field, linked: dict[int, State]) -> None:
    records = TABLES[entity]
    columns = to_columns(ENTITIES[entity], {field.name: None, "date_modified": work.now})
    for some in in_parts(linked):
        work.execute(update(records).where(records.c.id.in_(some)).values(**columns, version=records.c.version + 1))
    for one in linked.values():
        work.group.record(entity, one.id, "update", {field.name: one.values[field.name]}, {field.name: None})


def _remove_relations(work: Work, entity: str, ids: Collection[int]) -> None:
    for some in in_parts(ids):
        either = or_(
            and_(relation.c.entity == entity, relation.c.record_id.in_(some)),
            and_(relation.c.other_entity == entity, relation.c.other_id.in_(some)),
        )
        for row in work.execute(select(relation).where(either)).mappings().all():
            work.group.record("relation", row["record_id"], "delete", dict(row), {})
        work.execute(delete_from(relation).where(either))


def _bury(work: Work, entity: str, going: dict[int, State]) -> None:
    records = TABLES[entity]
    for some in in_parts(going):
        buried = update(records).where(records.c.id.in_(some)).values(deleted_at=work.now, version=records.c.version + 1)
        work.execute(buried)
        remove_lookups(work.connection, ENTITIES[entity], some)
    for one in going.values():
        work.group.record(entity, one.id, "delete", one.values, {})
