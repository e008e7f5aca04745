"""A local HTTP receiver that remembers what it was sent and answers byte for byte what a test says."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from patience import PATIENCE_SECONDS

Answer = bytes | Callable[[socket.socket], None]


class Receiver:
    def __init__(self, *answers: Answer, tls: ssl.SSLContext | None = None):
        self.answers = list(answers)
        self.tls = tls
        self.requests: list[bytes] = []
        self.over = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/hook"

    def serve(self) -> None:
        """One request a connection; the last answer is given again and again."""
        while not self.over.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.settimeout(PATIENCE_SECONDS)
            with contextlib.suppress(OSError), self.dressed(connection) as connection:
                self.requests.append(read_request(connection))
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                if isinstance(answer, bytes):
                    connection.sendall(answer)
                else:
                    answer(connection)

    def dressed(self, connection: socket.socket) -> socket.socket:
        return self.tls.wrap_socket(connection, server_side=True) if self.tls else connection


@contextmanager
def receiver(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    here = Receiver(*(answers or (answer(200, b"thanks"),)), tls=tls)
    thread = threading.Thread(target=here.serve, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        here.over.set()
        # Closing alone does not wake a thread that waits in accept().
        with contextlib.suppress(OSError):
            here.listener.shutdown(socket.SHUT_RDWR)
        here.listener.close()
        thread.join(PATIENCE_SECONDS)


def silent(connection: socket.socket) -> None:
    """Nothing, until the other side hangs up."""
    connection.recv(1)


def answer(status: int, body: bytes = b"", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Words", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65_536) or b"\r\n\r\n"
    head, _, body = received.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body
