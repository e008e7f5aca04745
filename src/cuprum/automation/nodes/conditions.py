"""`condition/v1`: a formula, or lists of comparisons of which one list must hold altogether."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from cuprum.automation.expressions import as_text, same
from cuprum.automation.expressions.pattern import found
from cuprum.automation.expressions.values import Wrong, as_truth, said

_KINDS = ("boolean", "dateTime", "number", "string")


def holds(given: dict[str, Any]) -> bool:
    """Whether the condition holds; raises Wrong for what cannot be compared."""
    if given.get("rawExpression") or ("expression" in given and not given.get("conditions")):
        return as_truth(given.get("expression"))
    lists = given.get("conditions") or []
    # ByteChef: any list is enough, all of a list must hold.
    return any(all(_holds(one) for one in (group if isinstance(group, list) else [group])) for group in lists)


def _holds(given: Any) -> bool:
    if not isinstance(given, dict):
        raise Wrong(f"a condition is an object, not {said(given)}")
    # Older files: {"string": {"value1": …}}.
    if "operation" not in given and len(given) == 1 and isinstance(next(iter(given.values())), dict):
        kind, given = next(iter(given.items()))
    else:
        kind = given.get("type", "string")
    operation = str(given.get("operation", "EQUALS")).upper()
    left, right = given.get("value1"), given.get("value2")
    if kind not in _KINDS:
        raise Wrong(f"conditions are of the types {', '.join(_KINDS)}, not {kind}")
    if operation in ("EMPTY", "NOT_EMPTY"):
        return (left is None or left in ("", [], {})) == (operation == "EMPTY")
    compare = _OPERATIONS[kind].get(operation)
    if compare is None:
        raise Wrong(f"{operation} is no operation of the type {kind}, only {', '.join(_OPERATIONS[kind])}")
    return compare(left, right)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Wrong(f"{said(value)} is no number")
    try:
        return float(value)
    except ValueError:
        raise Wrong(f"{said(value)} is no number") from None


def _moment(value: Any) -> datetime:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC)
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise Wrong(f"{said(value)} is no date") from None
    if isinstance(read, datetime):
        return read if read.tzinfo else read.replace(tzinfo=UTC)
    if isinstance(read, date):
        return datetime(read.year, read.month, read.day, tzinfo=UTC)
    raise Wrong(f"{said(value)} is no date")


def _matches(left: Any, right: Any) -> bool:
    written = re.fullmatch(r"/(.*)/([a-z]*)", as_text(right), re.DOTALL)
    if written:
        return found(written[1], as_text(left), whole=False, ignore_case="i" in written[2])
    return found(as_text(right), as_text(left), whole=True)


_OPERATIONS: dict[str, dict[str, Callable[[Any, Any], bool]]] = {
    "boolean": {
        "EQUALS": lambda a, b: as_truth(a) == as_truth(b),
        "NOT_EQUALS": lambda a, b: as_truth(a) != as_truth(b),
    },
    "dateTime": {
        "AFTER": lambda a, b: _moment(a) > _moment(b),
        "BEFORE": lambda a, b: _moment(a) < _moment(b),
        "EQUALS": lambda a, b: _moment(a) == _moment(b),
    },
    "number": {
        "EQUALS": lambda a, b: _number(a) == _number(b),
        "NOT_EQUALS": lambda a, b: _number(a) != _number(b),
        "LESS": lambda a, b: _number(a) < _number(b),
        "LESS_EQUALS": lambda a, b: _number(a) <= _number(b),
        "GREATER": lambda a, b: _number(a) > _number(b),
        "GREATER_EQUALS": lambda a, b: _number(a) >= _number(b),
    },
    "string": {
        "EQUALS": lambda a, b: same(a, b) or as_text(a) == as_text(b),
        "NOT_EQUALS": lambda a, b: not (same(a, b) or as_text(a) == as_text(b)),
        "EQUALS_IGNORE_CASE": lambda a, b: as_text(a).casefold() == as_text(b).casefold(),
        "CONTAINS": lambda a, b: as_text(b) in as_text(a),
        "NOT_CONTAINS": lambda a, b: as_text(b) not in as_text(a),
        "STARTS_WITH": lambda a, b: as_text(a).startswith(as_text(b)),
        "ENDS_WITH": lambda a, b: as_text(a).endswith(as_text(b)),
        "REGEX": _matches,
    },
}
