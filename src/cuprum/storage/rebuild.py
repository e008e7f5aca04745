"""What is derived from the records (lookup tables, folded columns, full-text tables): compared with them, and made anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text, update

from cuprum.entities import ENTITIES, Record, fields, kinds
from cuprum.storage.dialect import is_sqlite
from cuprum.storage.lookup_tables import RECORD_LOOKUPS
from cuprum.storage.lookups import lookup_rows
from cuprum.storage.rows import from_columns, to_columns
from cuprum.storage.tables import TABLES

# Small enough for a transaction that keeps nobody waiting.
RECORDS_A_TIME = 200
_LAST = 2**63 - 1


def flaws(connection: Connection, entity: str, after: int) -> tuple[int, int | None]:
    """How many of the next records have wrong derived rows, and the id to go on after (None: all were seen)."""
    rows, upto = _page(connection, entity, after)
    wanted = _wanted(entity, rows)
    wrong = {row["id"] for row, _ in _folded_wrongly(entity, rows)}
    for table in RECORD_LOOKUPS:
        # The number is stored rounded, and stands beside a text that is not.
        compared = [column for column in table.c if column.name not in ("entity", "number")]
        found = connection.execute(select(*compared).where(table.c.entity == entity, table.c.record_id.between(after + 1, upto)))
        stored = {tuple(row) for row in found}
        derived = {tuple(one[column.name] for column in compared) for one in wanted.get(table.name, ())}
        at = [column.name for column in compared].index("record_id")
        wrong |= {one[at] for one in stored ^ derived}
    return len(wrong), None if upto == _LAST else upto


def rebuild(connection: Connection, entity: str, after: int) -> int | None:
    """Derive the next records' rows anew; returns the id to go on after, or None at the end."""
    rows, upto = _page(connection, entity, after)
    for table in RECORD_LOOKUPS:
        connection.execute(delete(table).where(table.c.entity == entity, table.c.record_id.between(after + 1, upto)))
    tables = {table.name: table for table in RECORD_LOOKUPS}
    for name, wanted in _wanted(entity, rows).items():
        connection.execute(insert(tables[name]), wanted)
    records = TABLES[entity]
    for row, columns in _folded_wrongly(entity, rows):
        connection.execute(update(records).where(records.c.id == row["id"]).values(**columns))
    return None if upto == _LAST else upto


def full_text_flaw(connection: Connection, entity: str) -> str | None:
    """What SQLite finds wrong with the entity's full-text table."""
    if not is_sqlite(connection) or not _is_searched(entity):
        return None
    try:
        connection.execute(text(f"INSERT INTO {entity}_fts({entity}_fts, rank) VALUES ('integrity-check', 1)"))
    except Exception as trouble:
        return str(getattr(trouble, "orig", trouble))
    return None


def rebuild_full_text(connection: Connection, entity: str) -> None:
    """In one piece: rows that come in while it is half built would be counted twice."""
    if is_sqlite(connection) and _is_searched(entity):
        connection.execute(text(f"INSERT INTO {entity}_fts({entity}_fts) VALUES ('rebuild')"))


def _is_searched(entity: str) -> bool:
    return "name_key" in TABLES[entity].c


def _page(connection: Connection, entity: str, after: int) -> tuple[list[Mapping[str, Any]], int]:
    records = TABLES[entity]
    page = select(records).where(records.c.id > after).order_by(records.c.id).limit(RECORDS_A_TIME)
    rows: list[Mapping[str, Any]] = [dict(row) for row in connection.execute(page).mappings()]
    return rows, rows[-1]["id"] if len(rows) == RECORDS_A_TIME else _LAST


def _wanted(entity: str, rows: list[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    wanted: dict[str, list[dict[str, Any]]] = {}
    record: type[Record] = ENTITIES[entity]
    for row in rows:
        # The trash stands in no lookup.
        if row["deleted_at"] is None:
            for table, derived in lookup_rows(record, row["id"], from_columns(record, row)):
                wanted.setdefault(table.name, []).extend(derived)
    return {name: derived for name, derived in wanted.items() if derived}


def _folded_wrongly(entity: str, rows: list[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], dict[str, Any]]]:
    record = ENTITIES[entity]
    folded = [one.name for one in fields(record) if isinstance(one.kind, kinds.Text) and one.kind.folded]
    for row in rows:
        wanted = to_columns(record, {name: row[name] for name in folded})
        wrong = {name: value for name, value in wanted.items() if row[name] != value}
        if wrong:
            yield row, wrong
