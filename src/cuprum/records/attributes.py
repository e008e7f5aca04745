"""The attributes of a small object (a custom field, a word, a page) in a request, read with every problem noted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from cuprum.kit.errors import Malformed, Problem

Reader = Callable[[Any], Any]


def read_attributes(
    body: Any, readers: Mapping[str, Reader], passed_over: Collection[str] = ()
) -> tuple[dict[str, Any], list[Problem]]:
    """The attributes that are in the body; unknown ones are a problem, those `passed_over` are what only we write."""
    if not isinstance(body, dict):
        raise Malformed("Malformed request: the body must be a JSON object")
    problems = []
    if unknown := [key for key in body if key not in readers and key not in passed_over]:
        shown = ", ".join(key.encode("utf-8", "replace").decode()[:100] for key in unknown)
        problems.append(Problem("base", f"Unrecognized attributes specified: {shown}"))
    values = {}
    for name, read in readers.items():
        if name in body:
            try:
                values[name] = read(body[name])
            except PydanticCustomError as refusal:
                problems.append(Problem(name, refusal.message(), refusal.type))
    return values, problems


def blank(name: str) -> Problem:
    return Problem(name, "can't be blank", "blank")
