"""A token endpoint that rotates refresh tokens as the strict ones do: one that comes twice ends everything."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl

from cuprum.connector.oauth import Endpoints, Token
from patience import PATIENCE_SECONDS


class TokenServer:
    """`with TokenServer() as server:` hand out `server.token()`; `api` answers 401 to every token but the newest."""

    def __init__(self) -> None:
        self.number, self.is_revoked, self.refusal = 1, False, 0
        self.refreshes = 0
        self.answers = threading.Event()
        self.answers.set()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.endpoints = Endpoints(f"{self.url}/authorize", f"{self.url}/token")

    def token(self, expires_at: float | None = None) -> Token:
        return Token(f"access-{self.number}", "developer/v1/all", f"refresh-{self.number}", expires_at)

    def refreshed(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        assert self.answers.wait(PATIENCE_SECONDS)
        with self._lock:
            self.refreshes += 1
            if self.refusal:
                return self.refusal, {"error": "temporarily_unavailable"}
            if self.is_revoked or form.get("refresh_token") != f"refresh-{self.number}":
                self.is_revoked = True
                return 400, {"error": "invalid_grant", "error_description": "It was used before."}
            self.number += 1
            token = self.token()
            return 200, {"access_token": token.access_token, "refresh_token": token.refresh_token, "expires_in": 3600}

    def __enter__(self) -> TokenServer:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.answers.set()
        self._server.shutdown()
        self._server.server_close()


def _handler(server: TokenServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["content-length"])).decode()))
            self.say(*server.refreshed(form))

        def do_GET(self) -> None:
            fits = self.headers["authorization"] == f"Bearer access-{server.number}" and not server.is_revoked
            self.say(200, {"id": 1, "name": "Ada", "email": "ada@x.example"}) if fits else self.say(
                401, {"message": "Unauthorized"}
            )

        def say(self, status: int, body: dict[str, Any]) -> None:
            said = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    return Handler
