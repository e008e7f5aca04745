"""What a report is asked for: a period in the account's time zone, an owner, a pipeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement

from cuprum.entities import reading
from cuprum.kit.errors import Invalid, Problem
from cuprum.records.custom_values import SECONDS_A_DAY
from cuprum.records.visible import visible
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES

PERIODS = (
    "this_month", "last_month", "next_month", "this_quarter", "last_quarter", "next_quarter", "this_year", "last_year",
    "next_year", "last_30_days", "next_30_days", "last_12_months", "next_12_months",
)  # fmt: skip
CUSTOM = "custom"
LONGEST_YEARS = 20
# What searches say for "nobody" and "nothing".
NONE = -2

deals = TABLES["opportunity"]


@dataclass(frozen=True)
class Asked:
    """Days are inclusive and those of the account's zone; `owner_id` may be -2 for what nobody owns."""

    period: str
    first: date
    last: date
    zone: str
    owner_id: int | None = None
    pipeline_id: int | None = None

    def closing(self, work: Work) -> tuple[ColumnElement[bool], ...]:
        """The opportunities that the actor may see, of that owner and pipeline, whose close date lies in the period."""
        return (*self.of_whom(work), deals.c.close_date.between(self.first.isoformat(), self.last.isoformat()))

    def of_whom(self, work: Work) -> tuple[ColumnElement[bool], ...]:
        conditions = [visible(work.actor, "opportunity")]
        if self.owner_id is not None:
            owner = deals.c.assignee_id
            conditions.append(owner.is_(None) if self.owner_id == NONE else owner == self.owner_id)
        if self.pipeline_id is not None:
            conditions.append(deals.c.pipeline_id == self.pipeline_id)
        return tuple(conditions)

    def search(self, first: date | None = None, last: date | None = None, **further: Any) -> dict[str, Any]:
        """The parameters of the search for the opportunities whose close date lies in these days, or in the period."""
        return {
            "minimum_close_date": _midnight(first or self.first),
            "maximum_close_date": _midnight(last or self.last),
            **self.search_of_whom(),
            **further,
        }

    def search_outside(self, **further: Any) -> dict[str, dict[str, Any]]:
        """The same for those whose close date lies before the period, and after it."""
        bounds = {
            "earlier": {"maximum_close_date": _midnight(self.first) - SECONDS_A_DAY},
            "later": {"minimum_close_date": _midnight(self.last) + SECONDS_A_DAY},
        }
        return {name: {**bound, **self.search_of_whom(), **further} for name, bound in bounds.items()}

    def search_of_whom(self) -> dict[str, Any]:
        asked = {"assignee_ids": self.owner_id, "pipeline_ids": self.pipeline_id}
        return {key: [value] for key, value in asked.items() if value is not None}

    def seconds(self) -> tuple[int, int]:
        """The first second of the period, and the first after it."""
        zone = ZoneInfo(self.zone)
        ends = (self.first, self.last + timedelta(days=1))
        first, after = (int(datetime.combine(day, time(), zone).timestamp()) for day in ends)
        return first, after

    def months(self) -> Iterator[tuple[str, date, date]]:
        """`2026-11`, and the first and last of its days in the period."""
        start = self.first
        while start <= self.last:
            following = _month(start, 1)
            yield f"{start:%Y-%m}", start, min(self.last, following - timedelta(days=1))
            start = following

    def shown(self) -> dict[str, Any]:
        return {
            "name": self.period,
            "first_day": self.first.isoformat(),
            "last_day": self.last.isoformat(),
            "time_zone": self.zone,
        }


def read_asked(work: Work, given: Mapping[str, Any], default: str) -> Asked:
    """Read `period` (with `from` and `to` for a custom one), `owner_id` and `pipeline_id`; raises Invalid with every problem."""
    zone = work.vocabulary.account["primary_timezone"]
    today = datetime.fromtimestamp(work.now, ZoneInfo(zone)).date()
    problems: list[Problem] = []
    period = given.get("period") or (CUSTOM if given.get("from") or given.get("to") else default)
    first = last = today
    if period == CUSTOM:
        first, last = (_day(given, name, problems) or today for name in ("from", "to"))
        if not problems and first > last:
            problems.append(Problem("to", "must not be before from"))
        elif not problems and last.year - first.year > LONGEST_YEARS:
            problems.append(Problem("to", f"must be within {LONGEST_YEARS} years of from"))
    elif period in PERIODS:
        first, last = days_of(period, today)
    else:
        problems.append(Problem("period", f"must be one of {', '.join((*PERIODS, CUSTOM))}", "inclusion"))
    owner_id = _word(work, given, "owner_id", "user", problems)
    pipeline_id = _word(work, given, "pipeline_id", "pipeline", problems)
    if problems:
        raise Invalid(*problems)
    return Asked(str(period), first, last, zone, owner_id, pipeline_id)


def days_of(period: str, today: date) -> tuple[date, date]:
    """The first and the last day of a named period."""
    which, _, unit = period.partition("_")
    if unit == "30_days":
        return (today - timedelta(days=29), today) if which == "last" else (today, today + timedelta(days=29))
    if unit == "12_months":
        # Whole months, the present one among them.
        first = _month(today, -11 if which == "last" else 0)
        return first, _month(first, 12) - timedelta(days=1)
    long = {"month": 1, "quarter": 3, "year": 12}[unit]
    present = date(today.year, (today.month - 1) // long * long + 1, 1)
    first = _month(present, {"last": -long, "this": 0, "next": long}[which])
    return first, _month(first, long) - timedelta(days=1)


def _month(day: date, later: int) -> date:
    """The first day of the month that many months later."""
    years, month = divmod(day.month - 1 + later, 12)
    return date(day.year + years, month + 1, 1)


def _midnight(day: date) -> int:
    # Searches take the bounds of a day as Unix seconds of its midnight, UTC.
    return (day - date(1970, 1, 1)).days * SECONDS_A_DAY


def _day(given: Mapping[str, Any], name: str, problems: list[Problem]) -> date | None:
    try:
        day = date.fromisoformat(str(given.get(name) or ""))
        # Bounds are unsigned seconds, and the day after the last must still be a day.
        if 1970 <= day.year <= 9000:
            return day
    except ValueError:
        pass
    problems.append(Problem(name, "must be a day such as 2026-11-25"))
    return None


def _word(work: Work, given: Mapping[str, Any], name: str, table: str, problems: list[Problem]) -> int | None:
    value = given.get(name)
    if value is None or value == "":
        return None
    if str(value) == str(NONE) and table == "user":
        return NONE
    try:
        word_id = reading.record_id(value, name)
    except PydanticCustomError:
        word_id = None
    if word_id in work.vocabulary.words[table]:
        return word_id
    problems.append(Problem(name, f"there is no {table} {reading.shown(value)}"))
    return None
