"""The query string of a search: filters as the query-string libraries of real clients write them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from cuprum.kit.errors import Malformed

_MOST_FIELDS = 2_000
_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\]){0,4})")


def pairs(query_string: bytes) -> list[tuple[str, str]]:
    """The decoded pairs in their order; raises Malformed where there are too many."""
    try:
        return parse_qsl(query_string.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise Malformed(f"Malformed request: more than {_MOST_FIELDS} parameters in the query string") from None


def nested(query_string: bytes) -> dict[str, Any]:
    """`ids=1&ids=2`, `ids[]=1`, `ids[0]=1` and `parent[type]=person` as the lists and objects that they stand for."""
    found: dict[str, Any] = {}
    for key, value in pairs(query_string):
        read = _KEY.fullmatch(key)
        if read is None:
            found[key] = value
        elif not read[2]:
            found[key] = value if key not in found else [*_as_list(found[key]), value]
        else:
            _put(found, [read[1], *read[2][1:-1].split("][")], value)
    return {key: _lists(value) for key, value in found.items()}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _put(into: dict[str, Any], path: list[str], value: str) -> None:
    for step in path[:-1]:
        below = into.get(step)
        if not isinstance(below, dict):
            below = into[step] = {}
        into = below
    # `ids[]` has no place of its own: the next one is free.
    into[path[-1] or str(len(into))] = value


def _lists(value: Any) -> Any:
    """Objects whose keys are places are lists; a client may leave places out."""
    if not isinstance(value, dict):
        return value
    if all(key.isascii() and key.isdecimal() and len(key) < 10 for key in value):
        return [_lists(value[place]) for place in sorted(value, key=int)]
    return {key: _lists(below) for key, below in value.items()}
