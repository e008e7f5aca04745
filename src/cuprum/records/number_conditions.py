"""Conditions on numbers, days and moments; a day of a moment is one in the account's zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, false, or_

from cuprum.entities import kinds, reading
from cuprum.records.asked_condition import Asked, Clause
from cuprum.records.custom_values import date_zone, plain_number
from cuprum.records.days_meant import span
from cuprum.storage.lookup_tables import custom_key


def number_clause(asked: Asked) -> Clause:
    read = [reading.amount(value) or Decimal(0) for value in asked.values]
    if asked.operator == "between" and read[0] > read[1]:
        reading.refuse("must begin below its end")
    if asked.attribute.definition:
        return _custom_number(asked, read)
    if isinstance(asked.attribute.field.kind, kinds.Count):
        return _whole_number(asked, read)
    return _not_or(asked, _bounded(asked, asked.column, read))


def _custom_number(asked: Asked, read: list[Decimal]) -> Clause:
    held = asked.held_custom()
    if asked.operator in ("is", "not"):
        # A measured value has more places than the column of its number.
        found = asked.records.c.id.in_(held.where(custom_key.c.text == plain_number(asked.values[0])))
        return ~found if asked.operator == "not" else found
    return asked.among(held.where(_bounded(asked, custom_key.c.number, read)))


def _whole_number(asked: Asked, read: list[Decimal]) -> Clause:
    """At least 1.5 is at least 2; nothing is 1.5."""
    if asked.operator in ("is", "not") and read[0] != read[0].to_integral_value():
        return _not_or(asked, false())
    rounding = (ROUND_FLOOR,) if asked.operator == "most" else (ROUND_CEILING, ROUND_FLOOR)
    whole = [int(one.to_integral_value(how)) for one, how in zip(read, rounding, strict=False)]
    return _not_or(asked, _bounded(asked, asked.column, whole))


def _not_or(asked: Asked, found: Clause) -> Clause:
    return or_(~found, asked.column.is_(None)) if asked.operator == "not" else found


def _bounded(asked: Asked, column: ColumnElement[Any], read: list[Any]) -> Clause:
    match asked.operator:
        case "least":
            return column >= read[0]
        case "most":
            return column <= read[0]
        case "between":
            return and_(column >= read[0], column <= read[1])
    return column == read[0]


def date_clause(asked: Asked) -> Clause:
    first, last = span(asked.operator, asked.values, _today(asked))
    if asked.attribute.definition:
        held = asked.held_custom()
        return asked.among(held.where(_within(custom_key.c.number, _as_number(first), _as_number(last))))
    if isinstance(asked.attribute.field.kind, kinds.Day):
        return _within(asked.column, first.isoformat() if first else None, last.isoformat() if last else None)
    end = _midnight(asked, last + timedelta(days=1) if last and last < date.max else None)
    return _within(asked.column, _midnight(asked, first), None if end is None else end - 1)


def _today(asked: Asked) -> date:
    zone = date_zone(asked.work.settings.date_zone, asked.work.vocabulary)
    if isinstance(asked.attribute.field.kind, kinds.Instant):
        zone = asked.work.vocabulary.account["primary_timezone"]
    return datetime.fromtimestamp(asked.work.now, ZoneInfo(zone)).date()


def _midnight(asked: Asked, day: date | None) -> int | None:
    if day is None:
        return None
    # Years at the edge of the calendar have no moment in every zone.
    if not date.min.year < day.year < date.max.year:
        return 0 if day.year == date.min.year else reading.LAST_SECOND
    return int(datetime.combine(day, time(), ZoneInfo(asked.work.vocabulary.account["primary_timezone"])).timestamp())


def _within(column: ColumnElement[Any], first: Any, last: Any) -> Clause:
    bounds = [column.is_not(None)]
    if first is not None:
        bounds.append(column >= first)
    if last is not None:
        bounds.append(column <= last)
    return and_(*bounds)


def _as_number(day: date | None) -> Decimal | None:
    """As days stand in `custom_key.number`: 20261231."""
    return Decimal(day.isoformat().replace("-", "")) if day else None
