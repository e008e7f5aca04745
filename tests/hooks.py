"""A receiver of webhooks on 127.0.0.1 that remembers every call, and can be down, hang, or answer what a test says."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ports import free_port


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
    _calling: list[socket.socket] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: ThreadingHTTPServer | None = None

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @contextmanager
    def counting(self, caller: socket.socket) -> Iterator[None]:
        """While a call lasts: one whose sender gave up is none, even before its thread has seen that."""
        with self._lock:
            self._calling.append(caller)
            self.most_at_once = max(self.most_at_once, sum(not is_gone(one) for one in self._calling))
        try:
            yield
        finally:
            with self._lock:
                self._calling.remove(caller)

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
        with self.hooks.counting(self.connection):
            if self._waits_its_turn():
                self._answer(one)

    do_GET = do_POST

    def _waits_its_turn(self) -> bool:
        """Whether the sender is still there to be answered: one that gave up is no longer counted as calling."""
        while self.hooks.hangs.is_set():
            if is_gone(self.connection):
                return False
            time.sleep(0.02)
        return True

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


def is_gone(caller: socket.socket) -> bool:
    try:
        return not caller.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True


@contextmanager
def hooks() -> Iterator[Hooks]:
    here = Hooks()
    here.open()
    try:
        yield here
    finally:
        here.close()
