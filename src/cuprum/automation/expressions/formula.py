"""Reads a formula: from text to its parts, once for each text."""

from __future__ import annotations

from functools import lru_cache

from cuprum.automation.expressions.errors import ExpressionError
from cuprum.automation.expressions.limits import LONGEST_SOURCE
from cuprum.automation.expressions.syntax import Node


def read_formula(source: str) -> Node:
    """The parts of `=…`; raises ExpressionError with the position in `source`."""
    begin = source.index("=") + 1
    if len(source) > LONGEST_SOURCE:
        raise ExpressionError(f"the formula is longer than {LONGEST_SOURCE:,} characters", source=source)
    try:
        return _read(source[begin:])
    except ExpressionError as trouble:
        raise ExpressionError(trouble.reason, position=trouble.position + begin, source=source) from None


@lru_cache(maxsize=2_000)
def _read(text: str) -> Node:
    # The parser takes ten megabytes, and few workflows have a formula.
    from cuprum.automation.expressions.grammar import parsed

    return parsed(text)
