"""Which verbs an address takes, over all routes that fit it."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Scope


def verbs_of(routes: Iterable[BaseRoute], scope: Scope) -> list[str]:
    """Sorted, with OPTIONS; empty where nothing fits."""
    # What routing wrote into the scope would make it fit less; the path as it came is whole.
    found = _verbs(routes, {**scope, "root_path": "", "path_params": {}})
    return sorted(found | {"OPTIONS"}) if found else []


def _verbs(routes: Iterable[BaseRoute], scope: Scope) -> set[str]:
    verbs: set[str] = set()
    for route in routes:
        match, inner = route.matches(scope)
        if match is Match.NONE:
            continue
        if isinstance(route, Mount):
            verbs |= _verbs(route.routes, {**scope, **inner})
        elif isinstance(route, Route):
            verbs |= route.methods or set()
    return verbs
