"""Request bodies that are no record: which keys they may have, and their parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cuprum.kit.errors import Invalid, Problem


def only_keys(body: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raises Invalid for keys that mean nothing here (`copper-api/part1.md §3`)."""
    if problem := unknown_keys(body, known):
        raise Invalid(problem)


def unknown_keys(body: Mapping[str, Any], known: Iterable[str]) -> Problem | None:
    known = set(known)
    unknown = [key.encode("utf-8", "replace").decode()[:100] for key in body if key not in known]
    return Problem("base", f"Unrecognized attributes specified: {', '.join(unknown)}") if unknown else None


def part(body: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The object under a key, empty where there is none; raises Invalid for anything else."""
    value = body.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Invalid(Problem(key, "must be an object"))
    return value
