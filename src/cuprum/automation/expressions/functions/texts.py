"""Functions on text."""

from __future__ import annotations

import re
from typing import Any

from cuprum.automation.expressions import pattern
from cuprum.automation.expressions.functions.function import pure
from cuprum.automation.expressions.functions.lists import whole_of
from cuprum.automation.expressions.values import Wrong, as_text, is_number, said

_PLACE = re.compile(r"%(?:(?P<flags>[-0+ ,]*)(?P<width>\d{1,3})?(?:\.(?P<digits>\d{1,2}))?(?P<kind>[sdfxX])|(?P<other>[%n])|.?)")


def text_of(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{name} takes text, not {said(value)}")
    return value


def equals_ignore_case(left: Any, right: Any) -> bool:
    if left is None or right is None:
        return False
    return text_of(left, "equalsIgnoreCase").casefold() == text_of(right, "equalsIgnoreCase").casefold()


def index_of(where: Any, what: Any) -> int:
    return text_of(where, "indexOf").find(as_text(what))


def last_index_of(where: Any, what: Any) -> int:
    return text_of(where, "lastIndexOf").rfind(as_text(what))


def length(value: Any) -> int:
    return len(text_of(value, "length"))


def split(text: Any, separator: Any) -> list[str]:
    """The separator is a regular expression, as it is in Java."""
    return pattern.split(text_of(separator, "split"), text_of(text, "split"))


def substring(text: Any, begin: Any, end: Any = None) -> str:
    whole = text_of(text, "substring")
    first = whole_of(begin, "substring")
    last = len(whole) if end is None else whole_of(end, "substring")
    if not 0 <= first <= last <= len(whole):
        raise Wrong(f"the text has {len(whole)} characters, there is no part from {first} to {last}")
    return whole[first:last]


def filled(template: str, *values: Any) -> str:
    """`%s`, `%d`, `%.2f` … filled in, one by one."""
    waiting = list(values)

    def fill(place: re.Match[str]) -> str:
        if place["other"]:
            return "%" if place["other"] == "%" else "\n"
        kind = place["kind"]
        if kind is None:
            raise Wrong(f"format does not know {place[0]}")
        if not waiting:
            raise Wrong(f"format has no value for {place[0]}")
        value = waiting.pop(0)
        if kind == "s":
            word = as_text(value)[: int(place["digits"]) if place["digits"] else None]
            width = int(place["width"] or 0)
            return word.ljust(width) if "-" in (place["flags"] or "") else word.rjust(width)
        if not is_number(value) or (kind != "f" and not isinstance(value, int)):
            raise Wrong(f"format cannot put {said(value)} in the place of {place[0]}")
        flags, comma = (place["flags"] or "").replace(",", ""), "," if "," in (place["flags"] or "") else ""
        align = "<" if "-" in flags else ""
        sign = "+" if "+" in flags else " " if " " in flags else ""
        zero = "0" if "0" in flags and not align else ""
        digits = f".{place['digits'] or 6}" if kind == "f" else ""
        return f"{value:{align}{sign}{zero}{place['width'] or ''}{comma}{digits}{kind}}"

    return _PLACE.sub(fill, template)


TEXTS = {
    "equalsIgnoreCase": pure(equals_ignore_case, 2),
    "indexOf": pure(index_of, 2),
    "lastIndexOf": pure(last_index_of, 2),
    "length": pure(length, 1),
    "split": pure(split, 2),
    "substring": pure(substring, 2, 3),
}
