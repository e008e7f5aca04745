"""Sockets that connect to checked addresses only, and never outlive the deadline of the call they serve.

The check is made here, on the very address that is connected to: a name checked earlier and resolved again for the
connection could answer differently the second time (DNS rebinding). TLS and the Host header still see the name.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import anyio
import anyio.to_thread
import httpcore2

from cuprum.kit.addresses import AddressRule, check_address

Resolve = Callable[[str, int], list[str]]

# A name with more addresses than this gains nothing from a fifth attempt.
MAX_ADDRESSES_TRIED = 4
# A slow reader takes what its buffer holds; small pieces let the deadline be looked at between them.
PIECE_BYTES = 65_536

_ends_at: ContextVar[float | None] = ContextVar("outbound_ends_at", default=None)


@contextmanager
def deadline(ends_at: float) -> Iterator[None]:
    """Everything these sockets do inside must be over by `ends_at` (seconds of time.monotonic)."""
    token = _ends_at.set(ends_at)
    try:
        yield
    finally:
        _ends_at.reset(token)


def resolve(host: str, port: int) -> list[str]:
    """The numeric addresses of a host, in the operating system's order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedBackend(httpcore2.NetworkBackend):
    """Resolves, checks every address, and connects to what was checked."""

    def __init__(self, rule: AddressRule, resolve: Resolve = resolve):
        self._rule, self._resolve = rule, resolve
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        addresses = self._checked_addresses(host, port, _left(timeout, httpcore2.ConnectTimeout))
        trouble: Exception | None = None
        for address, share in _attempts(addresses):
            try:
                seconds = _share(_left(timeout, httpcore2.ConnectTimeout), share)
                return DeadlineStream(self._plain.connect_tcp(address, port, seconds, local_address, socket_options))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as failed:
                trouble = failed
        raise trouble or httpcore2.ConnectError(f"{host} has no address")

    def _checked_addresses(self, host: str, port: int, seconds: float | None) -> list[str]:
        try:
            addresses = _in_thread(lambda: self._resolve(host, port), seconds)
        except TimeoutError:
            raise httpcore2.ConnectTimeout(f"the name {host} took too long to resolve") from None
        except (OSError, UnicodeError) as trouble:
            raise httpcore2.ConnectError(f"the name {host} does not resolve: {trouble}") from trouble
        return _check_all(addresses, self._rule, host)


class AsyncGuardedBackend(httpcore2.AsyncNetworkBackend):
    """The same for an event loop."""

    def __init__(self, rule: AddressRule, resolve: Resolve = resolve):
        self._rule, self._resolve = rule, resolve
        self._plain = httpcore2.AnyIOBackend()
        # Threads of its own: name servers that do not answer must not hold up the rest of the process.
        self._threads = anyio.CapacityLimiter(16)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        addresses = await self._checked_addresses(host, port, _left(timeout, httpcore2.ConnectTimeout))
        trouble: Exception | None = None
        for address, share in _attempts(addresses):
            try:
                seconds = _share(_left(timeout, httpcore2.ConnectTimeout), share)
                return AsyncDeadlineStream(await self._plain.connect_tcp(address, port, seconds, local_address, socket_options))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as failed:
                trouble = failed
        raise trouble or httpcore2.ConnectError(f"{host} has no address")

    async def _checked_addresses(self, host: str, port: int, seconds: float | None) -> list[str]:
        try:
            with anyio.fail_after(seconds):
                addresses = await anyio.to_thread.run_sync(
                    self._resolve, host, port, abandon_on_cancel=True, limiter=self._threads
                )
        except TimeoutError:
            raise httpcore2.ConnectTimeout(f"the name {host} took too long to resolve") from None
        except (OSError, UnicodeError) as trouble:
            raise httpcore2.ConnectError(f"the name {host} does not resolve: {trouble}") from trouble
        return _check_all(addresses, self._rule, host)


class DeadlineStream(httpcore2.NetworkStream):
    """A stream whose every wait is cut short by the deadline of the call it serves at the moment."""

    def __init__(self, stream: httpcore2.NetworkStream):
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for piece in _pieces(buffer):
            self._stream.write(piece, _left(timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        seconds = _left(timeout, httpcore2.ConnectTimeout)
        return DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, seconds))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class AsyncDeadlineStream(httpcore2.AsyncNetworkStream):
    """The same for an event loop."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream):
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, _left(timeout, httpcore2.ReadTimeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for piece in _pieces(buffer):
            await self._stream.write(piece, _left(timeout, httpcore2.WriteTimeout))

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.AsyncNetworkStream:
        seconds = _left(timeout, httpcore2.ConnectTimeout)
        return AsyncDeadlineStream(await self._stream.start_tls(ssl_context, server_hostname, seconds))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None, late: type[httpcore2.TimeoutException]) -> float | None:
    """The shorter of this wait's own time-out and what the call has left."""
    ends_at = _ends_at.get()
    if ends_at is None:
        return timeout
    seconds = ends_at - time.monotonic()
    if seconds <= 0:
        raise late("the time allowed for the whole call is over")
    return seconds if timeout is None else min(timeout, seconds)


def _check_all(addresses: list[str], rule: AddressRule, host: str) -> list[str]:
    # One forbidden address condemns the name: which of them gets connected to would be luck.
    for address in addresses:
        check_address(address, rule, host)
    return addresses


def _attempts(addresses: list[str]) -> Iterator[tuple[str, int]]:
    """Each address to try, with how many attempts the time left must still serve."""
    tried = addresses[:MAX_ADDRESSES_TRIED]
    return ((address, len(tried) - place) for place, address in enumerate(tried))


def _share(seconds: float | None, attempts: int) -> float | None:
    return None if seconds is None else seconds / attempts


def _pieces(buffer: bytes) -> Iterator[bytes]:
    view = memoryview(buffer)
    return (bytes(view[start : start + PIECE_BYTES]) for start in range(0, len(view), PIECE_BYTES))


def _in_thread(work: Callable[[], list[str]], seconds: float | None) -> list[str]:
    """The result of blocking work, or TimeoutError; getaddrinfo knows no time-out, so its thread is left behind."""
    answer: Future[list[str]] = Future()

    def run() -> None:
        try:
            answer.set_result(work())
        except BaseException as trouble:
            answer.set_exception(trouble)

    threading.Thread(target=run, name="resolve", daemon=True).start()
    # Python 3.11 made concurrent.futures.TimeoutError the built-in one.
    return answer.result(seconds)
