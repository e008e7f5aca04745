"""Reading one value that somebody filled in: text, choice, id, number, tick, day, moment. No I/O."""

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from cuprum.connector.properties import Form, Property

# The last one of the year 9998, UTC.
LAST_SECOND = 253_370_764_799
# Copper's ids are 64 bits wide, and its amounts far below.
LARGEST = 2**63 - 1


class Refusal(Exception):
    """Why a value cannot be read."""


@dataclass(frozen=True)
class Day:
    """A calendar day, or the day of a moment, still to be put on the wire in the form of its property."""

    day: date | datetime
    form: Form


def one_value(one: Property, value: Any) -> Any:
    """The value in Python's form; raises Refusal."""
    return READERS.get(one.form, plain)(one, value)


def plain(one: Property, value: Any) -> Any:
    match one.type:
        case "STRING":
            return chosen(one, string_of(value))
        case "INTEGER":
            return at_least(one.least, integer_of(value))
        case "NUMBER":
            return number_of(value)
        case "BOOLEAN":
            return boolean_of(value)
    return value


def string_of(value: Any) -> str:
    if isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise Refusal("holds half a character, which no text has")
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
    read = None
    if isinstance(value, float) and value.is_integer():
        read = int(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        read = value
    elif isinstance(value, str) and len(value) <= 40 and (value.strip().isdecimal() or value.strip() == "-2"):
        read = int(value)
    if read is None or not is_within(read, LARGEST):
        raise Refusal(f"must be an id, a whole number, not {shown(value)}")
    return read


def integer_of(value: Any) -> int:
    read = number_of(value)
    if read != int(read):
        raise Refusal("must be a whole number")
    return int(read)


def at_least(least: int | None, read: int) -> int:
    if least is not None and read < least:
        raise Refusal(f"must be {least} or more")
    return read


def number_of(value: Any) -> Any:
    """A number of any kind, or a text that is one; none so long or large that working with it would take a while."""
    if isinstance(value, bool):
        raise Refusal("must be a number")
    read = value
    if not isinstance(value, int | float | Decimal):
        try:
            read = Decimal(str(value)[:100].strip())
        except InvalidOperation:
            raise Refusal(f"must be a number, not {shown(value)}") from None
    if not is_within(read, LARGEST):
        raise Refusal(f"must be a number up to {LARGEST}, not {shown(value)}")
    return read


def is_within(value: int | float | Decimal, most: int) -> bool:
    # What is no number at all cannot even be compared as a decimal.
    return not (isinstance(value, Decimal) and not value.is_finite()) and -most <= value <= most


def shown(value: Any) -> str:
    """The value as a refusal repeats it."""
    # Python writes out no integer of thousands of digits.
    if isinstance(value, int) and abs(value) > 10**40:
        return "one of so many digits"
    written = repr(value)
    return written if len(written) <= 80 else f"{written[:80]}…"


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
        return second_of(value)
    read = value
    if not isinstance(value, date):
        written = str(value).strip()
        try:
            read = iso_or_us_day(written) if len(written) <= 10 else datetime.fromisoformat(written)
        except ValueError:
            raise Refusal(f"must be a date such as 2026-03-29, not {shown(value)}") from None
    if isinstance(read, datetime) and not read.tzinfo:
        read = read.date()
    return Day(in_the_calendar(read), one.form)


T = TypeVar("T", date, datetime)


def in_the_calendar(read: T) -> T:
    """The first and the last year have days that are in no year elsewhere on the earth."""
    if not MINYEAR < read.year < MAXYEAR:
        raise Refusal(f"must be in a year from {MINYEAR + 1} to {MAXYEAR - 1}")
    return read


def second_of(value: float) -> int:
    if not is_within(value, LAST_SECOND):
        raise Refusal(f"must be a moment before the year {MAXYEAR}, not {shown(value)}")
    return int(value)


def iso_or_us_day(written: str) -> date:
    """Copper itself writes M/D/YYYY."""
    if "/" in written:
        month, day, year = written.split("/")
        return date(int(year), int(month), int(day))
    return date.fromisoformat(written)


def instant_of(one: Property, value: Any) -> Any:
    """An ISO moment or Unix seconds; without an offset it is meant in the account's time zone."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return second_of(value)
    written = str(value).strip()
    if written.isdecimal():
        return second_of(int(written[:40]))
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(written)
    except ValueError:
        raise Refusal(f"must be a moment such as 2026-03-29T10:00:00Z, not {shown(value)}") from None
    moment = in_the_calendar(moment)
    return int(moment.timestamp()) if moment.tzinfo else moment


READERS = {Form.ID: id_of, Form.DAY: day_of, Form.MONTH_DAY_YEAR: day_of, Form.INSTANT: instant_of}
