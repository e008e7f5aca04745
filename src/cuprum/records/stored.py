"""A stored record's values, read for a write: visible to the actor, and locked until the commit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, bindparam, select

from cuprum.entities import ENTITIES, Record
from cuprum.kit.errors import NotFound
from cuprum.records.visible import present, seen_by
from cuprum.records.work import Work
from cuprum.storage.dialect import locked
from cuprum.storage.rows import from_columns
from cuprum.storage.tables import TABLES

# What rights and versions are about, beside the fields.
KEPT_ASIDE = ("visibility", "created_by", "version")


def stored(work: Work, entity: str, record_id: int) -> dict[str, Any]:
    """Its values by wire name and the columns of `KEPT_ASIDE`; raises NotFound for what is gone or not theirs to see."""
    statement = _by_id(work, entity)
    row = work.execute(statement, {"record_id": record_id, **seen_by(work.actor)}).mappings().one_or_none()
    if row is None:
        raise NotFound
    return with_kept_aside(ENTITIES[entity], row)


def with_kept_aside(record: type[Record], row: Mapping[str, Any]) -> dict[str, Any]:
    """A row's values, and what is kept aside: what `write.apply` needs of a record as it stands."""
    return from_columns(record, row) | {name: row[name] for name in KEPT_ASIDE}


def is_visible(work: Work, entity: str, record_id: int) -> bool:
    statement = _id_by_id(work, entity)
    return work.execute(statement, {"record_id": record_id, **seen_by(work.actor)}).first() is not None


# Building a statement costs as much as running it: one for admins and one for members serves everybody.
_built: dict[tuple[str, str, bool, str], Select[Any]] = {}


def _by_id(work: Work, entity: str) -> Select[Any]:
    return _once(work, entity, "whole", TABLES[entity])


def _id_by_id(work: Work, entity: str) -> Select[Any]:
    return _once(work, entity, "id", TABLES[entity].c.id)


def _once(work: Work, entity: str, what: str, columns: Any) -> Select[Any]:
    key = (what, entity, work.actor.is_admin, work.connection.dialect.name)
    if key not in _built:
        statement = select(columns).where(TABLES[entity].c.id == bindparam("record_id"), present(work.actor, entity))
        _built[key] = locked(work.connection, statement) if what == "whole" else statement
    return _built[key]


def must_be_visible(work: Work, entity: str, record_id: int) -> None:
    """Raises NotFound for what is gone or not theirs to see."""
    if not is_visible(work, entity, record_id):
        raise NotFound
