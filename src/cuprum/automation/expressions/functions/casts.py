"""Functions that turn a value into one of another kind."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from cuprum.automation.expressions.functions.function import Function, pure
from cuprum.automation.expressions.limits import LARGEST_WHOLE
from cuprum.automation.expressions.values import Wrong, is_number, said

_TRUE, _FALSE = ("true", "on", "yes", "1"), ("false", "off", "no", "0", "")


def whole(name: str, largest: int) -> Function:
    def cast(value: Any) -> int | None:
        if value is None:
            return None
        if is_number(value) and math.isfinite(value):
            number = math.trunc(value)
        elif isinstance(value, str) and value.strip().lstrip("+-").isdecimal():
            number = int(value.strip()[:25])
        else:
            raise Wrong(f"{name} cannot read {said(value)} as a whole number")
        if not -largest - 1 <= number <= largest:
            raise Wrong(f"{number} is too large for {name}")
        return number

    return pure(cast, 1)


def decimal(name: str) -> Callable[[Any], float | None]:
    def cast(value: Any) -> float | None:
        if value is None:
            return None
        try:
            if isinstance(value, str) or is_number(value):
                number = float(value)
                if math.isfinite(number):
                    return number
        except (ValueError, OverflowError):
            pass
        raise Wrong(f"{name} cannot read {said(value)} as a number")

    return cast


def boolean(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    if is_number(value):
        return bool(value != 0)
    word = value.strip().lower() if isinstance(value, str) else None
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise Wrong(f"boolean cannot read {said(value)} as true or false")


def char(value: Any) -> str:
    if isinstance(value, str) and len(value) == 1:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 0xD800:
        return chr(value)
    raise Wrong(f"char takes one character, not {said(value)}")


CASTS = {
    "boolean": pure(boolean, 1),
    "byte": whole("byte", 2**7 - 1),
    "char": pure(char, 1),
    "short": whole("short", 2**15 - 1),
    "int": whole("int", 2**31 - 1),
    "long": whole("long", LARGEST_WHOLE),
    "float": pure(decimal("float"), 1),
    "double": pure(decimal("double"), 1),
}
