"""A client that costs little: one socket, requests as bytes, the answer's length read from its head."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: Any = None


@dataclass(frozen=True)
class Times:
    """Seconds of each request, sorted, and how long all of them took together."""

    each: list[float]
    elapsed: float

    @property
    def per_second(self) -> float:
        return len(self.each) / self.elapsed

    def milliseconds(self, share: float) -> float:
        return self.each[min(len(self.each) - 1, int(len(self.each) * share))] * 1000


class Client:
    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()

    def send(self, request: Request) -> bytes:
        """The answer's body; raises RuntimeError for any status but 200 and 204."""
        body = b"" if request.body is None else json.dumps(request.body).encode()
        line = f"{request.method} {request.path} HTTP/1.1\r\nHost: bench\r\nContent-Length: {len(body)}\r\n".encode()
        self._socket.sendall(line + self._head + b"Content-Type: application/json\r\n\r\n" + body)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._received()
        head, _, rest = received.partition(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 204"):
            return b""
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        while len(rest) < length:
            rest += self._received()
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{request.method} {request.path}: {head[:40]!r} {rest[:300]!r}")
        return rest

    def _received(self) -> bytes:
        chunk = self._socket.recv(262_144)
        if not chunk:
            raise RuntimeError("the server closed the connection")
        return chunk

    def close(self) -> None:
        self._socket.close()


def measure(port: int, headers: dict[str, str], make: Callable[[], Request], clients: int, seconds: float) -> Times:
    """Send what `make` makes from that many clients at once for that long."""
    each: list[float] = []
    failures: list[Exception] = []
    ends = time.perf_counter() + seconds

    def run() -> None:
        client = Client(port, headers)
        own: list[float] = []
        try:
            client.send(make())
            while time.perf_counter() < ends or len(own) < 5:
                request = make()
                started = time.perf_counter()
                client.send(request)
                own.append(time.perf_counter() - started)
        except Exception as failure:
            failures.append(failure)
        client.close()
        each.extend(own)

    began = time.perf_counter()
    threads = [threading.Thread(target=run) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return Times(sorted(each), time.perf_counter() - began)


def timed(work: Callable[[], Any], seconds: float) -> Times:
    """How long it takes again and again, after once for warming up."""
    work()
    each: list[float] = []
    began = time.perf_counter()
    while time.perf_counter() - began < seconds or len(each) < 5:
        started = time.perf_counter()
        work()
        each.append(time.perf_counter() - started)
    return Times(sorted(each), time.perf_counter() - began)
