"""Related items: links between records that both ends show (`copper-api/part2.md §5`).

Some are fields of one end (a person's company, what a task is about); the others stand in the table `relation`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, delete, func, select, union_all

from cuprum.auth.may import may
from cuprum.entities import ENTITIES, fields, kinds
from cuprum.entities.related import Related
from cuprum.kit.errors import Refused
from cuprum.records.draft import Draft
from cuprum.records.stored import must_be_visible, stored
from cuprum.records.visible import behind_the_scenes, present
from cuprum.records.work import Work
from cuprum.records.write import change_from
from cuprum.storage.account_tables import relation
from cuprum.storage.dialect import insert
from cuprum.storage.tables import TABLES

End = tuple[str, int]
Values = dict[str, Any]


@dataclass(frozen=True)
class _Link:
    """A field of `entity` whose value is a related item."""

    entity: str
    field: str
    is_reference: bool
    alone: bool

    def naming(self, end: End) -> Select[Any]:
        """The ids of the records whose field names this end."""
        columns = _others(self.entity).c
        if self.is_reference:
            names_it = and_(columns[f"{self.field}_type"] == end[0], columns[f"{self.field}_id"] == end[1])
        else:
            names_it = columns[self.field] == end[1]
        return behind_the_scenes(
            select(columns.id).where(names_it, columns.deleted_at.is_(None)), "only ids, looked at around it"
        )

    def named_by(self, record_id: int, other: str) -> Select[Any]:
        """The id that the field of this record names, which is a record that the actor sees."""
        columns = TABLES[self.entity].c
        if self.is_reference:
            named = select(columns[f"{self.field}_id"]).where(columns.id == record_id, columns[f"{self.field}_type"] == other)
        else:
            named = select(columns[self.field]).where(columns.id == record_id)
        return behind_the_scenes(named, "a field of what is seen")

    def value(self, end: End) -> Any:
        return {"id": end[1], "type": end[0]} if self.is_reference else end[1]


def related(work: Work, end: End, others: Iterable[str]) -> list[End]:
    """What the record is related to among those of the `others` that the actor may see; raises NotFound."""
    must_be_visible(work, *end)
    found: list[End] = []
    for other in others:
        table = TABLES[other]
        seen = select(table.c.id).where(is_related(end, other), present(work.actor, other))
        found += [(other, one) for one in work.execute(seen.order_by(table.c.id)).scalars()]
    return found


def relate(work: Work, end: End, other: End) -> None:
    """Relate two records, once; raises NotFound for either, Refused where there is no room."""
    values = _both(work, end, other)
    if _are_related(work, end, other):
        return
    for here, there in ((end, other), (other, end)):
        _check_room(work, here, values[here], there)
    for here, there in ((end, other), (other, end)):
        if alone := [link for link in _links(here[0], there[0]) if link.alone]:
            return _point(work, alone[0], values[here], there)
    store_relation(work, end, other)


def unrelate(work: Work, end: End, other: End) -> None:
    """The opposite: fields that name the other end are cleared too; raises NotFound and Refused."""
    values = _both(work, end, other)
    if not _are_related(work, end, other):
        raise Refused("Invalid request: Resources are not related")
    for here, there in ((end, other), (other, end)):
        for link in _links(here[0], there[0]):
            if values[here][link.field] == link.value(there):
                _point(work, link, values[here], None)
    remove_relation(work, end, other)


def _both(work: Work, end: End, other: End) -> dict[End, Values]:
    """The values of both, locked in one order whoever is named first."""
    values = {one: stored(work, *one) for one in sorted((end, other))}
    for (entity, _), found in values.items():
        may(work.actor, "update", entity, found)
    return values


@cache
def _others(entity: str) -> FromClause:
    # Copying all columns of a table takes longer than everything else that a statement is built of.
    return TABLES[entity].alias()


@cache
def _links(entity: str, other: str) -> tuple[_Link, ...]:
    return tuple(_links_between(entity, other))


def _links_between(entity: str, other: str) -> Iterator[_Link]:
    for field in fields(ENTITIES[entity]):
        facts = [fact for fact in field.facts if isinstance(fact, Related)]
        match field.kind:
            case kinds.LinkTo(entity=target) if facts and target == other:
                yield _Link(entity, field.name, False, facts[0].alone)
            case kinds.Reference(types=types) if facts and other in types:
                yield _Link(entity, field.name, True, facts[0].alone)


def is_related(end: End, other: str) -> ColumnElement[bool]:
    """True for the living records of `other` that are related to this one, whichever way."""
    # One list of ids, each part of it found in an index: with `or` between them all records of a kind were walked.
    ids = union_all(
        select(relation.c.other_id).where(_stands(end, relation.c.other_entity == other)),
        select(relation.c.record_id).where(_stands_second(end, relation.c.entity == other)),
        *(link.naming(end) for link in _links(other, end[0])),
        *(link.named_by(end[1], other) for link in _links(end[0], other)),
    )
    return TABLES[other].c.id.in_(ids)


def _stands(end: End, further: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(relation.c.entity == end[0], relation.c.record_id == end[1], further)


def _stands_second(end: End, further: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(relation.c.other_entity == end[0], relation.c.other_id == end[1], further)


def _are_related(work: Work, end: End, other: End) -> bool:
    others = TABLES[other[0]]
    found = select(others.c.id).where(others.c.id == other[1], is_related(end, other[0]))
    return work.execute(behind_the_scenes(found, "both ends were seen to be visible")).first() is not None


def _check_room(work: Work, end: End, values: Values, other: End) -> None:
    """What it is related to already counts, seen or unseen."""
    others, most = TABLES[other[0]], ENTITIES[end[0]].relates_to[other[0]]
    if most is not None:
        held = select(func.count()).select_from(others).where(is_related(end, other[0]), others.c.deleted_at.is_(None))
        if work.execute(behind_the_scenes(held, "room for one more")).scalar_one() >= most:
            raise Refused(f"Invalid request: The {end[0]} {end[1]} can be related to {most} {other[0]} at most")
    if any(link.alone and values[link.field] is not None for link in _links(end[0], other[0])):
        raise Refused(f"Invalid request: The {end[0]} {end[1]} can be related to one record at most")


def _point(work: Work, link: _Link, values: Values, at: End | None) -> None:
    """Let the field name the other end, or nothing: an update of its record like any other."""
    change_from(Draft(work, ENTITIES[link.entity], {link.field: at and link.value(at)}, values))


def store_relation(work: Work, end: End, other: End) -> None:
    """Store a relation, unless it is there, and log it."""
    row = _key(end, other) | {"date_created": work.now}
    if work.execute(insert(work.connection, relation).values(**row).on_conflict_do_nothing()).rowcount:
        work.group.record("relation", row["record_id"], "new", {}, row)


def remove_relation(work: Work, end: End, other: End) -> None:
    """Take a relation out of the table, if it is there, and log it."""
    where = [relation.c[name] == value for name, value in _key(end, other).items()]
    row = work.execute(select(relation).where(*where)).mappings().one_or_none()
    if row:
        work.execute(delete(relation).where(*where))
        work.group.record("relation", row["record_id"], "delete", dict(row), {})


def _key(end: End, other: End) -> Values:
    """Stored once, the lesser end first; the log knows a relation by the id of that end."""
    (entity, record_id), (other_entity, other_id) = sorted((end, other))
    return {"entity": entity, "record_id": record_id, "other_entity": other_entity, "other_id": other_id}
