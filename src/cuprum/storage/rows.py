"""Between a record's values, named as on the wire, and the columns that hold them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, Table, insert

from cuprum.entities import Field, Record, fields, fields_among, kinds
from cuprum.kit.text import fold
from cuprum.storage.prepared import Prepared

# Folded twins serve sorting and searching; no index wants a novel.
_LONGEST_KEY = 255

# Decimals keep every digit on their way through the log.
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


def to_columns(record: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    """The column values for the fields that are in `values`."""
    columns: dict[str, Any] = {}
    for field in fields_among(record, values):
        columns.update(_columns(field, values[field.name]))
    return columns


def _columns(field: Field, value: Any) -> dict[str, Any]:
    name = field.name
    match field.kind:
        case kinds.Joined():
            return {}
        case kinds.Text(folded=True):
            return {name: value, f"{name}_key": fold(value or "")[:_LONGEST_KEY]}
        case kinds.Choice(options=options):
            return {name: None if value is None else options.index(value)}
        case kinds.Reference():
            reference = value or {"id": None, "type": None}
            return {f"{name}_id": reference["id"], f"{name}_type": reference["type"]}
        case kinds.ActivityType():
            return {f"{name}_id": value["id"], f"{name}_category": value["category"]}
        case kinds.CustomFields():
            return {name: {str(key): one for key, one in value.items()}}
    return {name: value}


def from_columns(record: type[Record], row: Mapping[str, Any]) -> dict[str, Any]:
    """A record's values from a row with all its columns; JSON is decoded, what is joined is left out."""
    return {name: read(row) for name, read in _readers(record)}


@cache
def _readers(record: type[Record]) -> tuple[tuple[str, Callable[[Mapping[str, Any]], Any]], ...]:
    return tuple((field.name, _reader(field)) for field in fields(record) if not isinstance(field.kind, kinds.Joined))


def _reader(field: Field) -> Callable[[Mapping[str, Any]], Any]:
    name = field.name
    match field.kind:
        case kinds.Choice(options=options):
            return lambda row: None if row[name] is None else options[row[name]]
        case kinds.Reference():
            of_id, of_type = f"{name}_id", f"{name}_type"
            return lambda row: None if row[of_id] is None else {"id": row[of_id], "type": row[of_type]}
        case kinds.ActivityType():
            return lambda row: {"id": row[f"{name}_id"], "category": row[f"{name}_category"]}
        case kinds.OneEmail() | kinds.Contacts() | kinds.Address() | kinds.Tags() | kinds.Json():
            return lambda row: None if row[name] is None else _decode(row[name])
        case kinds.CustomFields():
            return lambda row: {int(key): value for key, value in _decode(row[name]).items()}
    return itemgetter(name)


def from_log(record: type[Record], logged: str) -> dict[str, Any]:
    """The values of a change (`change.before`, `change.after`) as `to_columns` takes them."""
    values = _decode(logged)
    if values.get("custom_fields"):
        values["custom_fields"] = {int(key): value for key, value in values["custom_fields"].items()}
    for field in fields(record):
        if isinstance(field.kind, kinds.Amount) and isinstance(values.get(field.name), int):
            values[field.name] = Decimal(values[field.name])
    return values


@cache
def insertion(table: Table) -> Prepared:
    """The statement that inserts into a table; the values are its parameters."""
    return Prepared(insert(table))


def inserted_id(connection: Connection, table: Table, values: Mapping[str, Any]) -> int:
    """Insert a row and return the id that the database gave it."""
    return insertion(table).inserted_id(connection, values)


def inserted_ids(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert several rows by one statement; their ids in the same order."""
    key = table.primary_key.columns[0]
    return list(connection.execute(_returning(table, key), rows).scalars())


@cache
def _returning(table: Table, key: Column[int]) -> Any:
    return insert(table).returning(key, sort_by_parameter_order=True)


class Later:
    """Rows whose ids nobody waits for, gathered to be inserted together: one statement a table rather than one a record."""

    def __init__(self) -> None:
        self._rows: dict[Table, list[dict[str, Any]]] = {}

    def add(self, table: Table, rows: list[dict[str, Any]]) -> None:
        self._rows.setdefault(table, []).extend(rows)

    def insert(self, connection: Connection) -> None:
        """Raises IntegrityError for a row that clashes, as its own insertion would have."""
        gathered, self._rows = self._rows, {}
        for table, rows in gathered.items():
            insertion(table).run_each(connection, rows)
