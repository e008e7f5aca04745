"""How values of formulas compare, add up and read as text."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from cuprum.automation.expressions.limits import LARGEST_WHOLE, LONGEST_TEXT


class Wrong(Exception):
    """A value that an operation cannot take; whoever evaluates adds the position."""


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def said(value: Any) -> str:
    """The kind of a value, in words."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {value[:40]!r}"
        case list():
            return "a list"
        case dict():
            return "an object"
        case date():
            return f"the date {value.isoformat()}"
    return type(value).__name__


def as_text(value: Any) -> str:
    """A value inside a text. Nothing reads as nothing: no customer is called null."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case date():
            return plain(value)
        case list() | dict():
            return json.dumps(plain(value), ensure_ascii=False)
    return str(value)


def plain(value: Any) -> Any:
    """The value as JSON can carry it: dates become ISO text."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return value.isoformat()
        return value.isoformat().replace("+00:00", "Z") if value.utcoffset() == UTC.utcoffset(None) else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value


def as_truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    raise Wrong(f"{said(value)} is neither true nor false")


def same(left: Any, right: Any) -> bool:
    """Equality; an id is the same as a number and as text (`"17"` and `17`)."""
    if is_number(left) and isinstance(right, str):
        return _id_text(left) == right.strip()
    if is_number(right) and isinstance(left, str):
        return _id_text(right) == left.strip()
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    if isinstance(left, datetime) and isinstance(right, datetime) and (left.tzinfo is None) != (right.tzinfo is None):
        return False
    return bool(left == right)


def _id_text(number: int | float) -> str:
    return str(int(number)) if isinstance(number, int) or number.is_integer() else str(number)


def order(left: Any, right: Any) -> int:
    """-1, 0 or 1; null comes first. Raises Wrong for values of different kinds."""
    if left is None or right is None:
        return (left is not None) - (right is not None)
    alike = (
        (is_number(left) and is_number(right))
        or (isinstance(left, str) and isinstance(right, str))
        or (isinstance(left, bool) and isinstance(right, bool))
        or (type(left) is type(right) and isinstance(left, date) and _zoned(left) == _zoned(right))
    )
    if not alike:
        raise Wrong(f"{said(left)} cannot be compared with {said(right)}")
    return (left > right) - (left < right)


def _zoned(value: date) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


def calculate(operator: str, left: Any, right: Any) -> Any:
    if operator == "+" and (isinstance(left, str) or isinstance(right, str)):
        text = as_text(left) + as_text(right)
        if len(text) > LONGEST_TEXT:
            raise Wrong(f"the text is longer than {LONGEST_TEXT:,} characters")
        return text
    if not (is_number(left) and is_number(right)):
        hint = "; concat(…) joins lists" if isinstance(left, list) and operator == "+" else ""
        raise Wrong(f"{operator} cannot take {said(left)} and {said(right)}{hint}")
    try:
        return bounded(_ARITHMETIC[operator](left, right))
    except ZeroDivisionError:
        raise Wrong("a division by zero") from None
    except OverflowError:
        raise Wrong("the number is too large") from None


def bounded(number: Any) -> Any:
    if isinstance(number, int) and abs(number) > LARGEST_WHOLE:
        raise Wrong("the number is too large")
    if isinstance(number, float) and not math.isfinite(number):
        raise Wrong("the number is too large")
    if isinstance(number, complex):
        raise Wrong("the root of a negative number")
    return number


def _divide(left: Any, right: Any) -> Any:
    # Whole numbers divide as in Java: towards zero.
    if isinstance(left, int) and isinstance(right, int):
        quotient = abs(left) // abs(right)
        return quotient if (left < 0) == (right < 0) else -quotient
    return left / right


def _remainder(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        return left - _divide(left, right) * right
    if right == 0:
        raise ZeroDivisionError
    return math.fmod(left, right)


def _power(left: Any, right: Any) -> Any:
    # Checked before it is computed: 9 ^ 999999999 would never end.
    if isinstance(left, int) and isinstance(right, int) and abs(left) > 1 and right * math.log2(abs(left)) > 64:
        raise OverflowError
    return left**right


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _divide,
    "div": _divide,
    "%": _remainder,
    "mod": _remainder,
    "^": _power,
}
