"""Keeps the derived lookup tables in step with a record's values, and rebuilds them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete

from cuprum.entities import Field, Record, fields, fields_among, kinds
from cuprum.kit.text import digits, fold, starts
from cuprum.storage.lookup_tables import (
    address_key,
    custom_key,
    email_key,
    name_start,
    phone_key,
    tag_key,
    url_key,
)
from cuprum.storage.prepared import Prepared
from cuprum.storage.rows import Later, insertion


def store_lookups(
    connection: Connection,
    record: type[Record],
    record_id: int,
    values: Mapping[str, Any],
    *,
    new: bool,
    later: Later | None = None,
) -> None:
    """Write the lookup rows of the fields that are in `values`, in place of those that stood there; or leave it for `later`."""
    for field in fields_among(record, values):
        if (table := _table(field)) is None:
            continue
        if not new:
            held = {"of_entity": record.entity, "of_record": record_id, "of_socials": field.name == "socials"}
            _removal(table).run(connection, held)
        if not (rows := _whole_rows(record, record_id, field, values)):
            continue
        if later is None:
            insertion(table).run_each(connection, rows)
        else:
            later.add(table, rows)


def lookup_rows(record: type[Record], record_id: int, values: Mapping[str, Any]) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """All the lookup rows of one record, table by table: for loading and rebuilding in bulk."""
    for field in fields_among(record, values):
        if (table := _table(field)) is not None:
            yield table, _whole_rows(record, record_id, field, values)


def _whole_rows(record: type[Record], record_id: int, field: Field, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    key = {"entity": record.entity, "record_id": record_id}
    return [{**key, **row} for row in _rows(field, values[field.name])]


def remove_lookups(connection: Connection, record: type[Record], ids: Collection[int]) -> None:
    """Take these records out of the lookup tables that their entity uses."""
    for table in {table for field in fields(record) if (table := _table(field)) is not None}:
        connection.execute(delete(table).where(table.c.entity == record.entity, table.c.record_id.in_(ids)))


def _table(field: Field) -> Table | None:
    match field.kind:
        case kinds.Text() if field.name == "name":
            return name_start
        case kinds.OneEmail() | kinds.Contacts(item="email"):
            return email_key
        case kinds.Contacts(item="number"):
            return phone_key
        case kinds.Contacts(item="url"):
            return url_key
        case kinds.Address():
            return address_key
        case kinds.Tags():
            return tag_key
        case kinds.CustomFields():
            return custom_key
    return None


@cache
def _removal(table: Table) -> Prepared:
    """Takes out the rows that a record has there; websites and socials share a table."""
    own = delete(table).where(table.c.entity == bindparam("of_entity"), table.c.record_id == bindparam("of_record"))
    return Prepared(own.where(url_key.c.is_social == bindparam("of_socials")) if table is url_key else own)


def _rows(field: Field, value: Any) -> Iterable[dict[str, Any]]:
    match field.kind:
        case kinds.Text():
            return [{"start": start} for start in starts(fold(value or ""))]
        case kinds.OneEmail():
            return [{"email": fold(value["email"])}] if value else []
        case kinds.Contacts(item="email"):
            return [{"email": email} for email in dict.fromkeys(fold(one["email"]) for one in value)]
        case kinds.Contacts(item="number"):
            numbers = dict.fromkeys(digits(one["number"])[::-1] for one in value)
            return [{"backwards": number} for number in numbers if number]
        case kinds.Contacts():
            urls = dict.fromkeys(fold(one["url"])[:255] for one in value)
            return [{"url": url, "is_social": field.name == "socials"} for url in urls]
        case kinds.Address():
            return [{part: fold(value[part] or "") for part in _ADDRESS_PARTS}] if value else []
        case kinds.Tags():
            return [{"tag_key": fold(tag), "tag": tag} for tag in {fold(tag): tag for tag in value}.values()]
        case kinds.CustomFields():
            return list(_custom_rows(value))
    return []


_ADDRESS_PARTS = ("city", "state", "postal_code", "country")


def _custom_rows(custom: Mapping[int, Any]) -> Iterator[dict[str, Any]]:
    for definition_id, value in custom.items():
        row = {"definition_id": definition_id, "option_id": 0, "number": None, "text": None}
        match value:
            case list():
                for option in dict.fromkeys(value):
                    yield row | {"option_id": option}
            case bool():
                yield row | {"number": Decimal(int(value))}
            case int():
                yield row | {"option_id": value}
            case str():
                yield row | {"number": _as_number(value), "text": fold(value)[:255]}


_NUMBER = re.compile(r"-?\d{1,14}(\.\d{1,10})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _as_number(stored: str) -> Decimal | None:
    """Days compare as YYYYMMDD, decimals as they are; other text has no number."""
    if _DAY.fullmatch(stored):
        return Decimal(stored.replace("-", ""))
    return Decimal(stored) if _NUMBER.fullmatch(stored) else None
