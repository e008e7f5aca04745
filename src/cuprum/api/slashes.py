"""Clients that end an address with a slash are taken at their word."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send


class WithoutTrailingSlash:
    """Routes `/people/17/` like `/people/17`; a redirect would lose the body of a POST."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and len(scope["path"]) > 1 and scope["path"].endswith("/"):
            scope = {**scope, "path": scope["path"].rstrip("/") or "/"}
        await self._app(scope, receive, send)
