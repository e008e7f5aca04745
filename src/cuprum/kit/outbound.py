"""The one guarded HTTP transport: every call to an address that somebody typed in goes through these clients.

They refuse forbidden targets on every hop (`RefusedTarget`), bound the size of an answer before and after
decompression and the time of the whole call, and take no proxy from the environment.
"""

import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, closing
from functools import lru_cache
from typing import Any

import httpcore2
import httpx2

from cuprum.kit.addresses import AddressRule, check_url
from cuprum.kit.guarded_network import AsyncGuardedBackend, GuardedBackend, Resolve, deadline, resolve

MAX_RESPONSE_BYTES = 1_000_000
# What a redirect to somebody else may still be told; keys and signatures are for the first address only.
HARMLESS_HEADERS = {
    *("accept", "accept-encoding", "accept-language", "connection", "content-length", "content-type", "host"),
    *("transfer-encoding", "user-agent"),
}


class ResponseTooLarge(httpx2.TransportError):
    """The answer is larger than the caller takes."""


def guarded_client(
    rule: AddressRule,
    *,
    timeout_seconds: float = 10,
    total_seconds: float = 30,
    max_response_bytes: int = MAX_RESPONSE_BYTES,
    max_connections: int = 20,
    ssl_context: ssl.SSLContext | None = None,
    resolve: Resolve = resolve,
    **options: Any,
) -> "GuardedClient":
    """A client for the rule; `options` are httpx2.Client's own (headers, base_url, auth, follow_redirects …).

    `timeout_seconds` bounds each wait, `total_seconds` the call from name to last byte, redirects included
    (for one call: `extensions={"total_seconds": 5}`).
    """
    pool = httpcore2.ConnectionPool(
        ssl_context=ssl_context or _default_tls(),
        max_connections=max_connections,
        max_keepalive_connections=max_connections,
        keepalive_expiry=5,
        network_backend=GuardedBackend(rule, resolve),
    )
    transport = GuardedTransport(pool, rule, max_response_bytes)
    return GuardedClient(total_seconds, transport=transport, **_options(timeout_seconds, options))


class _CheckedTransport(httpx2.HTTPTransport):
    """Checks every URL and the very address that is connected to."""

    def __init__(self, rule: AddressRule):
        self._rule = rule
        self._pool = httpcore2.ConnectionPool(ssl_context=_default_tls(), network_backend=GuardedBackend(rule))

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        check_url(request.url, self._rule)
        return super().handle_request(request)


def guarded_transport(rule: AddressRule) -> httpx2.HTTPTransport:
    """For a client that sets its own limits, and is only to keep to the rule."""
    return _CheckedTransport(rule)


def guarded_async_client(
    rule: AddressRule,
    *,
    timeout_seconds: float = 10,
    total_seconds: float = 30,
    max_response_bytes: int = MAX_RESPONSE_BYTES,
    max_connections: int = 20,
    ssl_context: ssl.SSLContext | None = None,
    resolve: Resolve = resolve,
    **options: Any,
) -> "GuardedAsyncClient":
    """The same for an event loop."""
    pool = httpcore2.AsyncConnectionPool(
        ssl_context=ssl_context or _default_tls(),
        max_connections=max_connections,
        max_keepalive_connections=max_connections,
        keepalive_expiry=5,
        network_backend=AsyncGuardedBackend(rule, resolve),
    )
    transport = GuardedAsyncTransport(pool, rule, max_response_bytes)
    return GuardedAsyncClient(total_seconds, transport=transport, **_options(timeout_seconds, options))


class GuardedClient(httpx2.Client):
    """An httpx2.Client whose calls each carry a deadline and remember where they first went."""

    def __init__(self, total_seconds: float, **options: Any):
        super().__init__(**options)
        self._total_seconds = total_seconds

    def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        _begin(request, self._total_seconds)
        return super().send(request, **options)


class GuardedAsyncClient(httpx2.AsyncClient):
    """The same for an event loop."""

    def __init__(self, total_seconds: float, **options: Any):
        super().__init__(**options)
        self._total_seconds = total_seconds

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        _begin(request, self._total_seconds)
        return await super().send(request, **options)


class GuardedTransport(httpx2.HTTPTransport):
    """Checks each hop, and hands out answers that cannot grow or last beyond their limits."""

    # httpx2 offers no argument for a network backend; the pool is all that its own constructor would set.
    def __init__(self, pool: httpcore2.ConnectionPool, rule: AddressRule, max_response_bytes: int):
        self._pool, self._rule, self._limit = pool, rule, max_response_bytes

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        ends_at: float = request.extensions["ends_at"]
        with deadline(ends_at):
            response = super().handle_request(_checked_hop(request, self._rule))
        assert isinstance(response.stream, httpx2.SyncByteStream)
        return LimitedResponse(response, _LimitedStream(response.stream, ends_at, self._limit), self._limit)


class GuardedAsyncTransport(httpx2.AsyncHTTPTransport):
    """The same for an event loop."""

    def __init__(self, pool: httpcore2.AsyncConnectionPool, rule: AddressRule, max_response_bytes: int):
        self._pool, self._rule, self._limit = pool, rule, max_response_bytes

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        ends_at: float = request.extensions["ends_at"]
        with deadline(ends_at):
            response = await super().handle_async_request(_checked_hop(request, self._rule))
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        return LimitedResponse(response, _AsyncLimitedStream(response.stream, ends_at, self._limit), self._limit)


class LimitedResponse(httpx2.Response):
    """A response that also counts its bytes after decompression: a small body can unpack to gigabytes."""

    def __init__(self, response: httpx2.Response, stream: httpx2.SyncByteStream | httpx2.AsyncByteStream, max_bytes: int):
        super().__init__(response.status_code, headers=response.headers, stream=stream, extensions=response.extensions)
        self._max_bytes = max_bytes

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        count = _Count(self._max_bytes)
        with closing(super().iter_bytes(chunk_size)) as chunks:  # type: ignore[type-var]
            for chunk in chunks:
                yield count.add(chunk)

    async def aiter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:  # type: ignore[override]
        count = _Count(self._max_bytes)
        async with aclosing(super().aiter_bytes(chunk_size)) as chunks:
            async for chunk in chunks:
                yield count.add(chunk)


class _LimitedStream(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, ends_at: float, max_bytes: int):
        self._stream, self._ends_at, self._max_bytes = stream, ends_at, max_bytes

    def __iter__(self) -> Iterator[bytes]:
        count, chunks = _Count(self._max_bytes), iter(self._stream)
        while True:
            with deadline(self._ends_at):
                chunk = next(chunks, None)
            if chunk is None:
                return
            yield count.add(chunk)

    def close(self) -> None:
        self._stream.close()


class _AsyncLimitedStream(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, ends_at: float, max_bytes: int):
        self._stream, self._ends_at, self._max_bytes = stream, ends_at, max_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        count, chunks = _Count(self._max_bytes), aiter(self._stream)
        while True:
            with deadline(self._ends_at):
                chunk = await anext(chunks, None)
            if chunk is None:
                return
            yield count.add(chunk)

    async def aclose(self) -> None:
        await self._stream.aclose()


class _Count:
    """The bytes of one answer so far, against the limit."""

    def __init__(self, max_bytes: int):
        self._bytes, self._max_bytes = 0, max_bytes

    def add(self, chunk: bytes) -> bytes:
        self._bytes += len(chunk)
        if self._bytes > self._max_bytes:
            raise ResponseTooLarge(f"the answer is larger than {self._max_bytes:,} bytes")
        return chunk


def _begin(request: httpx2.Request, total_seconds: float) -> None:
    """Note on the request, and so on the redirects made from it, when it must end and whom it was meant for."""
    total_seconds = request.extensions.get("total_seconds", total_seconds)
    request.extensions = {
        **request.extensions,
        "ends_at": time.monotonic() + total_seconds,
        "first_origin": _origin(request.url),
    }


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    # url.origin raises on a URL without a host, which check_url should refuse in its own words.
    return url.scheme, url.host, url.port


def _checked_hop(request: httpx2.Request, rule: AddressRule) -> httpx2.Request:
    """This hop as it goes out: its URL checked, secrets kept from strangers, waits cut to what is left."""
    check_url(request.url, rule)
    headers = request.headers.copy()
    if _origin(request.url) != request.extensions["first_origin"]:
        for name in set(headers) - HARMLESS_HEADERS:
            del headers[name]
    left = max(request.extensions["ends_at"] - time.monotonic(), 0.001)
    waits = {name: left if seconds is None else min(seconds, left) for name, seconds in request.extensions["timeout"].items()}
    return httpx2.Request(
        request.method,
        request.url,
        headers=headers,
        stream=request.stream,
        extensions={**request.extensions, "timeout": waits},
    )


def _options(timeout_seconds: float, options: dict[str, Any]) -> dict[str, Any]:
    headers = {"Accept-Encoding": "gzip, deflate", **httpx2.Headers(options.pop("headers", None))}
    return {"timeout": timeout_seconds, "trust_env": False, "max_redirects": 5, "headers": headers, **options}


@lru_cache(maxsize=1)
def _default_tls() -> ssl.SSLContext:
    # Reading the authorities takes long, so once. SSL_CERT_FILE is honoured: it is how an operator
    # makes a certificate authority of the house known.
    return httpx2.create_ssl_context()
