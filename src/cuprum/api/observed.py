"""Every request is numbered, timed, counted and logged, and whatever breaks in it is answered and logged once."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cuprum.api.metrics import Metrics
from cuprum.kit.errors import CuprumError
from cuprum.kit.logs import for_request
from cuprum.kit.uuid7 import uuid7

log = logging.getLogger("cuprum.request")

_USABLE_NAME = re.compile(rb"[A-Za-z0-9._-]{8,64}")


class Observed:
    """`scope["log"]` is a dictionary in which the handlers note who is asking; `told` answers what broke, in whichever form."""

    def __init__(self, app: ASGIApp, metrics: Metrics, told: Callable[[Request, CuprumError], Response]) -> None:
        self._app, self._metrics, self._told = app, metrics, told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        name = request_name(scope)
        scope["log"] = {}
        status = 0

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", name.encode())]
            await send(message)

        began = time.perf_counter()
        with for_request(name):
            try:
                await self._app(scope, receive, send_named)
            except Exception:
                log.exception("unexpected error in %s %s", scope["method"], scope["path"])
                if status:
                    raise
                broken = CuprumError(f"Something broke on our side. It was logged as {name}; nothing was half written.")
                await self._told(Request(scope), broken)(scope, receive, send_named)
            finally:
                seconds = time.perf_counter() - began
                self._metrics.count(scope["method"], _template(scope), status, seconds)
                # A client that went away got no status.
                facts: dict[str, Any] = {"status": status or 499, "ms": round(seconds * 1000, 1), **scope["log"]}
                log.info("%s %s", scope["method"], _loggable(scope), extra=facts)


def request_name(scope: Scope) -> str:
    """The name that a proxy or client gave the request, if it can stand in a log; else one of ours."""
    given = next((value for key, value in scope["headers"] if key == b"x-request-id"), b"")
    return given.decode() if _USABLE_NAME.fullmatch(given) else uuid7()


def _loggable(scope: Scope) -> str:
    """The path, but for addresses that are secrets themselves."""
    path: str = scope["path"]
    return _template(scope) if path.startswith("/hooks/") else path


def _template(scope: Scope) -> str:
    """The route rather than the path: few enough to count each."""
    route = scope.get("route")
    return scope.get("root_path", "") + route.path if isinstance(route, Route) else "none"
