"""What goes wrong on the real wire, to be switched on by a test."""

from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass
class Fault:
    """The next requests whose method and path fit are answered so, before or after the work is done."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    drop: bool = False
    work_first: bool = True
    method: str = ""
    path: str = ""
    times: int = 1

    def fits(self, scope: Scope) -> bool:
        return self.times > 0 and scope["method"].startswith(self.method) and self.path in scope["path"]


@dataclass
class Quirks:
    """Switches of the stand-in; all off at first."""

    error_shape: str = "message"
    string_numbers: bool = False
    short_pages: int = 0
    no_total: bool = False
    idempotency: bool = False
    allow_http_targets: bool = True
    faults: list[Fault] = field(default_factory=list)

    def too_many(self, *, retry_after: str | None = None, times: int = 1, path: str = "") -> None:
        headers = {"retry-after": retry_after} if retry_after is not None else {}
        body = b'{"success":false,"status":429,"message":"Rate limit exceeded"}'
        self.faults.append(Fault(429, headers, body, work_first=False, times=times, path=path))

    def answer(self, status: int, body: bytes = b"", *, times: int = 1, path: str = "", method: str = "") -> None:
        self.faults.append(Fault(status, {}, body, work_first=False, times=times, path=path, method=method))

    def drop_answer(self, *, path: str = "", method: str = "", times: int = 1, work_first: bool = True) -> None:
        """The connection closes without an answer, after the write was done (or before)."""
        self.faults.append(Fault(drop=True, work_first=work_first, path=path, method=method, times=times))


class Faulty:
    """ASGI middleware that lets the quirks' faults happen."""

    def __init__(self, app: ASGIApp, quirks: Quirks) -> None:
        self.app, self.quirks = app, quirks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        fault = next((one for one in self.quirks.faults if one.fits(scope)), None)
        if fault is None:
            return await self.app(scope, receive, send)
        fault.times -= 1
        if fault.work_first:
            await self.app(scope, receive, nowhere)
        if fault.drop:
            return hang_up(send)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(fault.body)).encode())]
        headers += [(name.encode(), value.encode()) for name, value in fault.headers.items()]
        await send({"type": "http.response.start", "status": fault.status, "headers": headers})
        await send({"type": "http.response.body", "body": fault.body})


async def nowhere(message: Message) -> None:
    return None


def hang_up(send: Send) -> None:
    """Close the socket under uvicorn without a word. Its send is a method of the cycle that holds the transport."""
    cycle = send.__self__  # type: ignore[attr-defined]
    cycle.disconnected = True
    cycle.transport.close()
