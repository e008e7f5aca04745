"""Where writes are committed: one thread for SQLite, a small pool for PostgreSQL."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from cuprum.kit.errors import Unavailable
from cuprum.storage.awaited import Answer
from cuprum.storage.write_lock import WriteLock

Work = Callable[[Connection], Any]
Observer = Callable[[float], None]


class Writer(Protocol):
    engine: Engine
    # Told how many seconds each transaction took, from its turn to its commit.
    observe: Observer

    @property
    def waiting(self) -> int:
        """How many pieces of work wait for their turn."""
        ...

    def submit(self, work: Work, answer: Answer) -> None: ...

    def close(self) -> None: ...


class SingleWriter:
    """SQLite takes one writer at a time, so there is one thread, and its queue is the lock.

    What waits when a transaction ends its first piece of work joins it, each piece under a savepoint of its own: they
    share the one costly thing, the sync to disk. Nobody is answered before the commit that holds their work.
    """

    LONGEST_BATCH_SECONDS = 0.05
    LARGEST_BATCH = 64

    def __init__(self, engine: Engine, home: Path, in_trouble: Callable[[], None]) -> None:
        self.engine = engine
        self.observe: Observer = _unobserved
        self._in_trouble = in_trouble
        self._turn = WriteLock(home)
        # Kept: to take it from the pool and to give it back costs as much as a statement.
        self._connection: Connection | None = None
        self._queue: queue.SimpleQueue[tuple[Work, Answer] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._closed = False
        self._thread.start()

    @property
    def waiting(self) -> int:
        return self._queue.qsize()

    def submit(self, work: Work, answer: Answer) -> None:
        if self._closed:
            raise RuntimeError("the database is closed")
        self._queue.put((work, answer))

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._queue.put(None)
            self._thread.join()
            self._let_go()
            self._turn.close()
            self.engine.dispose()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            self._batch(first)

    def _batch(self, first: tuple[Work, Answer]) -> None:
        # From here on nobody can cancel it; whoever did so before is not waiting any more.
        if not first[1].set_running_or_notify_cancel():
            return
        done: list[tuple[Answer, Any]] = []
        waiting = [first[1]]
        try:
            with self._turn:
                began = time.monotonic()
                if self._connection is None:
                    self._connection = self.engine.connect()
                connection = self._connection
                with connection.begin():
                    done.append((first[1], first[0](connection)))
                    self._take_along(connection, done, waiting, began + self.LONGEST_BATCH_SECONDS)
                self.observe(time.monotonic() - began)
        except BaseException as trouble:
            # Whoever hears of it and tries again is to find new connections.
            self._let_go()
            if isinstance(_translated(trouble), Unavailable):
                self._in_trouble()
            for answer in waiting:
                answer.set_exception(_translated(trouble))
            return
        for answer, result in done:
            answer.set_result(result)

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _take_along(self, connection: Connection, done: list[tuple[Answer, Any]], waiting: list[Answer], ends: float) -> None:
        """Until the whole transaction has lasted long enough: to a long one nothing is added."""
        while len(waiting) < self.LARGEST_BATCH and time.monotonic() < ends:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                return
            if item is None:
                self._queue.put(None)
                return
            work, answer = item
            if not answer.set_running_or_notify_cancel():
                continue
            # On a full disk SQLite rolls everything back by itself: then this one fails with all the others.
            waiting.append(answer)
            savepoint = connection.begin_nested()
            try:
                result = work(connection)
            except Exception as trouble:
                savepoint.rollback()
                waiting.remove(answer)
                answer.set_exception(_translated(trouble))
            else:
                savepoint.commit()
                done.append((answer, result))


class PooledWriter:
    """PostgreSQL orders its writers itself; each piece of work has a transaction and a thread of its own."""

    def __init__(self, engine: Engine, size: int) -> None:
        self.engine = engine
        self.observe: Observer = _unobserved
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="writer")

    @property
    def waiting(self) -> int:
        return self._threads._work_queue.qsize()

    def submit(self, work: Work, answer: Answer) -> None:
        self._threads.submit(self._answer, work, answer)

    def close(self) -> None:
        self._threads.shutdown(wait=True)
        self.engine.dispose()

    def _answer(self, work: Work, answer: Answer) -> None:
        if not answer.set_running_or_notify_cancel():
            return
        try:
            result = self._commit(work)
        except BaseException as trouble:
            answer.set_exception(trouble)
        else:
            answer.set_result(result)

    def _commit(self, work: Work) -> Any:
        for attempt in range(5):
            began = time.monotonic()
            try:
                with self.engine.begin() as connection:
                    answer = work(connection)
                self.observe(time.monotonic() - began)
                return answer
            except DBAPIError as trouble:
                # 40P01 deadlock, 40001 serialisation: the database rolled back, so the work may run again.
                if getattr(trouble.orig, "sqlstate", "") not in ("40P01", "40001") or attempt == 4:
                    raise self._begun_anew(trouble) from trouble
                time.sleep(0.01 * 2**attempt)
        raise AssertionError("unreachable")

    def _begun_anew(self, trouble: DBAPIError) -> BaseException:
        told = _translated(trouble)
        # After a fail-over, a connection made while the server took no writes stays that way for ever.
        if isinstance(told, Unavailable):
            self.engine.dispose()
        return told


def _unobserved(seconds: float) -> None:
    """Where nobody asks."""


def _translated(trouble: BaseException) -> BaseException:
    from cuprum.storage.database import unavailable

    if isinstance(trouble, DBAPIError | OSError) and not isinstance(trouble, IntegrityError):
        return unavailable(trouble)
    return trouble
