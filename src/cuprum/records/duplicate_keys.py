"""What duplicates have in common: for each reason a statement over the lookup tables that lists who shares a key.

Each finds at most `MOST_KEYS` keys, in the order of an index, and leaves out keys that many share: those are no sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from cuprum.records.visible import present
from cuprum.records.work import Work
from cuprum.storage.lookup_tables import email_key, phone_key, url_key
from cuprum.storage.tables import TABLES

MOST_KEYS = 2_000
MOST_ALIKE = 20
# Fewer digits are an extension or a mistake.
FEWEST_DIGITS = 7


@dataclass(frozen=True)
class Alike:
    """Records of whom something is the same: `value` is what, `score` from 0 to 100 how likely they are one."""

    reason: str
    score: int
    value: str
    ids: tuple[int, ...]


def alike(work: Work, entity: str) -> Iterator[Alike]:
    """Every key that at least two records share which the actor may see."""
    if entity == "lead":
        yield from _by_lookup(work, entity, "same_email", 95, email_key, email_key.c.email)
    long_enough = func.length(phone_key.c.backwards) >= FEWEST_DIGITS
    for one in _by_lookup(work, entity, "same_phone", 80, phone_key, phone_key.c.backwards, long_enough):
        yield Alike(one.reason, one.score, one.value[::-1], one.ids)
    if entity == "company":
        yield from _by_lookup(work, entity, "same_website", 85, url_key, _host(url_key.c.url), ~url_key.c.is_social)
        yield from _by_columns(work, entity, "same_name", 85, "name_key")
    elif entity == "person":
        yield from _by_columns(work, entity, "same_name_and_company", 90, "name_key", "company_id")
    else:
        yield from _by_columns(work, entity, "same_name_and_company", 90, "name_key", "company_name_key")


def _host(url: ColumnElement[str]) -> ColumnElement[str]:
    bare: Any = url
    for front in ("https://", "http://", "www."):
        bare = func.replace(bare, front, "")
    return func.rtrim(bare, "/")


def _by_lookup(
    work: Work, entity: str, reason: str, score: int, table: Any, key: ColumnElement[str], *where: ColumnElement[bool]
) -> Iterator[Alike]:
    conditions = (table.c.entity == entity, key != "", *where)
    # Who may see them is asked of the few that share a key, not of all.
    shared = _several(select(key).where(*conditions).group_by(key)).order_by(key).limit(MOST_KEYS)
    records = TABLES[entity]
    holders = (
        select(key, records.c.id)
        .join_from(table, records, records.c.id == table.c.record_id)
        .where(*conditions, key.in_(shared), present(work.actor, entity))
        .order_by(key, records.c.id)
    )
    yield from _groups(reason, score, ((row[0], row[0], row[1]) for row in work.execute(holders)))


def _by_columns(work: Work, entity: str, reason: str, score: int, *names: str) -> Iterator[Alike]:
    """Where all these columns are the same and none is empty."""
    records = TABLES[entity]
    columns = [records.c[name] for name in names]
    filled = [column != "" if name.endswith("_key") else column.is_not(None) for name, column in zip(names, columns, strict=True)]
    shared = _several(select(*columns).where(*filled, present(work.actor, entity)).group_by(*columns))
    keys = shared.order_by(*columns).limit(MOST_KEYS).subquery()
    same = and_(*(column == keys.c[name] for name, column in zip(names, columns, strict=True)))
    members = select(records.c.id, records.c.name, *columns).join_from(keys, records, same)
    rows = work.execute(members.where(present(work.actor, entity)).order_by(*columns, records.c.id))
    yield from _groups(reason, score, ((row[2:], row.name, row.id) for row in rows))


def _several(statement: Any) -> Any:
    return statement.having(func.count().between(2, MOST_ALIKE))


def _groups(reason: str, score: int, rows: Iterable[tuple[Any, str, int]]) -> Iterator[Alike]:
    for _, some in groupby(rows, key=lambda row: row[0]):
        members = list(some)
        ids = tuple(dict.fromkeys(record_id for _, _, record_id in members))
        if len(ids) > 1:
            yield Alike(reason, score, members[0][1], ids)
