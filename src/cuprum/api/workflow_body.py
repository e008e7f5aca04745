"""What comes in the bodies of workflows and runs, each part of the kind that it must be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cuprum.kit.errors import Invalid, Problem


def read_body(body: dict[str, Any], *names: str) -> dict[str, Any]:
    """The body's parts that say something, their kinds checked; raises Invalid with every problem."""
    problems = [Problem(name, "is not known here") for name in body if name not in names]
    for name in names:
        fits, reason = _KINDS[name]
        if body.get(name) is not None and not fits(body[name]):
            problems.append(Problem(name, reason))
    if problems:
        raise Invalid(*problems)
    return {name: value for name, value in body.items() if value is not None}


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= 500 and all(isinstance(one, str) for one in value)


def _are_names(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(name, str) for name in value.values())


_REASONS = ("unavailable", "needs_reauth", "ambiguous")
_OBJECT = (lambda value: isinstance(value, dict), "must be an object")
_SWITCH = (lambda value: isinstance(value, bool), "must be true or false")
_SECOND = (
    lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**40,
    "must be a moment in Unix seconds",
)
_KINDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "name": (lambda value: isinstance(value, str), "must be text"),
    "definition": _OBJECT,
    "connections": (_are_names, "must be an object of names"),
    "enabled": _SWITCH,
    "inputs": _OBJECT,
    "input": _OBJECT,
    "trigger": (lambda value: True, ""),
    "repeat": _SWITCH,
    "since": _SECOND,
    "until": _SECOND,
    "ids": (_are_texts, "must be a list of at most 500 ids of runs"),
    "workflow": (lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63, "must be an id"),
    "state": (lambda value: value in ("parked", "failed"), "must be parked or failed"),
    "reason": (
        lambda value: value in _REASONS,
        f"must be one of {', '.join(_REASONS)}",
    ),
}
