"""Reads a text with accessors: `Call ${copper_1.name}`, `${a.b[0]['key with space']}`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cuprum.automation.expressions.errors import ExpressionError
from cuprum.automation.expressions.limits import LONGEST_SOURCE

_KEY = re.compile(r"\.(?P<name>[^\W\d]\w*)|\.?\[(?:(?P<index>\d{1,10})|'(?P<single>[^']*)'|\"(?P<double>[^\"]*)\")\]")
_FIRST = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Accessor:
    """Names and places to follow, each with the character at which it stands."""

    at: int
    source: str
    keys: tuple[tuple[int, str | int], ...]


@lru_cache(maxsize=2_000)
def read_text(source: str) -> tuple[str | Accessor, ...]:
    """Literal parts and accessors in turn; raises ExpressionError for an accessor that is more than a path."""
    if len(source) > LONGEST_SOURCE and "${" in source:
        raise ExpressionError(f"the text is longer than {LONGEST_SOURCE:,} characters", source=source)
    parts: list[str | Accessor] = []
    position = 0
    while (begin := source.find("${", position)) >= 0:
        if begin > position:
            parts.append(source[position:begin])
        end = source.find("}", begin)
        if end < 0:
            raise ExpressionError("${ is never closed", position=begin, source=source)
        parts.append(_accessor(source, begin, end))
        position = end + 1
    if position < len(source):
        parts.append(source[position:])
    return tuple(parts)


def _accessor(source: str, begin: int, end: int) -> Accessor:
    position = begin + 2
    first = _FIRST.match(source, position, end)
    if first is None:
        raise ExpressionError("an accessor begins with a name", position=position, source=source)
    keys: list[tuple[int, str | int]] = [(position, first[0])]
    position = first.end()
    while position < end:
        key = _KEY.match(source, position, end)
        if key is None:
            raise ExpressionError(
                "an accessor is a path such as ${a.b[0]['c']}; anything more is a formula, which begins with =",
                position=position,
                source=source,
            )
        name = key["name"] if key["name"] is not None else key["single"] if key["single"] is not None else key["double"]
        keys.append((position, int(key["index"]) if key["index"] is not None else name))
        position = key.end()
    return Accessor(begin, source[begin : end + 1], tuple(keys))
