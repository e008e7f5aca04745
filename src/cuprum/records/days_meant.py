"""The days that a condition on a date means: `next 7`, `this week`, `before 2026-12-01`."""

from __future__ import annotations

from datetime import date, timedelta

from cuprum.entities import reading

# Inclusive; None where it has no end.
Span = tuple[date | None, date | None]
_MOST_DAYS = 36_500


def span(operator: str, values: tuple[str, ...], today: date) -> Span:
    """The first and the last day; weeks begin on Monday. Refuses what is no day."""
    match operator, values:
        case "today", _:
            return today, today
        case "yesterday", _:
            return _moved(today, -1), _moved(today, -1)
        case "tomorrow", _:
            return _moved(today, 1), _moved(today, 1)
        case (("this_week" | "next_week"), _):
            monday = _moved(today, -today.weekday() + (7 if operator == "next_week" else 0))
            return monday, _moved(monday, 6)
        case (("this_month" | "next_month"), _):
            return _month(today if operator == "this_month" else _month(today, after=True)[0])
        case "next", (days,):
            return today, _moved(today, _days(days))
        case "last", (days,):
            return _moved(today, -_days(days)), today
        case "past", _:
            return None, _moved(today, -1)
        case "ahead", _:
            return _moved(today, 1), None
        case "on", (day,):
            return _day(day), _day(day)
        case "before", (day,):
            return None, _moved(_day(day), -1)
        case "after", (day,):
            return _moved(_day(day), 1), None
        case "from", (day,):
            return _day(day), None
        case "until", (day,):
            return None, _day(day)
    first, last = map(_day, values)
    if first > last:
        reading.refuse("must begin before it ends")
    return first, last


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        reading.refuse(f"must be a day such as 2026-12-31, not {reading.shown(text)}")


def _days(text: str) -> int:
    days = reading.whole_number(text, 0, _MOST_DAYS)
    if days is None:
        reading.refuse("must be a number of days")
    return days


def _moved(day: date, by: int) -> date:
    try:
        return day + timedelta(days=by)
    except OverflowError:
        return date.max if by > 0 else date.min


def _month(day: date, *, after: bool = False) -> tuple[date, date]:
    """The first and the last day of the month of a day, or of the month after it."""
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return _month(following) if after else (first, following - timedelta(days=1))
