"""One request and its answer, with no I/O: a flow yields what to do and is sent what came of it.

The same flow is driven by blocking code, by awaiting code and step by step (`drive.py`), so that retries, lost answers and
idempotency are decided in one place.
"""

import itertools
import random
import uuid
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any, TypeVar

import msgspec

from cuprum.connector.errors import (
    BadAnswer,
    CopperError,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    ServerFault,
    Unreachable,
    error_from,
)

T = TypeVar("T")
Json = Any
Flow = Generator["Send | Wait | Emit", Any, T]


class Effect(Enum):
    """What happens when a request is sent twice."""

    NONE = "it reads"
    SAME = "the second changes nothing more"
    NEW = "the second may make another"


@dataclass(frozen=True, slots=True)
class Call:
    """A request of the API: path below the base URL, or an absolute URL that gets no credentials."""

    method: str
    path: str
    body: Json = None
    query: Mapping[str, str] = field(default_factory=dict)
    effect: Effect = Effect.NONE
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    # The path starts at the server's root, beside the API rather than below its base URL.
    is_from_root: bool = False

    @property
    def is_foreign(self) -> bool:
        return self.path.startswith(("https://", "http://"))


@dataclass(frozen=True, slots=True)
class Send:
    call: Call
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wait:
    seconds: float


@dataclass(frozen=True, slots=True)
class Emit:
    """Rows that an iterator hands out before it goes on."""

    rows: list[Any]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Json:
        """The decoded body; an empty one is None (some 200 answers have none)."""
        if not self.content.strip():
            return None
        try:
            return msgspec.json.decode(self.content)
        except msgspec.DecodeError:
            return self.content.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer. `sent` is False when the request certainly never reached the server."""

    sent: bool
    reason: str


@dataclass
class Session:
    """What the flows of one client share."""

    attempts: int = 4
    longest_wait_seconds: float = 60.0
    jitter: Callable[[], float] = random.random
    new_key: Callable[[], str] = field(default=lambda: str(uuid.uuid4()))
    repeats_safely: bool | None = None
    # The group of changes that the last write became, where the server says so.
    group: str | None = None
    # The definition ids of the custom fields that writes were given.
    custom_fields: set[int] = field(default_factory=set)
    memory: dict[str, Any] = field(default_factory=dict)


def exchange(session: Session, call: Call) -> Flow[Answer]:
    """Send, wait and send again as far as that is safe.

    Raises the error tree of `errors.py`. A write whose answer was lost is repeated only when the server has announced
    idempotency; Copper's cloud ignores the key.
    """
    headers = {"Idempotency-Key": session.new_key()} if call.effect is Effect.NEW else {}
    was_lost = False
    for attempt in itertools.count(1):
        outcome: Answer | Lost = yield Send(call, headers)
        if isinstance(outcome, Answer) and outcome.status < 300:
            if call.effect is not Effect.NONE:
                session.group = outcome.headers.get("x-cuprum-group")
            return outcome
        error = error_of(outcome)
        ambiguous = may_have_happened(call, outcome)
        if ambiguous and not (yield from can_repeat(session)):
            raise OutcomeUnknown(
                f"{call.method} {call.path} was sent and its answer lost: it may have happened.", status=error.status
            ) from error
        if was_lost and call.method == "DELETE" and type(error) is NotFound:
            # The first try, whose answer was lost, did delete it.
            return Answer(200, {}, b"")
        was_lost = was_lost or ambiguous or isinstance(outcome, Lost)
        if error.permanent or attempt >= session.attempts:
            raise given_up(error, call, ambiguous)
        pause = pause_before(attempt, error.retry_after_seconds, session)
        if pause > session.longest_wait_seconds:
            raise error
        yield Wait(pause)
    raise AssertionError("unreachable")


def error_of(outcome: Answer | Lost) -> CopperError:
    if isinstance(outcome, Lost):
        return Unreachable(outcome.reason)
    if outcome.status < 400:
        return BadAnswer(f"The server redirects ({outcome.status}); is the base URL right?", status=outcome.status)
    return error_from(outcome.status, outcome.json(), retry_after(outcome.headers))


def may_have_happened(call: Call, outcome: Answer | Lost) -> bool:
    """A write that makes something new, with no answer that says whether it did.

    503 and 429 say it did not. 500, 502 and 504 can come after the commit.
    """
    if call.effect is not Effect.NEW:
        return False
    if isinstance(outcome, Lost):
        return outcome.sent
    return outcome.status >= 500 and outcome.status != 503


def can_repeat(session: Session) -> Flow[bool]:
    """Does the server remember keys? It says so in a header of GET /account; asked once."""
    if session.repeats_safely is None:
        asked: Answer | Lost = yield Send(Call("GET", "/account"), {})
        if isinstance(asked, Lost) or asked.status != 200:
            # Without an answer nothing is known, and the next loss may ask again.
            return False
        learn(session, asked)
    return bool(session.repeats_safely)


def learn(session: Session, account: Answer) -> None:
    session.repeats_safely = account.headers.get("x-cuprum-idempotency") == "1"


def given_up(error: CopperError, call: Call, ambiguous: bool) -> CopperError:
    if ambiguous:
        return OutcomeUnknown(f"{call.method} {call.path}: {error.message}", status=error.status)
    return error


def pause_before(attempt: int, asked_seconds: float | None, session: Session) -> float:
    """What the server asks for and a little more, else exponential back-off with jitter."""
    if asked_seconds is not None:
        return asked_seconds + session.jitter() * min(1.0, asked_seconds)
    return float(min(30.0, 0.5 * 2**attempt) * (0.5 + session.jitter() / 2))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Whole seconds or an HTTP date; None when absent or unreadable."""
    value = headers.get("retry-after", "").strip()
    if value.replace(".", "", 1).isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


__all__ = [
    "Answer", "Call", "Effect", "Emit", "Flow", "Json", "Lost", "RateLimited", "Send", "ServerFault", "Session",
    "Wait", "exchange", "learn", "retry_after",
]  # fmt: skip
