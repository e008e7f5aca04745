"""A stored record's values, read for a write: visible to the actor, and locked until the commit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from cuprum.entities import ENTITIES, Record, fields, kinds
from cuprum.kit.errors import NotFound
from cuprum.records.visible import present, seen_by
from cuprum.records.wire import A_MEMBER, with_joined
from cuprum.records.work import Work
from cuprum.storage.dialect import locked
from cuprum.storage.prepared import Prepared
from cuprum.storage.rows import from_columns
from cuprum.storage.tables import TABLES

# What rights and versions are about, beside the fields.
KEPT_ASIDE = ("visibility", "created_by", "version")


def stored(work: Work, entity: str, record_id: int) -> dict[str, Any]:
    """Its values by wire name and the columns of `KEPT_ASIDE`; raises NotFound for what is gone or not theirs to see."""
    return stored_and_joined(work, entity, record_id)[0]


def stored_and_joined(work: Work, entity: str, record_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same, and what its fields join of the records that it links to."""
    statement = _by_id(work, entity)
    found = statement.first(work.connection, {"record_id": record_id, **seen_by(work.actor)})
    if found is None:
        raise NotFound
    record, row = ENTITIES[entity], dict(zip(statement.columns, found, strict=True))
    return with_kept_aside(record, row), {name: row[f"joined_{name}"] for name in joined_names(record)}


@cache
def joined_names(record: type[Record]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(record) if isinstance(one.kind, kinds.Joined))


def with_kept_aside(record: type[Record], row: Mapping[str, Any]) -> dict[str, Any]:
    """A row's values, and what is kept aside: what `write.apply` needs of a record as it stands."""
    return from_columns(record, row) | {name: row[name] for name in KEPT_ASIDE}


def is_visible(work: Work, entity: str, record_id: int) -> bool:
    statement = _id_by_id(work, entity)
    return statement.first(work.connection, {"record_id": record_id, **seen_by(work.actor)}) is not None


# Building a statement costs as much as running it: one for admins and one for members serves everybody.
_built: dict[tuple[str, str, bool, str], Prepared] = {}


def _by_id(work: Work, entity: str) -> Prepared:
    key = ("whole", entity, work.actor.is_admin, work.connection.dialect.name)
    if key not in _built:
        records = TABLES[entity]
        source, joined = with_joined(entity, None if work.actor.is_admin else A_MEMBER)
        columns = (*records.c, *(column.label(f"joined_{name}") for name, column in joined.items()))
        _built[key] = Prepared(locked(work.connection, _one(work, entity, select(*columns).select_from(source)), of=records))
    return _built[key]


def _id_by_id(work: Work, entity: str) -> Prepared:
    key = ("id", entity, work.actor.is_admin, "")
    if key not in _built:
        _built[key] = Prepared(_one(work, entity, select(TABLES[entity].c.id)))
    return _built[key]


def _one(work: Work, entity: str, statement: Select[Any]) -> Select[Any]:
    return statement.where(TABLES[entity].c.id == bindparam("record_id"), present(work.actor, entity))


def must_be_visible(work: Work, entity: str, record_id: int) -> None:
    """Raises NotFound for what is gone or not theirs to see."""
    if not is_visible(work, entity, record_id):
        raise NotFound
