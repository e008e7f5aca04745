"""A callback on this machine for the browser's return, by GET (everybody's way) or by form POST (Copper's)."""

import queue
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit

from cuprum.connector.errors import AuthorizationFailed

DONE = b"<!doctype html><meta charset=utf-8><title>Cuprum</title><p>Thank you. You can close this window.</p>"
LARGEST_FORM = 64_000


class _OnIPv6(ThreadingHTTPServer):
    address_family = socket.AF_INET6


class LocalCallback:
    """`with LocalCallback() as callback:` open the browser with `callback.redirect_uri`, then `callback.wait()`."""

    def __init__(self, port: int = 0, path: str = "/callback", host: str = "127.0.0.1") -> None:
        """`host` is 127.0.0.1, ::1 or localhost; port 0 takes any that is free."""
        self.path, self.host = path, f"[{host}]" if ":" in host else host
        self.received: queue.Queue[dict[str, str]] = queue.Queue()
        kind, address = (_OnIPv6, host) if ":" in host else (ThreadingHTTPServer, "127.0.0.1")
        self._server = kind((address, port), handler(path, self.received))
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def redirect_uri(self) -> str:
        port = self._server.server_port
        return f"http://{self.host}{'' if port == 80 else f':{port}'}{self.path}"

    def wait(self, timeout_seconds: float = 300) -> dict[str, str]:
        """The fields that came. Raises AuthorizationFailed when nobody came in time."""
        try:
            return self.received.get(timeout=timeout_seconds)
        except queue.Empty:
            raise AuthorizationFailed("Nobody came back from the browser in time.") from None

    def __enter__(self) -> "LocalCallback":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


def handler(path: str, received: "queue.Queue[dict[str, str]]") -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.take(urlsplit(self.path).query)

        def do_POST(self) -> None:
            length = min(int(self.headers.get("content-length") or 0), LARGEST_FORM)
            self.take(self.rfile.read(length).decode(errors="replace"))

        def take(self, encoded: str) -> None:
            fields = dict(parse_qsl(encoded))
            # Browsers also ask for an icon; only an answer to our question counts.
            if urlsplit(self.path).path != path or not {"code", "error"} & fields.keys():
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(DONE)))
            self.end_headers()
            self.wfile.write(DONE)
            # Last: whoever waits for it may end this process.
            received.put(fields)

        def log_message(self, *_: object) -> None:
            """The query holds the code: nothing of it is logged."""

    return Handler
