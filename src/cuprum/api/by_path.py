"""Many routes, of which a request tries those alone that begin as its path does and are as long: to try all takes a while."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send


class ByPath:
    """Hands a request to the routes that may fit it, those that take its verb first, in the order in which they were given."""

    def __init__(self, routes: Sequence[Route]) -> None:
        # `Mount` shows these as its own.
        self.routes = list(routes)
        self._by_start: dict[str, list[Route]] = defaultdict(list)
        for route in routes:
            self._by_start[_start(route.path)].append(route)
        # Made when first asked for; what clients make up pushes itself out.
        self._router = lru_cache(maxsize=2_000)(self._made_router)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope["root_path"])
        await self._router(scope["method"], _start(path), _length(path))(scope, receive, send)

    def _made_router(self, verb: str, start: str, length: int) -> Router:
        fitting = [one for one in self._by_start.get(start, ()) if _is_open(one) or _length(one.path) == length]
        fitting.sort(key=lambda one: verb not in (one.methods or ()))
        return Router(fitting, redirect_slashes=False)


def _start(path: str) -> str:
    """`people` of `/people/{id}`."""
    return path.split("/", 2)[1] if "/" in path else path


def _length(path: str) -> int:
    return path.count("/")


def _is_open(route: Route) -> bool:
    """Whether one of its parameters may have slashes in it."""
    return ":path}" in route.path
