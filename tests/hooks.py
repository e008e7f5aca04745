"""A receiver of webhooks on 127.0.0.1 that remembers every call, and can be down, hang, or answer what a test says."""

from __future__ import annotations

import json
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from live_server import free_port


@dataclass(frozen=True)
class Heard:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def message(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Hooks:
    """`status` answers every call; while `hangs` is set a call is read and then not answered."""

    port: int = field(default_factory=free_port)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hangs: threading.Event = field(default_factory=threading.Event)
    heard: list[Heard] = field(default_factory=list)
    # Answered with success: what the sender may believe to have arrived.
    accepted: list[Heard] = field(default_factory=list)
    most_at_once: int = 0
    _at_once: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: ThreadingHTTPServer | None = None

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def count(self, step: int) -> None:
        with self._lock:
            self._at_once += step
            self.most_at_once = max(self.most_at_once, self._at_once)

    def open(self) -> None:
        handler = type("Handler", (_Handler,), {"hooks": self})
        self._server = _Server(("127.0.0.1", self.port), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.hangs.clear()
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    hooks: Hooks

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"] or 0)
        body = self.rfile.read(length)
        if len(body) < length:
            # Its sender was killed in the middle: nobody heard what it wanted to say.
            return
        one = Heard(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        self.hooks.heard.append(one)
        self.hooks.count(1)
        try:
            if self._waits_its_turn():
                self._answer(one)
        finally:
            self.hooks.count(-1)

    do_GET = do_POST

    def _waits_its_turn(self) -> bool:
        """Whether the sender is still there to be answered: one that gave up is no longer counted as calling."""
        while self.hooks.hangs.is_set():
            gone, _, _ = select.select([self.connection], [], [], 0.02)
            if gone and not self._reads_on():
                return False
        return True

    def _reads_on(self) -> bool:
        try:
            return bool(self.connection.recv(1, socket.MSG_PEEK))
        except OSError:
            return False

    def _answer(self, one: Heard) -> None:
        if self.hooks.status < 300:
            self.hooks.accepted.append(one)
        try:
            self.send_response(self.hooks.status)
            for name, value in self.hooks.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()
        except OSError:
            return

    def log_message(self, *args: Any) -> None: ...


@contextmanager
def hooks() -> Iterator[Hooks]:
    here = Hooks()
    here.open()
    try:
        yield here
    finally:
        here.close()
