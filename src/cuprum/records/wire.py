"""A record as it goes over the wire: the columns to read, and the object that Copper's clients expect."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, FromClause, Select, and_, select, type_coerce

from cuprum.auth.actor import Actor
from cuprum.entities import ENTITIES, Field, Record, field, fields, kinds
from cuprum.kit.jsonio import Raw
from cuprum.records.custom_values import date_zone, wire_custom
from cuprum.records.visible import visible
from cuprum.records.work import Work
from cuprum.storage.schema import metadata
from cuprum.storage.tables import TABLES

Maker = Callable[[Sequence[Any]], Any]

# A stand-in while a statement is built: who asks comes with the parameters.
A_MEMBER = Actor(0, "member", "", "")


@dataclass(frozen=True)
class Shape:
    """What to select for an entity and how each key of the answer is made of the row."""

    statement: Select[Any]
    makers: tuple[tuple[str, Maker], ...]
    custom: tuple[str, int] | None


def shape(actor: Actor, entity: str) -> Shape:
    """The same for all admins and for all members; run a member's statement with `seen_by(actor)`."""
    return _shape(entity, None if actor.is_admin else A_MEMBER)


@cache
def _shape(entity: str, member: Actor | None) -> Shape:
    record, records = ENTITIES[entity], TABLES[entity]
    columns: list[ColumnElement[Any]] = []
    source, joined = with_joined(entity, member)
    makers: list[tuple[str, Maker]] = []
    custom = None
    for one in _ordered(record):
        place = len(columns)
        columns += [joined[one.name]] if one.name in joined else _columns(records, one)
        if isinstance(one.kind, kinds.CustomFields):
            custom = (one.name, place)
        makers.append((one.name, _maker(one, place)))
    return Shape(select(*columns).select_from(source), tuple(makers), custom)


def with_joined(entity: str, member: Actor | None) -> tuple[FromClause, dict[str, ColumnElement[Any]]]:
    """The table of an entity with those that its fields join, and the columns of these by the field's name."""
    record, records = ENTITIES[entity], TABLES[entity]
    source: FromClause = records
    linked: dict[str, FromClause] = {}
    columns: dict[str, ColumnElement[Any]] = {}
    for one in fields(record):
        if isinstance(one.kind, kinds.Joined):
            link = one.kind.link
            if link not in linked:
                linked[link] = metadata.tables[linked_entity(record, link)].alias(link)
                source = source.outerjoin(linked[link], _leads_to(records, link, linked[link], record, member))
            columns[one.name] = linked[link].c[one.kind.column]
    return source, columns


def _leads_to(
    records: FromClause, link: str, linked: FromClause, record: type[Record], member: Actor | None
) -> ColumnElement[bool]:
    """A link shows the name of what it leads to, to whoever may see that."""
    at, entity = linked.c.id == records.c[link], linked_entity(record, link)
    return at if member is None or entity not in ENTITIES else and_(at, visible(member, entity, linked))


def _ordered(record: type[Record]) -> Iterable[Field]:
    return (one for one in fields(record) if not one.kind.hidden)


def linked_entity(record: type[Record], link: str) -> str:
    """The entity or table that a link field points at."""
    kind = field(record, link).kind
    assert isinstance(kind, kinds.LinkTo)
    return kind.entity


def _columns(records: Any, field: Field) -> list[ColumnElement[Any]]:
    match field.kind:
        case kinds.Reference():
            return [records.c[f"{field.name}_id"], records.c[f"{field.name}_type"]]
        case kinds.ActivityType():
            return [records.c[f"{field.name}_id"], records.c[f"{field.name}_category"]]
        case kinds.Amount():
            # The stored whole number: a Decimal for each row would cost more than the rest of the row.
            return [type_coerce(records.c[field.name], BigInteger)]
    return [records.c[field.name]]


def _maker(field: Field, at: int) -> Maker:
    match field.kind:
        case kinds.Choice(options=options):
            return lambda row: None if row[at] is None else options[row[at]]
        case kinds.Amount(as_float=True):
            return lambda row: None if row[at] is None else row[at] / 10_000
        case kinds.Amount():
            return lambda row: None if row[at] is None else (row[at] / 10_000 if row[at] % 10_000 else row[at] // 10_000)
        case kinds.Day():
            return lambda row: None if row[at] is None else slashed(row[at])
        case kinds.OneEmail() | kinds.Contacts() | kinds.Address() | kinds.Tags() | kinds.Json():
            return lambda row: None if row[at] is None else Raw(row[at].encode())
        case kinds.Reference(null_as_object=null_as_object):
            unset = {"id": None, "type": None} if null_as_object else None
            return lambda row: unset if row[at] is None else {"id": row[at], "type": row[at + 1]}
        case kinds.ActivityType():
            return lambda row: {"id": row[at], "category": row[at + 1]}
    return itemgetter(at)


def slashed(stored: str) -> str:
    """`2026-01-23` as `1/23/2026`: month and day without zeros in front (`copper-api/part2.md §1.2`)."""
    year, month, of_month = stored.split("-")
    # The year keeps its four digits: what is shown must be understood when it is sent back.
    return f"{int(month)}/{int(of_month)}/{year}"


def objects(
    work: Work, entity: str, rows: Iterable[Sequence[Any]], *, computed: bool = False, only: frozenset[str] | None = None
) -> list[dict[str, Any]]:
    """The wire objects of rows that `shape(entity).statement` selected; `only` keeps these keys and the id."""
    made = shape(work.actor, entity)
    makers = made.makers if only is None else tuple(one for one in made.makers if one[0] in only or one[0] == "id")
    answers = [{key: make(row) for key, make in makers} for row in rows]
    if made.custom and (only is None or made.custom[0] in only):
        key, at = made.custom
        definitions = work.vocabulary.definitions_on(entity)
        zone = date_zone(work.settings.date_zone, work.vocabulary)
        for answer, row in zip(answers, rows, strict=True):
            answer[key] = wire_custom(row[at], definitions, zone, computed=computed) if definitions else []
    return answers
