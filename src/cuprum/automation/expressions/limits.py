"""How large an expression and its value may grow, and how long it may take."""

from __future__ import annotations

from typing import Any

LONGEST_SOURCE = 20_000
DEEPEST_FORMULA = 60
DEEPEST_VALUE = 60
MOST_ITEMS = 100_000
LONGEST_TEXT = 1_000_000
MOST_SECONDS = 1.0
# Numbers travel as JSON, whose readers have 64 bits.
LARGEST_WHOLE = 2**63 - 1


def size_of(value: Any, depth: int = 0) -> int:
    """Characters and items of a value, about as it would be in JSON; raises OverflowError when it is over a limit."""
    if depth > DEEPEST_VALUE:
        raise OverflowError(f"the value is nested deeper than {DEEPEST_VALUE} levels")
    if isinstance(value, str):
        size = len(value)
    elif isinstance(value, dict):
        size = sum(len(str(key)) + 1 + size_of(item, depth + 1) for key, item in value.items())
    elif isinstance(value, list):
        size = len(value) + sum(size_of(item, depth + 1) for item in value)
    else:
        size = 1
    if size > LONGEST_TEXT:
        raise OverflowError(f"the value is larger than {LONGEST_TEXT:,} characters")
    return size
