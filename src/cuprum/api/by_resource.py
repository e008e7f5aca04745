"""Many routes under one address, found by the first part of the path: trying one after another took longer than the answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send


class ByResource:
    """Hands a request to the routes whose path begins as its own does, in the order in which they were given."""

    def __init__(self, routes: Sequence[Route]) -> None:
        # `Mount` shows these as its own.
        self.routes = list(routes)
        grouped: dict[str, list[Route]] = defaultdict(list)
        for route in routes:
            grouped[_resource(route.path)].append(route)
        self._routers = {resource: Router(found, redirect_slashes=False) for resource, found in grouped.items()}
        self._nowhere = Router(redirect_slashes=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope["root_path"])
        await self._routers.get(_resource(path), self._nowhere)(scope, receive, send)


def _resource(path: str) -> str:
    """`people` of `/people/{id}`."""
    return path.split("/", 2)[1] if "/" in path else path
