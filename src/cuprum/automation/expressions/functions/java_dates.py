"""Dates by Java's patterns (`yyyy-MM-dd'T'HH:mm:ssX`), which ByteChef's files are written in."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from cuprum.automation.expressions.values import Wrong

_PART = re.compile(r"'(?P<quoted>(?:[^']|'')*)'|(?P<letter>[A-Za-z])(?P=letter)*|(?P<other>[^A-Za-z'])")
_MONTHS = list(calendar.month_name)


def written(when: date, pattern: str) -> str:
    """The date in that form."""
    moment = when if isinstance(when, datetime) else datetime(when.year, when.month, when.day)
    return "".join(_write(moment, word, letter) for word, letter in _parts(pattern))


def read(text: str, pattern: str) -> datetime:
    """The moment that the text holds in that form; raises Wrong when it does not."""
    names: list[str] = []
    expression = "".join(_expression(word, letter, names) for word, letter in _parts(pattern))
    match = re.fullmatch(expression, text)
    if match is None:
        raise Wrong(f"{text!r} is not written as {pattern}")
    try:
        return _moment(dict(zip(names, match.groups(), strict=True)))
    except ValueError as trouble:
        raise Wrong(f"{text!r} is no date: {trouble}") from None


def _parts(pattern: str) -> Iterator[tuple[str, str]]:
    """Runs of one letter with that letter, and literal text with none."""
    position = 0
    while position < len(pattern):
        part = _PART.match(pattern, position)
        if part is None:
            raise Wrong(f"the quote in the pattern {pattern} does not end")
        if part["letter"]:
            yield part[0], part["letter"]
        else:
            yield (part["other"] or (part["quoted"].replace("''", "'") if part["quoted"] else "'")), ""
        position = part.end()


def _write(when: datetime, word: str, letter: str) -> str:
    length = len(word)
    match letter:
        case "":
            return word
        case "y" | "u":
            return f"{when.year % 100:02}" if length == 2 else f"{when.year:0{length}}"
        case "M" | "L":
            name = calendar.month_name[when.month]
            return name if length == 4 else name[:3] if length == 3 else f"{when.month:0{length}}"
        case "d":
            return f"{when.day:0{length}}"
        case "E":
            name = calendar.day_name[when.weekday()]
            return name if length == 4 else name[:3]
        case "H":
            return f"{when.hour:0{length}}"
        case "h":
            return f"{(when.hour + 11) % 12 + 1:0{length}}"
        case "m":
            return f"{when.minute:0{length}}"
        case "s":
            return f"{when.second:0{length}}"
        case "S":
            return f"{when.microsecond:06}"[:length].ljust(length, "0")
        case "a":
            return "AM" if when.hour < 12 else "PM"
        case "X" | "x" | "Z":
            return _offset(when, letter, length)
        case "z" | "V":
            return str(when.tzinfo) if when.tzinfo else ""
    raise Wrong(f"the pattern letter {letter} is not known")


def _offset(when: datetime, letter: str, length: int) -> str:
    offset = when.utcoffset()
    if offset is None:
        raise Wrong("the moment has no time zone to write")
    if letter == "X" and not offset:
        return "Z"
    minutes = int(offset.total_seconds() // 60)
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    hours, rest = divmod(minutes, 60)
    if letter != "Z" and length == 1:
        return f"{sign}{hours:02}" + (f"{rest:02}" if rest else "")
    return f"{sign}{hours:02}:{rest:02}" if letter != "Z" and length == 3 else f"{sign}{hours:02}{rest:02}"


def _expression(word: str, letter: str, names: list[str]) -> str:
    if not letter:
        return re.escape(word)
    length = len(word)
    digits = r"(\d{1,2})" if length == 1 else rf"(\d{{{length}}})"
    known = {
        "y": r"(\d{4})" if length != 2 else r"(\d{2})",
        "u": r"(\d{4})",
        "M": r"([A-Za-z]+)" if length > 2 else digits,
        "d": digits,
        "E": r"([A-Za-z]+)",
        "H": digits,
        "h": digits,
        "m": digits,
        "s": digits,
        "S": rf"(\d{{{length}}})",
        "a": r"([AaPp][Mm])",
        "X": r"(Z|[+-]\d{2}:?(?:\d{2})?)",
        "x": r"(Z|[+-]\d{2}:?(?:\d{2})?)",
        "Z": r"(Z|[+-]\d{2}:?(?:\d{2})?)",
    }
    if letter not in known:
        raise Wrong(f"the pattern letter {letter} is not known")
    names.append("y" if letter == "u" else letter)
    return known[letter]


def _moment(found: dict[str, Any]) -> datetime:
    year = int(found.get("y", 1970))
    month = found.get("M", "1")
    hour = int(found.get("H", found.get("h", 0)))
    if "a" in found:
        hour = hour % 12 + (12 if found["a"].lower() == "pm" else 0)
    zone = next((found[letter] for letter in "XxZ" if letter in found), None)
    return datetime(
        year + 2000 if year < 100 else year,
        int(month) if month.isdecimal() else _named(month),
        int(found.get("d", 1)),
        hour,
        int(found.get("m", 0)),
        int(found.get("s", 0)),
        int(found.get("S", "0")[:6].ljust(6, "0")),
        None if zone is None else _zone(zone),
    )


def _named(month: str) -> int:
    for number in range(1, 13):
        if _MONTHS[number].lower() == month.lower() or _MONTHS[number][:3].lower() == month.lower():
            return number
    raise ValueError(f"{month} is no month")


def _zone(offset: str) -> timezone:
    if offset == "Z":
        return UTC
    digits = offset[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:4])
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))
