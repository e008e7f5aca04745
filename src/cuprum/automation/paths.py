"""Places in a workflow file, as troubles name them: `tasks[0].parameters.caseTrue[1].name`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

Part = str | int
_PART = re.compile(r"([^.\[\]]+)|\[(\d{1,6})\]")
MOST_ITEMS = 2_000


def parts_of(path: str) -> list[Part]:
    return [int(index) if index else name for name, index in _PART.findall(path)]


def path_of(parts: Iterable[Part]) -> str:
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def at(held: Any, path: str) -> Any:
    """What stands there, or None. The only task of an `each` is its own first item."""
    for part in parts_of(path):
        held = _inside(held, part)
    return held


def put(held: Any, path: str, value: Any) -> None:
    """Put it there; what is missing on the way is made, and what is in the way stays as it is."""
    if not (parts := parts_of(path)):
        return
    *way, last = parts
    for index, part in enumerate(way):
        found = _inside(held, part)
        if found is None:
            found = [] if isinstance([*way, last][index + 1], int) else {}
            _set(held, part, found)
        held = found
    _set(held, last, value)


def drop(held: Any, path: str) -> Any:
    """Take it out and return it; None where there is nothing."""
    if not (parts := parts_of(path)):
        return None
    *way, last = parts
    for part in way:
        held = _inside(held, part)
    if isinstance(held, dict):
        return held.pop(last, None) if isinstance(last, str) else None
    if isinstance(held, list) and isinstance(last, int) and last < len(held):
        return held.pop(last)
    return None


def _inside(held: Any, part: Part) -> Any:
    if isinstance(part, int):
        if isinstance(held, dict):
            return held if part == 0 else None
        return held[part] if isinstance(held, list) and part < len(held) else None
    return held.get(part) if isinstance(held, dict) else None


def _set(held: Any, part: Part, value: Any) -> None:
    if isinstance(part, str) and isinstance(held, dict):
        held[part] = value
    elif isinstance(part, int) and isinstance(held, list) and part <= min(len(held), MOST_ITEMS):
        if part == len(held):
            held.append(value)
        else:
            held[part] = value
