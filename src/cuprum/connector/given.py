"""Reading what somebody filled in: blanks left out, ids and dates understood, every problem named at once, no I/O."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from cuprum.connector.errors import InvalidInput, Problem
from cuprum.connector.properties import Form, Property

BLANK = object()
CLEARED = object()


@dataclass(frozen=True)
class Day:
    """A calendar day, or the day of a moment, still to be put on the wire in the form of its property."""

    day: date | datetime
    form: Form


def read_given(
    properties: Sequence[Property], given: Mapping[str, Any], *, clears: bool = False, operation: str = "this operation"
) -> dict[str, Any]:
    """The values that were filled in, by name. With `clears`, null and the empty list mean "clear it" (None, []).

    Blank is: absent, null, an empty or white string, an empty object or list, an item of blanks. Zero and false are
    values. Raises InvalidInput with all problems: blank required properties, unreadable values, unknown names.
    """
    problems: list[Problem] = []
    read: dict[str, Any] = {}
    for one in properties:
        value = given.get(one.name)
        if clears and not one.required and is_clearing(one, given):
            read[one.name] = [] if one.type == "ARRAY" else None
            continue
        found = value_of(one, value, problems)
        if found is not BLANK:
            read[one.name] = found
        elif one.required:
            problems.append(Problem(one.name, "can't be blank", one.label))
    problems += unknown_names([one.name for one in properties], given, operation)
    if problems:
        raise InvalidInput(problems)
    return read


def is_clearing(one: Property, given: Mapping[str, Any]) -> bool:
    return one.name in given and (given[one.name] is None or (one.type == "ARRAY" and given[one.name] == []))


def unknown_names(known: Sequence[str], given: Mapping[str, Any], operation: str) -> list[Problem]:
    """A misspelt name would lose what was filled in; an unknown blank says nothing."""
    problems = []
    for name, value in given.items():
        if name not in known and not is_blank(value):
            near = difflib.get_close_matches(name, known, 1)
            hint = f"; is {near[0]} meant?" if near else ""
            problems.append(Problem(name, f"is not a property of {operation}{hint}", name))
    return problems


def is_blank(value: Any) -> bool:
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    if isinstance(value, Mapping):
        return all(map(is_blank, value.values()))
    if isinstance(value, list | tuple):
        return all(map(is_blank, value))
    return False


def value_of(one: Property, value: Any, problems: list[Problem]) -> Any:
    """The value in Python's form, or BLANK."""
    if is_blank(value):
        return BLANK
    if one.form is Form.CUSTOM_FIELDS:
        return value
    try:
        match one.type:
            case "OBJECT":
                return object_of(one, value, problems)
            case "ARRAY":
                return array_of(one, value, problems)
        return READERS.get(one.form, plain)(one, value)
    except Refusal as refusal:
        problems.append(Problem(one.name, str(refusal), one.label))
        return BLANK if not one.required else None


class Refusal(Exception):
    """Why a value cannot be read."""


def object_of(one: Property, value: Any, problems: list[Problem]) -> Any:
    if not isinstance(value, Mapping):
        raise Refusal("must be an object")
    if not one.properties:
        return dict(value)
    inner: list[Problem] = []
    read = {part.name: found for part in one.properties if (found := value_of(part, value.get(part.name), inner)) is not BLANK}
    for part in one.properties:
        if part.required and part.name not in read and not inner:
            inner.append(Problem(part.name, "can't be blank", part.label))
    inner += unknown_names([part.name for part in one.properties], value, one.label or one.name)
    problems += [Problem(f"{one.name}.{p.field}", p.message, f"{one.label} {p.label}".strip()) for p in inner]
    return read


def array_of(one: Property, value: Any, problems: list[Problem]) -> Any:
    if not isinstance(value, list | tuple):
        raise Refusal("must be a list")
    if not one.items:
        return list(value)
    item = one.items[0]
    read: list[Any] = []
    for index, given in enumerate(value):
        inner: list[Problem] = []
        # An item whose main value is blank was not filled in, whatever category the form had chosen for it.
        if item.properties and isinstance(given, Mapping) and is_blank(given.get(item.properties[0].name)):
            if any(not is_blank(given.get(key)) for key in given if key not in ("category", "type")):
                inner.append(Problem(item.properties[0].name, "can't be blank", item.properties[0].label))
        elif (found := value_of(item, given, inner)) is not BLANK:
            read.append(found)
        problems += [Problem(f"{one.name}[{index}].{p.field}", p.message, one.label) for p in inner]
    return read or BLANK


def plain(one: Property, value: Any) -> Any:
    match one.type:
        case "STRING":
            return chosen(one, string_of(value))
        case "INTEGER":
            return integer_of(value)
        case "NUMBER":
            return number_of(value)
        case "BOOLEAN":
            return boolean_of(value)
    return value


def string_of(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Refusal("must be text")
    return str(value)


def chosen(one: Property, value: str) -> str:
    """One of the static options when there are any, whatever its case."""
    allowed = [option.value for option in (*one.options, *one.more_options)]
    if not allowed:
        return value
    for known in allowed:
        if known.casefold() == value.strip().casefold():
            return known
    raise Refusal(f"must be one of {', '.join(allowed)}")


def id_of(one: Property, value: Any) -> int:
    """17, "17" and 17.0 are one id; 0 is a value."""
    if isinstance(value, bool):
        raise Refusal("must be an id")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, str) and (value.strip().isdecimal() or value.strip() == "-2"):
        return int(value)
    raise Refusal(f"must be an id, a whole number, not {value!r}")


def integer_of(value: Any) -> int:
    read = number_of(value)
    if read != int(read):
        raise Refusal("must be a whole number")
    return int(read)


def number_of(value: Any) -> Any:
    if isinstance(value, bool):
        raise Refusal("must be a number")
    if isinstance(value, int | float | Decimal):
        return value
    try:
        read = Decimal(str(value).strip())
    except InvalidOperation:
        raise Refusal(f"must be a number, not {value!r}") from None
    if not read.is_finite():
        raise Refusal("must be a number")
    return read


def boolean_of(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    words = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
    if str(value).strip().lower() not in words:
        raise Refusal("must be true or false")
    return words[str(value).strip().lower()]


def day_of(one: Property, value: Any) -> Any:
    """YYYY-MM-DD, a date, or a moment (whose day is meant); a number is already the wire's second."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return Day(value if value.tzinfo else value.date(), one.form)
    if isinstance(value, date):
        return Day(value, one.form)
    written = str(value).strip()
    try:
        if len(written) <= 10:
            return Day(iso_or_us_day(written), one.form)
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise Refusal(f"must be a date such as 2026-03-29, not {value!r}") from None
    return Day(moment if moment.tzinfo else moment.date(), one.form)


def iso_or_us_day(written: str) -> date:
    """Copper itself writes M/D/YYYY."""
    if "/" in written:
        month, day, year = written.split("/")
        return date(int(year), int(month), int(day))
    return date.fromisoformat(written)


def instant_of(one: Property, value: Any) -> Any:
    """An ISO moment or Unix seconds; without an offset it is meant in the account's time zone."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return int(value.timestamp()) if value.tzinfo else value
    written = str(value).strip()
    if written.isdecimal():
        return int(written)
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise Refusal(f"must be a moment such as 2026-03-29T10:00:00Z, not {value!r}") from None
    return int(moment.astimezone(UTC).timestamp()) if moment.tzinfo else moment


READERS = {Form.ID: id_of, Form.DAY: day_of, Form.MONTH_DAY_YEAR: day_of, Form.INSTANT: instant_of}
