"""The comparisons of a condition as rows of a form: what, how, with what; all of a list must hold, and one list is enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cuprum.automation.paths import at, drop, put
from cuprum.kit import jsonio
from cuprum.web.pages.automations.fields import Typed

OPERATIONS: tuple[tuple[str, str], ...] = (
    ("string:EQUALS", "is"), ("string:NOT_EQUALS", "is not"), ("string:EQUALS_IGNORE_CASE", "is, in any case"),
    ("string:CONTAINS", "contains"), ("string:NOT_CONTAINS", "does not contain"), ("string:STARTS_WITH", "starts with"),
    ("string:ENDS_WITH", "ends with"), ("string:REGEX", "fits the pattern"), ("string:EMPTY", "is empty"),
    ("string:NOT_EMPTY", "is filled in"), ("number:EQUALS", "= (number)"), ("number:NOT_EQUALS", "≠ (number)"),
    ("number:GREATER", "> (number)"), ("number:GREATER_EQUALS", "≥ (number)"), ("number:LESS", "< (number)"),
    ("number:LESS_EQUALS", "≤ (number)"), ("dateTime:AFTER", "is after"), ("dateTime:BEFORE", "is before"),
    ("dateTime:EQUALS", "is at the moment"), ("boolean:EQUALS", "is (yes or no)"), ("boolean:NOT_EQUALS", "is not (yes or no)"),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One comparison; the last of each list is blank."""

    path: str
    left: str
    operation: str
    right: str

    @property
    def id(self) -> str:
        return "f-" + "".join(letter if letter.isalnum() else "-" for letter in self.path)


def rows_of(given: Mapping[str, Any], place: str) -> list[list[Row]] | None:
    """None where a formula decides, or the lists are written in a way that these rows cannot say."""
    lists = given.get("conditions")
    if given.get("rawExpression") or not isinstance(lists, list):
        return None
    shown = []
    for index, group in enumerate(lists):
        if not isinstance(group, list) or not all(_is_plain(one) for one in group):
            return None
        rows = [_row(one, f"{place}.conditions[{index}][{number}]") for number, one in enumerate(group)]
        # One blank row to go on with is enough.
        is_full = not rows or bool(rows[-1].left or rows[-1].right)
        shown.append([*rows, Row(f"{place}.conditions[{index}][{len(group)}]", "", "string:EQUALS", "")] if is_full else rows)
    return shown


def _is_plain(one: Any) -> bool:
    return isinstance(one, dict) and "operation" in one and _operation(one) in dict(OPERATIONS)


def _operation(one: Mapping[str, Any]) -> str:
    return f"{one.get('type', 'string')}:{str(one.get('operation')).upper()}"


def _row(one: Mapping[str, Any], path: str) -> Row:
    return Row(path, _text(one.get("value1")), _operation(one), _text(one.get("value2")))


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else jsonio.text(value)


def take(workflow: dict[str, Any], place: str, shown: list[list[Row]], typed: Typed) -> None:
    """Put what was typed where it differs, and take out rows and lists that are blank now."""
    for group in shown:
        for row in group:
            _take_row(workflow, row, typed)
    lists = at(workflow, f"{place}.conditions")
    if isinstance(lists, list) and any(f"{row.path}.value1" in typed for group in shown for row in group):
        for group in lists:
            if len(group) > 1:
                group[:] = [
                    one for one in group if one.get("value1") not in (None, "") or one.get("value2") not in (None, "")
                ] or group[:1]
        filled = [group for group in lists if any(one.get("value1") not in (None, "") for one in group)]
        lists[:] = filled or lists[:1]


def _take_row(workflow: dict[str, Any], row: Row, typed: Typed) -> None:
    parts = {name: typed[f"{row.path}.{name}"][-1] for name in ("value1", "operation", "value2") if f"{row.path}.{name}" in typed}
    before = {"value1": row.left, "operation": row.operation, "value2": row.right}
    if all(before[name] == text for name, text in parts.items()):
        return
    if not parts.get("value1", row.left) and not parts.get("value2", row.right):
        if at(workflow, row.path) is not None:
            put(workflow, f"{row.path}.value1", "")
            drop(workflow, f"{row.path}.value2")
        return
    kind, _, operation = parts.get("operation", row.operation).partition(":")
    put(workflow, f"{row.path}.type", kind)
    if parts.get("value1", row.left) != row.left or row.left == "":
        put(workflow, f"{row.path}.value1", parts.get("value1", row.left))
    put(workflow, f"{row.path}.operation", operation)
    if parts.get("value2", row.right) != row.right:
        put(workflow, f"{row.path}.value2", parts["value2"])
