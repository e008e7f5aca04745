"""Computes a formula: its parts, the names of a scope, and nothing else of the world."""

from __future__ import annotations

from datetime import date
from typing import Any

from cuprum.automation.expressions import pattern
from cuprum.automation.expressions.errors import ExpressionError
from cuprum.automation.expressions.functions import FUNCTIONS
from cuprum.automation.expressions.scope import Scope
from cuprum.automation.expressions.syntax import Call, Chain, Choice, Elvis, Key, ListOf, Literal, MapOf, Name, Node, Path, Unary
from cuprum.automation.expressions.values import Wrong, as_text, as_truth, bounded, calculate, is_number, order, said, same

_ORDER = {
    "<": lambda found: found < 0, "lt": lambda found: found < 0, "<=": lambda found: found <= 0, "le": lambda found: found <= 0,
    ">": lambda found: found > 0, "gt": lambda found: found > 0, ">=": lambda found: found >= 0, "ge": lambda found: found >= 0,
}  # fmt: skip
_OF_A_DATE = {"year": "year", "monthValue": "month", "dayOfMonth": "day", "hour": "hour", "minute": "minute", "second": "second"}


def compute(node: Node, scope: Scope) -> Any:
    """The value; raises ExpressionError at the part that has none."""
    if scope.is_out_of_time:
        raise ExpressionError("the formula takes too long", position=node.at)
    try:
        return _value(node, scope)
    except Wrong as trouble:
        raise ExpressionError(str(trouble), position=node.at) from None


def _value(node: Node, scope: Scope) -> Any:
    match node:
        case Literal(_, value):
            return value
        case Name(_, name):
            if name not in scope.names:
                raise Wrong(f"there is no {name}")
            return scope.names[name]
        case Path(_, start, keys):
            return _followed(start, keys, scope)
        case Call(_, name, arguments):
            return FUNCTIONS[name].call(scope, *(compute(one, scope) for one in arguments))
        case ListOf(_, items):
            return [compute(item, scope) for item in items]
        case MapOf(_, pairs):
            return {as_text(compute(key, scope)): compute(value, scope) for key, value in pairs}
        case Unary(_, operator, operand):
            return _unary(operator, compute(operand, scope))
        case Chain(_, first, rest):
            return _chain(first, rest, scope)
        case Choice(_, condition, yes, no):
            return compute(yes if as_truth(compute(condition, scope)) else no, scope)
        case Elvis(_, value, otherwise):
            found = compute(value, scope)
            return compute(otherwise, scope) if found is None or found == "" else found
    raise AssertionError(node)


def _unary(operator: str, value: Any) -> Any:
    if operator in ("!", "not"):
        return not as_truth(value)
    if not is_number(value):
        raise Wrong(f"{operator} cannot take {said(value)}")
    return bounded(-value) if operator == "-" else value


def _chain(first: Node, rest: tuple[tuple[int, str, Node], ...], scope: Scope) -> Any:
    value = compute(first, scope)
    for at, operator, operand in rest:
        try:
            if operator in ("and", "&&"):
                value = as_truth(value) and as_truth(compute(operand, scope))
            elif operator in ("or", "||"):
                value = as_truth(value) or as_truth(compute(operand, scope))
            else:
                value = _operation(operator, value, compute(operand, scope))
        except Wrong as trouble:
            raise ExpressionError(str(trouble), position=at) from None
    return value


def _operation(operator: str, left: Any, right: Any) -> Any:
    if operator in ("==", "eq"):
        return same(left, right)
    if operator in ("!=", "ne"):
        return not same(left, right)
    if operator in _ORDER:
        return _ORDER[operator](order(left, right))
    if operator == "matches":
        return pattern.found(as_text(right), as_text(left), whole=True)
    return calculate(operator, left, right)


def _followed(start: Node, keys: tuple[Key, ...], scope: Scope) -> Any:
    value = compute(start, scope)
    for key in keys:
        if key.safe and (value is None or (isinstance(value, dict) and compute(key.key, scope) not in value)):
            return None
        try:
            value = item_of(value, compute(key.key, scope))
        except Wrong as trouble:
            raise ExpressionError(str(trouble), position=key.at) from None
    return value


def item_of(value: Any, key: Any) -> Any:
    """What an object has under a key, or a list at a place; raises Wrong when there is nothing."""
    if isinstance(value, dict):
        name = as_text(key)
        if name in value:
            return value[name]
        there = ", ".join(list(value)[:12]) or "nothing"
        raise Wrong(f"there is no {name} here, only {there}")
    if isinstance(value, list | str) and isinstance(key, int) and not isinstance(key, bool):
        if 0 <= key < len(value):
            return value[key]
        raise Wrong(f"there is no item {key}, only {len(value)}")
    if isinstance(value, date) and isinstance(key, str) and hasattr(value, _OF_A_DATE.get(key, "")):
        return getattr(value, _OF_A_DATE[key])
    if isinstance(value, list) and isinstance(key, str) and key.isdecimal():
        return item_of(value, int(key[:10]))
    raise Wrong(f"{said(value)} has no {key}")
