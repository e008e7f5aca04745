"""The three ways to run a flow: blocking, awaiting, or step by step inside another flow.

`@call` turns a method that *describes* an operation into one that runs it the way its client does; `@each` does the same
for a method that yields rows. Both are typed: `Copper` gives `T` and `Iterator[T]`, `AsyncCopper` a coroutine of `T` and
an `AsyncIterator[T]`, the stepwise view the flow itself.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, overload
from urllib.parse import urlsplit

import httpx2
import msgspec

from cuprum.connector.credentials import Bearer, Credentials
from cuprum.connector.errors import InvalidInput, Problem, TargetRefused
from cuprum.connector.exchange import Answer, Call, Emit, Flow, Lost, Send, Session, Wait
from cuprum.kit.addresses import RefusedTarget

P = ParamSpec("P")
T = TypeVar("T")


class Blocking:
    """Marks what `Copper` gives."""


class Awaiting:
    """Marks what `AsyncCopper` gives."""


class Stepwise:
    """Marks what an action uses: every method gives its flow, to be run with `yield from`."""


M = TypeVar("M", Blocking, Awaiting, Stepwise)


class Way(Protocol):
    """How an operation is run: given the flow, what the caller gets."""

    def run(self, flow: Flow[Any]) -> Any: ...
    def rows(self, flow: Flow[None]) -> Any: ...


class Bound(Generic[M]):
    """Something with operations, bound to a session and a way to run them."""

    def __init__(self, session: Session, way: Way) -> None:
        self._session = session
        self._way = way


class call(Generic[P, T]):
    """A method that yields steps and returns T, run the way its owner is bound."""

    def __init__(self, flow: Callable[Concatenate[Any, P], Flow[T]]) -> None:
        self.flow = flow
        self.__doc__ = flow.__doc__

    @overload
    def __get__(self, owner: Bound[Blocking], kind: Any) -> Callable[P, T]: ...
    @overload
    def __get__(self, owner: Bound[Awaiting], kind: Any) -> Callable[P, Coroutine[Any, Any, T]]: ...
    @overload
    def __get__(self, owner: Bound[Stepwise], kind: Any) -> Callable[P, Flow[T]]: ...
    def __get__(self, owner: Any, kind: Any) -> Any:
        if owner is None:
            return self

        def run(*args: P.args, **kwargs: P.kwargs) -> Any:
            return owner._way.run(self.flow(owner, *args, **kwargs))

        run.__doc__ = self.__doc__
        return run


class each(Generic[P, T]):
    """A method that emits rows of T, handed out one by one the way its owner is bound."""

    def __init__(self, flow: Callable[Concatenate[Any, P], "Flow[type[T] | None]"]) -> None:
        self.flow = flow
        self.__doc__ = flow.__doc__

    @overload
    def __get__(self, owner: Bound[Blocking], kind: Any) -> Callable[P, Iterator[dict[str, Any]]]: ...
    @overload
    def __get__(self, owner: Bound[Awaiting], kind: Any) -> Callable[P, AsyncIterator[dict[str, Any]]]: ...
    @overload
    def __get__(self, owner: Bound[Stepwise], kind: Any) -> Callable[P, Flow[list[dict[str, Any]]]]: ...
    def __get__(self, owner: Any, kind: Any) -> Any:
        if owner is None:
            return self

        def run(*args: P.args, **kwargs: P.kwargs) -> Any:
            return owner._way.rows(self.flow(owner, *args, **kwargs))

        run.__doc__ = self.__doc__
        return run


class Steps:
    """Gives the flow itself, for a flow that is part of another."""

    def run(self, flow: Flow[Any]) -> Flow[Any]:
        return flow

    def rows(self, flow: Flow[None]) -> Flow[list[Any]]:
        """All rows as one list: a flow inside a flow cannot hand them out one by one."""
        collected: list[Any] = []
        outcome: Any = None
        while True:
            try:
                step = flow.send(outcome)
            except StopIteration:
                return collected
            if isinstance(step, Emit):
                collected += step.rows
                outcome = None
            else:
                outcome = yield step


NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)


class Wire:
    """Turns a call into an HTTP request, and what came of it into a value."""

    def __init__(self, base_url: str, credentials: Credentials, headers: Mapping[str, str]) -> None:
        self.base_url = base_url.rstrip("/")
        server = urlsplit(self.base_url)
        self.root = f"{server.scheme}://{server.netloc}"
        self.credentials = credentials
        self.headers = dict(headers)

    def request(self, step: Send) -> dict[str, Any]:
        one = step.call
        content = one.content if one.content is not None else encoded(one)
        headers = dict(one.headers) | dict(step.headers)
        if not one.is_foreign:
            # The key never leaves for a host that only stores a file.
            headers = {"Content-Type": "application/json", **self.headers, **self.credentials.headers(), **headers}
        below = self.root if one.is_from_root else self.base_url
        url = one.path if one.is_foreign else below + one.path
        return {
            "method": one.method,
            "url": url,
            "params": dict(one.query) or None,
            "content": content,
            "headers": headers,
            # A redirect would carry the key to a host that nobody named.
            "follow_redirects": False,
        }


encoder = msgspec.json.Encoder(decimal_format="number")


def encoded(one: Call) -> bytes | None:
    try:
        return None if one.body is None else encoder.encode(one.body)
    except UnicodeEncodeError:
        raise InvalidInput([Problem("body", "holds half a character, which no text has")]) from None


def answer_of(response: httpx2.Response) -> Answer:
    return Answer(response.status_code, response.headers, response.content)


def lost_by(error: httpx2.RequestError) -> Lost:
    said = ": ".join(filter(None, (type(error).__name__, str(error))))
    # The library notes what was asked with every error that its clients raise.
    asked = getattr(error, "_request", None)
    reason = f"no answer from {asked.url.netloc.decode()} ({said})" if asked else said
    return Lost(sent=not isinstance(error, NEVER_SENT), reason=reason)


class Blocks:
    """Runs a flow in the calling thread."""

    def __init__(
        self,
        client: httpx2.Client,
        wire: Wire,
        sleep: Callable[[float], None] = time.sleep,
        renew: Callable[[str], Bearer | None] | None = None,
    ) -> None:
        self.client, self.wire, self.sleep, self.renew = client, wire, sleep, renew

    def run(self, flow: Flow[T]) -> T:
        outcome: Any = None
        while True:
            try:
                step = flow.send(outcome)
            except StopIteration as done:
                result: T = done.value
                return result
            outcome = self.do(step)

    def rows(self, flow: Flow[None]) -> Iterator[Any]:
        outcome: Any = None
        while True:
            try:
                step = flow.send(outcome)
            except StopIteration:
                return
            if isinstance(step, Emit):
                yield from step.rows
                outcome = None
            else:
                outcome = self.do(step)

    def do(self, step: Any) -> Answer | Lost | None:
        if isinstance(step, Wait):
            self.sleep(step.seconds)
            return None
        used = self.wire.credentials
        try:
            answer = self.send(step)
            # Nothing was done, so with fresh credentials the same request is sent once more.
            return self.send(step) if answer.status == 401 and self.has_fresh(used, step) else answer
        except httpx2.RequestError as error:
            return lost_by(error)
        except RefusedTarget as refusal:
            raise TargetRefused(str(refusal)) from refusal

    def send(self, step: Send) -> Answer:
        return answer_of(self.client.request(**self.wire.request(step)))

    def has_fresh(self, used: Credentials, step: Send) -> bool:
        if self.renew and isinstance(used, Bearer) and not step.call.is_foreign:
            fresh = self.renew(used.access_token)
            self.wire.credentials = fresh or used
            return fresh is not None
        return False


class Awaits:
    """Runs a flow on the event loop."""

    def __init__(self, client: httpx2.AsyncClient, wire: Wire, sleep: Callable[[float], Any] = asyncio.sleep) -> None:
        self.client, self.wire, self.sleep = client, wire, sleep

    async def run(self, flow: Flow[T]) -> T:
        outcome: Any = None
        while True:
            try:
                step = flow.send(outcome)
            except StopIteration as done:
                result: T = done.value
                return result
            outcome = await self.do(step)

    async def rows(self, flow: Flow[None]) -> AsyncIterator[Any]:
        outcome: Any = None
        while True:
            try:
                step = flow.send(outcome)
            except StopIteration:
                return
            if isinstance(step, Emit):
                for row in step.rows:
                    yield row
                outcome = None
            else:
                outcome = await self.do(step)

    async def do(self, step: Any) -> Answer | Lost | None:
        if isinstance(step, Wait):
            await self.sleep(step.seconds)
            return None
        try:
            return answer_of(await self.client.request(**self.wire.request(step)))
        except httpx2.RequestError as error:
            return lost_by(error)
        except RefusedTarget as refusal:
            raise TargetRefused(str(refusal)) from refusal
