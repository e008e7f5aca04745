"""The list of the records of one entity: narrowed, sorted and laid out by what stands in its address, shown window by window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cuprum.entities import ENTITIES, Record, field
from cuprum.kit import jsonio
from cuprum.kit.errors import Invalid, Problem
from cuprum.records.criteria import criteria
from cuprum.records.listing import Listing, Window
from cuprum.records.merge import MERGEABLE
from cuprum.records.work import Work
from cuprum.web import list_columns
from cuprum.web.arrangement import DEFAULT_ORDER, FILTERS
from cuprum.web.facts import Choice, fact_from
from cuprum.web.list_bar import bar_of
from cuprum.web.list_state import ListState, asked_of
from cuprum.web.news import followed, linked_from
from cuprum.web.visit import Page, Visit
from cuprum.web.ways import ways_to_see

ROWS = 100
# The bar has a place for these, and for each quick filter.
_IN_BAR = ("name", "tags")


@dataclass(frozen=True)
class Column:
    """`order` is the address of the list sorted by it, None where it cannot be; `sorted` says which way it is now, `is_long`
    that what stands in it is one long word."""

    name: str
    label: str
    order: str | None
    sorted: str | None
    is_long: bool = False


@dataclass(frozen=True)
class Filter:
    name: str
    label: str
    value: str
    choices: Sequence[tuple[str | None, Sequence[Choice]]]
    is_needed: bool = False


def records_list(work: Work, visit: Visit) -> Page:
    record = _record(visit)
    state = ListState.at_visit(visit, record)
    live = followed(work, record.entity, *linked_from(record))
    window, problems = _window(work, state, visit.query)
    rows = [jsonio.decode(jsonio.encode(one)) for one in window.records]
    columns = list_columns.shown_columns(work, record.entity, state.columns)
    facts = list_columns.facts_in(work, list(columns.values()), rows)
    filters = _filters(work, record, visit)
    words = {
        "record": record, "live": live, "columns": _columns(work, state, columns), "rows": list(zip(rows, facts, strict=True)),
        "window": window, "last": window.first + len(rows) - 1 if rows else 0,
        "before": state.with_(before=rows[0]["id"]) if window.before and rows else None,
        "after": state.with_(after=rows[-1]["id"]) if window.after and rows else None,
        "list_ways": ways_to_see(visit, record), "filters": filters, "words": visit.query.get("name", ""),
        "tag": visit.query.get("tags", ""), "has_tags": "tags" in criteria(record), "kept": kept_beside(state, filters),
        "bar": bar_of(work, state, visit, problems), "can_merge": record.entity in MERGEABLE,
        "is_filtered": any(not name.startswith("sort_") for name in state.asked) or bool(state.where_text),
    }  # fmt: skip
    return Page("records_list/records_list.html", words, part="rows", status=422 if problems else 200)


def _record(visit: Visit) -> type[Record]:
    return next(one for one in ENTITIES.values() if visit.path == f"/{one.plural}")


def _window(work: Work, state: ListState, query: Mapping[str, str]) -> tuple[Window, Sequence[Problem]]:
    """Nothing is shown of a list whose address asks for what cannot be."""
    try:
        listing = Listing(work, state.record.entity, DEFAULT_ORDER.get(state.record.entity, {}) | state.asked, state.where)
        return listing.window(ROWS, after=_id(query.get("after")), before=_id(query.get("before"))), ()
    except Invalid as trouble:
        return Window([], 0, 0, before=False, after=False), trouble.problems


def _id(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def _columns(work: Work, state: ListState, shown: Mapping[str, list_columns.Column]) -> list[Column]:
    entity = state.record.entity
    usual = DEFAULT_ORDER.get(entity, {"sort_by": state.record.default_sort})
    by = state.query.get("sort_by", usual["sort_by"])
    descends = state.query.get("sort_direction", usual.get("sort_direction")) == "desc"
    columns = []
    for name, column in shown.items():
        keys = list_columns.orders_of(work, entity, name, column)
        is_sorted = by in keys
        way = ("asc" if descends else "desc") if is_sorted else "asc"
        order = state.with_(sort_by=keys[0], sort_direction=way) if keys else None
        sorted_now = ("descending" if descends else "ascending") if is_sorted else None
        columns.append(Column(name, list_columns.title_of(column), order, sorted_now, is_long=list_columns.holds_emails(column)))
    return columns


def _filters(work: Work, record: type[Record], visit: Visit) -> list[Filter]:
    found = []
    for parameter, name in FILTERS[record.entity]:
        fact = fact_from(work, field(record, name), {})
        found.append(Filter(parameter, fact.label, visit.query.get(parameter, ""), fact.choices))
    return found


def kept_beside(state: ListState, filters: Sequence[Filter]) -> dict[str, Any]:
    """What the bar's form sends along because it has no place for it."""
    shown = (*_IN_BAR, *(one.name for one in filters))
    return {name: value for name, value in state.query.items() if name not in shown}


__all__ = ["Filter", "asked_of", "kept_beside", "records_list"]
