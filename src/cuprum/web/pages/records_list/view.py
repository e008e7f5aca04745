"""The list of the records of one entity: found by words and filters that stand in its address, sorted by a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from cuprum.entities import ENTITIES, Field, Record, field, fields, kinds
from cuprum.entities.search_keys import Sort
from cuprum.kit import jsonio
from cuprum.records.criteria import criteria
from cuprum.records.search import search
from cuprum.records.work import Work
from cuprum.web.arrangement import COLUMNS, FILTERS, label_of
from cuprum.web.facts import Choice, Fact, fact_from, named
from cuprum.web.news import followed, linked_from
from cuprum.web.visit import Page, Visit
from cuprum.web.ways import CONVERTED, ways_to_see

ROWS = 100
# What stands in the address beside the filters of the form.
_KEPT = ("sort_by", "sort_direction", "pipeline_ids", *CONVERTED)


@dataclass(frozen=True)
class Column:
    """`order` is the address of the list sorted by it, None where it cannot be; `sorted` says which way it is now."""

    name: str
    label: str
    order: str | None
    sorted: str | None


@dataclass(frozen=True)
class Filter:
    name: str
    label: str
    value: str
    choices: Sequence[tuple[str | None, Sequence[Choice]]]
    is_needed: bool = False


def records_list(work: Work, visit: Visit) -> Page:
    record = _record(visit)
    live = followed(work, record.entity, *linked_from(record))
    asked = asked_of(record, visit.query)
    number = _number(visit.query.get("page"))
    found = search(work, record.entity, {}, {**asked, "page_size": ROWS, "page_number": number})
    rows = [jsonio.decode(jsonio.encode(one)) for one in found.records]
    columns = [field(record, name) for name in COLUMNS[record.entity]]
    facts = named(work, ([fact_from(work, one, row) for one in columns] for row in rows))
    first = (number - 1) * ROWS
    return Page(
        "records_list/records_list.html",
        {
            "record": record,
            "live": live,
            "columns": _columns(visit, record, columns),
            "rows": list(zip(rows, facts, strict=True)),
            "total": found.total,
            "first": first + 1 if rows else 0,
            "last": first + len(rows),
            "before": _with(visit, page=number - 1) if number > 1 else None,
            "after": _with(visit, page=number + 1) if first + len(rows) < found.total else None,
            "list_ways": ways_to_see(visit, record),
            "filters": _filters(work, record, visit),
            "words": visit.query.get("name", ""),
            "tag": visit.query.get("tags", ""),
            "has_tags": "tags" in criteria(record),
            "kept": {name: visit.query[name] for name in _KEPT if name in visit.query},
            "is_filtered": any(name not in ("sort_by", "sort_direction") for name in asked),
        },
        part="rows",
    )


def _record(visit: Visit) -> type[Record]:
    return next(one for one in ENTITIES.values() if visit.path == f"/{one.plural}")


def asked_of(record: type[Record], query: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of the search in the address, by their names on the wire."""
    known = criteria(record)
    asked: dict[str, Any] = {name: value for name, value in query.items() if value and name in known}
    asked |= {name: query[name] for name in ("sort_by", "sort_direction") if query.get(name)}
    return asked


def _number(text: str | None) -> int:
    return max(1, int(text)) if text and text.isascii() and text.isdecimal() and len(text) < 8 else 1


def _columns(visit: Visit, record: type[Record], shown: Sequence[Any]) -> list[Column]:
    by = visit.query.get("sort_by", record.default_sort)
    descends = visit.query.get("sort_direction") == "desc"
    columns = []
    for one in shown:
        keys = _sort_keys(record, one)
        is_sorted = by in keys
        way = "asc" if is_sorted and descends else "desc"
        order = _with(visit, sort_by=keys[0], sort_direction=way if is_sorted else "asc", page=None) if keys else None
        columns.append(Column(one.name, label_of(one), order, ("descending" if descends else "ascending") if is_sorted else None))
    return columns


def _sort_keys(record: type[Record], one: Field) -> tuple[str, ...]:
    """The orders that a column stands for; a link is sorted by the name of what it leads to, which is a field of its own."""
    named = [other for other in fields(record) if isinstance(other.kind, kinds.Joined) and other.kind.link == one.name]
    return next((fact.keys for field in (one, *named) for fact in field.facts if isinstance(fact, Sort)), ())


def _filters(work: Work, record: type[Record], visit: Visit) -> list[Filter]:
    found = []
    for parameter, name in FILTERS[record.entity]:
        fact: Fact = fact_from(work, field(record, name), {})
        found.append(Filter(parameter, fact.label, visit.query.get(parameter, ""), fact.choices))
    return found


def _with(visit: Visit, **changes: Any) -> str:
    state = {name: value for name, value in {**visit.query, **changes}.items() if value not in (None, "") and name != "done"}
    if state.get("page") == 1:
        del state["page"]
    return visit.path + ("?" + urlencode(state) if state else "")
