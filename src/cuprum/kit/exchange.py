"""One HTTP call as a value: what came back, or what went wrong and whether trying again makes sense."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from cuprum.kit.addresses import RefusedTarget
from cuprum.kit.outbound import ResponseTooLarge

EXCERPT_BYTES = 2_000

# Besides these and the server errors, a status will be the same next time.
WORTH_ANOTHER_TRY = frozenset({408, 421, 423, 425, 429})
SAME_NEXT_TIME = frozenset({501, 505})


@dataclass(frozen=True)
class Outcome:
    """How a call ended; `status` is None where no answer came."""

    status: int | None
    permanent: bool
    reason: str
    elapsed_seconds: float
    retry_after_seconds: float | None = None
    # False only where the request certainly never reached the other side, so that repeating it is harmless.
    may_have_arrived: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    body_is_whole: bool = True

    @property
    def succeeded(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def excerpt(self) -> str:
        """The kept part of the body as text, whatever its bytes are."""
        return self.body.decode("utf-8", "replace").replace("\0", "\ufffd")


def exchange(client: httpx2.Client, method: str, url: str, *, keep_bytes: int = EXCERPT_BYTES, **request: Any) -> Outcome:
    """Send and wait; `request` is what httpx2 takes (headers, content, json, params …). Raises nothing of the network.

    At most `keep_bytes` of the body are read; the status counts even where the body breaks off.
    """
    started = time.monotonic()
    try:
        with client.stream(method, url, **request) as response:
            body, trouble = bytearray(), None
            try:
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > keep_bytes:
                        break
            except httpx2.RequestError as broken:
                trouble = broken
            return _answered(response, bytes(body), keep_bytes, trouble, started)
    except _TROUBLE as trouble:
        # With redirects followed, an earlier hop may have been served before the trouble.
        is_first_hop = not request.get("follow_redirects", client.follow_redirects)
        return _unanswered(trouble, started, is_first_hop)


async def exchange_async(
    client: httpx2.AsyncClient, method: str, url: str, *, keep_bytes: int = EXCERPT_BYTES, **request: Any
) -> Outcome:
    """The same for an event loop."""
    started = time.monotonic()
    try:
        async with client.stream(method, url, **request) as response:
            body, trouble = bytearray(), None
            try:
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > keep_bytes:
                        break
            except httpx2.RequestError as broken:
                trouble = broken
            return _answered(response, bytes(body), keep_bytes, trouble, started)
    except _TROUBLE as trouble:
        # With redirects followed, an earlier hop may have been served before the trouble.
        is_first_hop = not request.get("follow_redirects", client.follow_redirects)
        return _unanswered(trouble, started, is_first_hop)


def is_permanent(status: int) -> bool:
    """Whether the same request would meet the same status again."""
    if status >= 500:
        return status in SAME_NEXT_TIME
    return status >= 300 and status not in WORTH_ANOTHER_TRY


def retry_after_seconds(value: str | None, now: datetime | None = None) -> float | None:
    """The wait that a Retry-After header asks for, given in seconds or as a date; None where it says neither."""
    if value is None:
        return None
    if re.fullmatch(r"\s*[0-9]{1,9}\s*", value):
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max((at - (now or datetime.now(UTC))).total_seconds(), 0.0)


# UnicodeError: a header or URL that cannot be written on the wire.
_TROUBLE = (RefusedTarget, httpx2.RequestError, httpx2.InvalidURL, UnicodeError)
_NEVER_LEFT = (
    RefusedTarget,
    httpx2.InvalidURL,
    UnicodeError,
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
)
_NO_USE_REPEATING = (
    RefusedTarget,
    httpx2.InvalidURL,
    UnicodeError,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
    httpx2.TooManyRedirects,
    httpx2.DecodingError,
    ResponseTooLarge,
)


def _answered(response: httpx2.Response, body: bytes, keep_bytes: int, trouble: Exception | None, started: float) -> Outcome:
    status = response.status_code
    reason = f"{status} {response.reason_phrase}".strip()
    return Outcome(
        status=status,
        permanent=is_permanent(status),
        reason=f"{reason} (the body broke off: {_words(trouble)})" if trouble else reason,
        elapsed_seconds=time.monotonic() - started,
        retry_after_seconds=retry_after_seconds(response.headers.get("retry-after")),
        headers=dict(response.headers),
        body=body[:keep_bytes],
        body_is_whole=trouble is None and len(body) <= keep_bytes,
    )


def _unanswered(trouble: Exception, started: float, is_first_hop: bool) -> Outcome:
    return Outcome(
        status=None,
        permanent=isinstance(trouble, _NO_USE_REPEATING),
        reason=_words(trouble),
        elapsed_seconds=time.monotonic() - started,
        may_have_arrived=not (is_first_hop and isinstance(trouble, _NEVER_LEFT)),
        body_is_whole=False,
    )


def _words(trouble: Exception) -> str:
    if isinstance(trouble, RefusedTarget):
        return str(trouble)
    # Many network errors carry no text of their own: ReadTimeout, "".
    return f"{type(trouble).__name__}: {trouble}".removesuffix(": ")
