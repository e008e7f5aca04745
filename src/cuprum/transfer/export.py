"""Records out as CSV: the columns asked for, names for ids, ISO dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cuprum.entities import Field, kinds
from cuprum.entities.reading import ADDRESS_KEYS
from cuprum.kit import jsonio
from cuprum.kit.csv_text import csv_lines
from cuprum.records.custom_values import date_zone
from cuprum.records.listing import Listing
from cuprum.records.naming import End, names_of
from cuprum.records.vocabulary import Definition
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES

ROWS_A_WINDOW = 500
# By it a spreadsheet knows that the file is UTF-8.
BOM = "\ufeff"
_BETWEEN = "; "


@dataclass(frozen=True)
class ExportColumn:
    """A field, a part of an address, or a custom field, under its header."""

    header: str
    source: Field | Definition
    part: str = ""


def export_columns(columns: Iterable[tuple[str, Field | Definition]]) -> list[ExportColumn]:
    """An address has a column for each of its parts."""
    return [one for header, source in columns for one in _columns(header, source)]


def export_lines(work: Work, listing: Listing, columns: Sequence[ExportColumn]) -> Iterator[str]:
    """The whole list, some hundred lines at a time, the header first. Lines belong together where `work` reads one snapshot."""
    yield csv_lines([[one.header for one in columns]])
    position: tuple[Any, ...] | None = None
    while True:
        found, position = listing.after(position, ROWS_A_WINDOW)
        records = jsonio.decode(jsonio.encode(found))
        names = names_of(work, (end for one in columns for record in records if (end := _end(one.source, record))))
        yield csv_lines([_cell(work, one, record, names) for one in columns] for record in records)
        if len(records) < ROWS_A_WINDOW:
            return


def _columns(header: str, source: Field | Definition) -> Iterator[ExportColumn]:
    if isinstance(source, Field) and isinstance(source.kind, kinds.Address):
        for part in ADDRESS_KEYS:
            yield ExportColumn(part.replace("_", " ").capitalize(), source, part)
    else:
        yield ExportColumn(header, source)


def _end(source: Field | Definition, record: Mapping[str, Any]) -> End | None:
    """The record that a value leads to."""
    if isinstance(source, Definition) or not (value := record.get(source.name)):
        return None
    match source.kind:
        case kinds.LinkTo(entity=entity) if entity in TABLES:
            return entity, value
        case kinds.Reference() if value["id"]:
            return value["type"], value["id"]
    return None


def _cell(work: Work, column: ExportColumn, record: Mapping[str, Any], names: Mapping[End, str]) -> Any:
    if isinstance(column.source, Definition):
        given = record.get("custom_fields") or ()
        value = next((one["value"] for one in given if one["custom_field_definition_id"] == column.source.id), None)
        return _custom(work, column.source, value)
    value, kind = record.get(column.source.name), column.source.kind
    if value is None:
        return None
    match kind:
        case kinds.Instant():
            zone = ZoneInfo(work.vocabulary.account["primary_timezone"])
            return datetime.fromtimestamp(value, zone).isoformat()
        case kinds.Day():
            month, day, year = map(int, value.split("/"))
            return date(year, month, day).isoformat()
        case kinds.Amount():
            return _number(value)
        case kinds.LinkTo(entity=entity) if entity not in TABLES:
            return work.vocabulary.words[entity].get(value, {}).get("name")
        case kinds.LinkTo() | kinds.Reference():
            end = _end(column.source, record)
            return names.get(end) if end else None
        case kinds.OneEmail():
            return value["email"]
        case kinds.Contacts(item=item):
            return _BETWEEN.join(one[item] for one in value)
        case kinds.Tags():
            return _BETWEEN.join(value)
        case kinds.Address():
            return value.get(column.part)
    return value


def _custom(work: Work, definition: Definition, value: Any) -> Any:
    if value is None:
        return None
    match definition.data_type:
        case "Dropdown":
            return definition.living.get(value)
        case "MultiSelect":
            return _BETWEEN.join(definition.living[one] for one in value if one in definition.living)
        case "Date":
            zone = ZoneInfo(date_zone(work.settings.date_zone, work.vocabulary))
            return datetime.fromtimestamp(value, zone).date().isoformat()
        case "Checkbox":
            return "true" if value else "false"
        case "Float" | "Currency" | "Percentage":
            return _number(value)
    return value


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else value
