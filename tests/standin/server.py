"""The stand-in as a server on 127.0.0.1: the API on one port, the authorisation host on another."""

import json
import socket
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import activities, endpoints, links, lookups, webhooks
from .oauth import OAuth, oauth_app
from .quirks import Faulty, Quirks
from .state import Refusal, State
from .wire import not_routed, refused

BASE = "/developer_api/v1"


@dataclass(frozen=True)
class Seen:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None


class Recorder:
    """ASGI middleware that notes every request, whole, before anything else happens to it."""

    def __init__(self, app: ASGIApp, seen: list[Seen]) -> None:
        self.app, self.seen = app, seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        query = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
        self.seen.append(Seen(scope["method"], scope["path"], query, headers, body))
        given = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def again() -> Message:
            return next(given, None) or await receive()

        await self.app(scope, again, send)


class StandIn:
    """A Copper of the tests' own. `with StandIn() as copper: copper.base_url`."""

    def __init__(self) -> None:
        self.state = State()
        self.quirks = Quirks()
        self.notifications = webhooks.Notifications()
        self.oauth = OAuth()
        self.seen: list[Seen] = []
        routes = [*lookups.routes(), *endpoints.routes(), *activities.routes(), *webhooks.routes(), *links.routes()]
        inner = Starlette(
            routes=[Mount(BASE, routes=[*routes, Route("/s3/", links.s3, methods=["POST"])])],
            exception_handlers={Refusal: refused, HTTPException: not_routed},
        )
        inner.state.copper, inner.state.quirks, inner.state.notifications = self.state, self.quirks, self.notifications
        self.replays: dict[str, Any] = {}
        inner.state.replays = self.replays
        self.app: ASGIApp = Recorder(Faulty(inner, self.quirks), self.seen)
        self._servers: list[tuple[uvicorn.Server, threading.Thread]] = []

    key, email = "k" * 32, "ada@harborlane.example"

    def __enter__(self) -> "StandIn":
        self.base_url = self._serve(self.app) + BASE
        self.oauth_url = self._serve(oauth_app(self.oauth, self.state)) + "/oauth"
        return self

    def __exit__(self, *exc: object) -> None:
        for server, _ in self._servers:
            server.should_exit = True
        for _, thread in self._servers:
            thread.join(timeout=10)

    def _serve(self, app: ASGIApp) -> str:
        bound = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.005)
        self._servers.append((server, thread))
        return f"http://127.0.0.1:{bound.getsockname()[1]}"

    def reset(self) -> None:
        """As new, on the same ports: a server takes longer to start than most tests take."""
        for part in (self.state, self.quirks, self.notifications, self.oauth):
            vars(part).clear()
            part.__init__()  # type: ignore[misc]
        self.seen.clear()
        self.replays.clear()

    def writes(self) -> list[Seen]:
        """The requests that could have changed something."""
        reads = ("/search", "/fetch_by_email")
        return [one for one in self.seen if one.method != "GET" and not one.path.endswith(reads)]
