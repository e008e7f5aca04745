"""Functions on dates and moments. A moment without a zone is a clock on the wall; Copper's own are Unix seconds."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cuprum.automation.expressions.functions import java_dates
from cuprum.automation.expressions.functions.function import Function, pure
from cuprum.automation.expressions.functions.lists import whole_of
from cuprum.automation.expressions.functions.texts import filled, text_of
from cuprum.automation.expressions.scope import Scope
from cuprum.automation.expressions.values import Wrong, is_number, said


def moment_of(value: Any, name: str) -> date:
    """A date or moment, or ISO text of one: between steps they travel as text."""
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)
        except ValueError:
            pass
    raise Wrong(f"{name} takes a date, not {said(value)}")


def zone_of(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(text_of(name, "atZone"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Wrong(f"{name!r} is not a time zone; an example is Europe/Lisbon") from None


def now(scope: Scope) -> datetime:
    """In the zone of the run, without saying so."""
    return scope.moment().astimezone(ZoneInfo(scope.zone)).replace(tzinfo=None)


def timestamp(scope: Scope) -> int:
    """Milliseconds since 1970."""
    return int(scope.now * 1000)


def at_zone(value: Any, zone: Any) -> datetime:
    when = moment_of(value, "atZone")
    whole = when if isinstance(when, datetime) else datetime(when.year, when.month, when.day)
    return whole.astimezone(zone_of(zone)) if whole.tzinfo else whole.replace(tzinfo=zone_of(zone))


def parse_date(value: Any, pattern: Any = None) -> date:
    """A day, or with a pattern a moment with its zone."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return value
    text = text_of(value, "parseDate")
    if pattern is None:
        return _iso(text, date.fromisoformat, "a date such as 2026-03-29")
    when = java_dates.read(text, text_of(pattern, "parseDate"))
    if when.tzinfo is None:
        raise Wrong(f"{text!r} has no time zone; parseDateTime reads moments without one")
    return when


def parse_date_time(value: Any, pattern: Any = None) -> datetime:
    """A moment without a zone."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    text = text_of(value, "parseDateTime")
    if pattern is None:
        when = _iso(text, datetime.fromisoformat, "a moment such as 2026-03-29T10:00:00")
    else:
        when = java_dates.read(text, text_of(pattern, "parseDateTime"))
    return when.replace(tzinfo=None)


def _iso(text: str, read: Callable[[str], Any], example: str) -> Any:
    try:
        return read(text)
    except ValueError:
        raise Wrong(f"{text!r} is not {example}") from None


def form(value: Any, *given: Any) -> str:
    """`format(date, 'dd.MM.yyyy')`, or `format('%s of %d', …)`."""
    if isinstance(value, date):
        return java_dates.written(value, text_of(given[0], "format")) if given else value.isoformat()
    if isinstance(value, str) and "%" not in value and len(given) == 1 and isinstance(given[0], str):
        return java_dates.written(moment_of(value, "format"), given[0])
    return filled(text_of(value, "format"), *given)


def moved(unit: str, sign: int, name: str) -> Function:
    def move(value: Any, count: Any) -> date:
        when, number = moment_of(value, name), sign * whole_of(count, name)
        if unit in ("hours", "minutes", "seconds", "milliseconds", "microseconds") and not isinstance(when, datetime):
            when = datetime(when.year, when.month, when.day)
        try:
            match unit:
                case "months":
                    return _months_later(when, number)
                case "years":
                    return _months_later(when, number * 12)
            return when + timedelta(**{unit: number})
        except (OverflowError, ValueError):
            raise Wrong("the date lies outside of the calendar") from None

    return pure(move, 2)


def _months_later(when: Any, months: int) -> Any:
    """The same day of another month, or its last day."""
    year, month = divmod(when.year * 12 + when.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError
    return when.replace(year=year, month=month + 1, day=min(when.day, calendar.monthrange(year, month + 1)[1]))


def to_epoch(value: Any) -> int:
    """Unix seconds, as Copper writes moments; what has no zone is meant in UTC."""
    when = moment_of(value, "toEpoch")
    whole = when if isinstance(when, datetime) else datetime(when.year, when.month, when.day)
    return int((whole if whole.tzinfo else whole.replace(tzinfo=UTC)).timestamp())


def from_epoch(value: Any) -> datetime:
    if not is_number(value) and not (isinstance(value, str) and value.strip().lstrip("-").isdecimal()):
        raise Wrong(f"fromEpoch takes Unix seconds, not {said(value)}")
    try:
        return datetime.fromtimestamp(float(value), UTC)
    except (OverflowError, ValueError, OSError):
        raise Wrong("the date lies outside of the calendar") from None


_UNITS = {
    "Micros": "microseconds",
    "Millis": "milliseconds",
    "Seconds": "seconds",
    "Minutes": "minutes",
    "Hours": "hours",
    "Days": "days",
    "Weeks": "weeks",
    "Months": "months",
    "Years": "years",
}

DATES = {
    "atZone": pure(at_zone, 2),
    "format": pure(form, 1, 20),
    "now": Function(now, 0, 0),
    "parseDate": pure(parse_date, 1, 2),
    "parseDateTime": pure(parse_date_time, 1, 2),
    "timestamp": Function(timestamp, 0, 0),
    "uuid": Function(Scope.new_id, 0, 0),
    "toEpoch": pure(to_epoch, 1),
    "fromEpoch": pure(from_epoch, 1),
    **{f"plus{word}": moved(unit, 1, f"plus{word}") for word, unit in _UNITS.items()},
    **{f"minus{word}": moved(unit, -1, f"minus{word}") for word, unit in _UNITS.items()},
}
