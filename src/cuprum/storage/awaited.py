"""What a coroutine waits for while a thread works on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol


class Answer(Protocol):
    """Where one thread puts what its work gave: the part of `concurrent.futures.Future` that it needs for that."""

    def set_running_or_notify_cancel(self) -> bool: ...

    def set_result(self, result: Any, /) -> None: ...

    def set_exception(self, trouble: BaseException, /) -> None: ...


class Awaited:
    """An answer for the coroutine that makes it, which awaits `future`.

    A future of threads that is wrapped for the loop takes twice as long to and fro, for the locks that this one does without.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Any] = self._loop.create_future()

    def set_running_or_notify_cancel(self) -> bool:
        return not self.future.cancelled()

    def set_result(self, result: Any, /) -> None:
        self._tell(self.future.set_result, result)

    def set_exception(self, trouble: BaseException, /) -> None:
        self._tell(self.future.set_exception, trouble)

    def _tell(self, tell: Callable[[Any], None], what: Any) -> None:
        # Refused once the loop is closed: with it everybody went who could have waited.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._tell_whoever_waits, tell, what)

    def _tell_whoever_waits(self, tell: Callable[[Any], None], what: Any) -> None:
        if not self.future.done():
            tell(what)
