"""`schedule/v1/…`: when its parameters are due, in the clock's own words; and what such a trigger says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from cuprum.automation.workflow_file import Trouble

# ByteChef's `timeUnit`: minutes, hours, days, months.
_UNIT_SECONDS = {1: 60, 2: 3_600, 3: 86_400}
_MONTHS = 4
_DAYS = range(1, 8)
# One part of Quartz's field of weekdays, where Sunday is 1: `2`, `2-6`, `6L`, `2#1`, `2/2`.
_QUARTZ_DAY = re.compile(r"([1-7])(?:-([1-7]))?(L)?(/\d+)?(#[1-5])?")


def rhythm(kind: str, given: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """`cron` or `every_seconds`, and the `zone`; the parameters were found good by `troubles_of`."""
    zone = given.get("timezone") or zone
    if kind.endswith("/interval"):
        count, unit = int(given["interval"]), int(given["timeUnit"])
        if unit == _MONTHS:
            return {"cron": f"0 0 1 */{count} *", "zone": zone}
        return {"every_seconds": count * _UNIT_SECONDS[unit], "zone": zone}
    return {"cron": _cron(kind, given), "zone": zone}


def troubles_of(kind: str, given: Mapping[str, Any]) -> Iterator[Trouble]:
    """What is wrong with the parameters of a schedule, each with the name of its field."""
    match kind.rpartition("/")[2]:
        case "interval":
            yield from _whole(given, "interval", 1, 12 if given.get("timeUnit") in (4, "4") else 1_000_000)
            yield from _whole(given, "timeUnit", 1, 4)
        case "cron":
            yield from _of_expression(given)
        case other:
            yield from _whole(given, "hour", 0, 23)
            yield from _whole(given, "minute", 0, 59)
            if other == "everyMonth":
                yield from _whole(given, "dayOfMonth", 1, 31)
            if other == "everyWeek" or given.get("dayOfWeek") is not None:
                yield from _of_days(given.get("dayOfWeek"))
    zone = given.get("timezone")
    if zone not in (None, "") and zone not in available_timezones():
        yield Trouble("timezone", f"{zone} is not a time zone; an example is Europe/Lisbon")


def said(given: Mapping[str, Any], due: datetime, zone: str) -> dict[str, Any]:
    """What the trigger puts out: its parameters, and the time at which it was due."""
    return {**given, "datetime": due.astimezone(ZoneInfo(given.get("timezone") or zone)).isoformat()}


def _cron(kind: str, given: Mapping[str, Any]) -> str:
    if kind.endswith("/cron"):
        return _unix(str(given["expression"]))
    days = given.get("dayOfWeek")
    if kind.endswith("/everyMonth"):
        return f"{int(given['minute'])} {int(given['hour'])} {int(given['dayOfMonth'])} * *"
    chosen = _DAYS if days in (None, [], {}) else _days(days)
    return f"{int(given['minute'])} {int(given['hour'])} * * {','.join(str(day % 7) for day in chosen)}"


def _days(given: Any) -> list[int]:
    """Monday is 1: one day, a list of days, or `{"1": true, …}` as older files have it."""
    if isinstance(given, dict):
        given = [day for day, is_chosen in given.items() if is_chosen]
    return sorted({int(day) for day in (given if isinstance(given, list) else [given])})


def _of_days(given: Any) -> Iterator[Trouble]:
    try:
        good = all(day in _DAYS for day in _days(given))
    except (TypeError, ValueError):
        good = False
    if not good:
        yield Trouble("dayOfWeek", "must be days from 1 (Monday) to 7 (Sunday)")


def _whole(given: Mapping[str, Any], name: str, least: int, most: int) -> Iterator[Trouble]:
    value = given.get(name)
    if value in (None, ""):
        yield Trouble(name, "can't be blank")
        return
    text = value if isinstance(value, str) else str(value)
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,7}", text) or not least <= int(text) <= most:
        yield Trouble(name, f"must be a whole number from {least} to {most:,}")


def _of_expression(given: Mapping[str, Any]) -> Iterator[Trouble]:
    expression = given.get("expression")
    if not isinstance(expression, str) or not expression.strip():
        yield Trouble("expression", "can't be blank")
    elif len(expression.split()) not in (5, 6) or not _is_cron(_unix(expression)):
        yield Trouble("expression", f"{expression[:80]} is not a cron expression: minute, hour, day of month, month, day of week")


@cache
def _is_cron(expression: str) -> bool:
    from croniter import CroniterError, croniter

    try:
        # What is never due, such as the 30th of February, is no schedule either.
        return croniter.is_valid(expression, second_at_beginning=True) and bool(
            croniter(expression, second_at_beginning=True).get_next(float)
        )
    except CroniterError:
        return False


def _unix(expression: str) -> str:
    """With a `?` it is Quartz's, as ByteChef's files have it, whose weekdays begin with Sunday as 1; else Sunday is 0."""
    fields = expression.split()
    if "?" not in fields:
        return " ".join(fields)
    fields[-1] = ",".join(_unix_day(part) for part in fields[-1].split(","))
    return " ".join("*" if field == "?" else field for field in fields)


def _unix_day(part: str) -> str:
    found = _QUARTZ_DAY.fullmatch(part)
    if not found:
        return part
    first, last, is_last, step, nth = found.groups()
    day = str(int(first) - 1)
    if is_last:
        return f"L{day}"
    return day + (f"-{int(last) - 1}" if last else "") + (step or "") + (nth or "")
