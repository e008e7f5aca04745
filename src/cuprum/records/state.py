"""Whole records as the trash, undo and the feed see them: every value, in the trash or not, with who may see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update

from cuprum.entities import ENTITIES
from cuprum.records.visible import VISIBILITIES, behind_the_scenes
from cuprum.records.work import Work
from cuprum.storage.account_tables import record_share
from cuprum.storage.dialect import locked
from cuprum.storage.lookups import store_lookups
from cuprum.storage.rows import from_columns, to_columns
from cuprum.storage.tables import TABLES

# Beside the fields; they stand in the log under these names.
SHARING = ("visibility", "shared_with")
# How many ids a statement names at once.
AT_ONCE = 500


@dataclass(frozen=True)
class State:
    """A stored record: `values` by wire name, with `visibility`, `shared_with` and `created_by` beside the fields."""

    id: int
    values: dict[str, Any]
    deleted_at: int | None

    @property
    def is_living(self) -> bool:
        return self.deleted_at is None


def states(work: Work, entity: str, *where: ColumnElement[bool], lock: bool = True) -> dict[int, State]:
    """The records that fit, by id in ascending order, whoever may see them: callers check what they show."""
    records = TABLES[entity]
    statement = select(records).where(*where).order_by(records.c.id)
    statement = behind_the_scenes(locked(work.connection, statement) if lock else statement, "state")
    rows = work.execute(statement).mappings().all()
    shares = _shares(work, entity, [row["id"] for row in rows if row["visibility"]])
    return {row["id"]: State(row["id"], _values(entity, row, shares.get(row["id"], [])), row["deleted_at"]) for row in rows}


def states_of(work: Work, entity: str, ids: Iterable[int], *where: ColumnElement[bool], lock: bool = True) -> dict[int, State]:
    found: dict[int, State] = {}
    for some in in_parts(ids):
        found |= states(work, entity, TABLES[entity].c.id.in_(some), *where, lock=lock)
    return found


def in_parts(ids: Iterable[int]) -> Iterator[list[int]]:
    every = sorted(ids)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


def _values(entity: str, row: Mapping[str, Any], shared_with: list[str]) -> dict[str, Any]:
    aside = {"visibility": VISIBILITIES[row["visibility"]], "shared_with": shared_with, "created_by": row["created_by"]}
    return from_columns(ENTITIES[entity], row) | aside


def _shares(work: Work, entity: str, ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for some in in_parts(ids):
        shares = select(record_share.c.record_id, record_share.c.grantee).where(
            record_share.c.entity == entity, record_share.c.record_id.in_(some)
        )
        for record_id, grantee in work.execute(shares.order_by(record_share.c.grantee)):
            found.setdefault(record_id, []).append(grantee)
    return found


def write_state(work: Work, entity: str, record_id: int, values: Mapping[str, Any], *, looked_up: bool = True) -> None:
    """Store values that come from the log or from a rule, without the rules for what people write."""
    record, records = ENTITIES[entity], TABLES[entity]
    columns = to_columns(record, {**values, "date_modified": work.now}) | sharing_columns(values)
    work.execute(update(records).where(records.c.id == record_id).values(**columns, version=records.c.version + 1))
    if "shared_with" in values:
        store_shares(work, entity, record_id, values["shared_with"])
    if looked_up:
        store_lookups(work.connection, record, record_id, values, new=False)


def sharing_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"visibility": VISIBILITIES.index(values["visibility"])} if "visibility" in values else {}


def store_shares(work: Work, entity: str, record_id: int, grantees: Iterable[str]) -> None:
    work.execute(delete(record_share).where(record_share.c.entity == entity, record_share.c.record_id == record_id))
    rows = [{"entity": entity, "record_id": record_id, "grantee": grantee} for grantee in grantees]
    if rows:
        work.execute(insert(record_share), rows)
