"""Many routes, of which a request tries those alone that begin as its path does and are as long: to try all takes a while."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

# Requests with another are few; they find the routes in the order in which they were given.
_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class ByPath:
    """Hands a request to the routes that may fit it, those that take its verb first, in the order in which they were given."""

    def __init__(self, routes: Sequence[Route]) -> None:
        # `Mount` shows these as its own.
        self.routes = list(routes)
        by_start: dict[str, list[Route]] = defaultdict(list)
        for route in routes:
            by_start[_start(route.path)].append(route)
        self._routers = {
            (verb, start, length): _router(found, length, verb)
            for start, found in by_start.items()
            for length in {_length(one.path) for one in found}
            for verb in (*_VERBS, "")
        }
        # What fits no length that is written down may still fit a route whose last parts are one.
        self._longer = {start: _router([one for one in found if _is_open(one)]) for start, found in by_start.items()}
        self._nowhere = _router([])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope["root_path"])
        verb, start = scope["method"] if scope["method"] in _VERBS else "", _start(path)
        router = self._routers.get((verb, start, _length(path))) or self._longer.get(start, self._nowhere)
        await router(scope, receive, send)


def _router(routes: list[Route], length: int | None = None, verb: str = "") -> Router:
    fitting = [one for one in routes if length is None or _is_open(one) or _length(one.path) == length]
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
