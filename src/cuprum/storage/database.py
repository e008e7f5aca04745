"""One database: readers in a bounded pool of threads, writes in their own transactions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from cuprum.config import Settings
from cuprum.kit.errors import Unavailable
from cuprum.storage import dialect
from cuprum.storage.awaited import Awaited
from cuprum.storage.turns import Turns
from cuprum.storage.writer import PooledWriter, SingleWriter, Writer

P = ParamSpec("P")
T = TypeVar("T")

# Long reads at a time; more of them wait for their turn.
_SNAPSHOTS = 2


class Database:
    """Functions that take a connection first run here: `read` on a reader, `write` in one committed transaction."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        size = settings.reader_threads
        self._readers = ThreadPoolExecutor(size, thread_name_prefix="reader")
        self._turns = Turns()
        self._snapshots = ThreadPoolExecutor(_SNAPSHOTS, thread_name_prefix="snapshot")
        self.writer: Writer
        if settings.is_sqlite:
            settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.reading = dialect.sqlite_engine(settings, read_only=True, size=size + 2 + _SNAPSHOTS)
            self._glancing: Connection | None = self.reading.connect()
            self._glance_lock = Lock()
            writing = dialect.sqlite_engine(settings, read_only=False, size=1)
            self.writer = SingleWriter(writing, settings.home, self._begin_anew)
        else:
            # Two more connections than threads, for what runs outside the pool: health checks and start-up.
            self.reading = dialect.postgresql_engine(settings, size=size + 2 + _SNAPSHOTS)
            self.reading = self.reading.execution_options(isolation_level="AUTOCOMMIT")
            self._glancing = None
            self.writer = PooledWriter(dialect.postgresql_engine(settings, size=size), size)

    async def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(connection, …)` on a reader thread; raises Unavailable when the database does not answer."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: self._read_in_turn(work, *args, **kwargs))

    async def glance(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Like `read`, for a look-up by key: on SQLite it takes less time than handing it to a thread would."""
        if self._glancing is None:
            return await self.read(work, *args, **kwargs)
        try:
            with self._glance_lock:
                if self._glancing.closed:
                    self._glancing = self.reading.connect()
                return work(self._glancing, *args, **kwargs)
        except DBAPIError as trouble:
            raise unavailable(trouble) from trouble

    def _read_in_turn(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with self._turns.taken() if self.settings.is_sqlite else nullcontext():
            return self.read_now(work, *args, **kwargs)

    def _begin_anew(self) -> None:
        # The connections of a process share SQLite's side files: once opened without the right to write, they stay so
        # until the last one is closed.
        assert self._glancing is not None
        with self._glance_lock:
            self._glancing.close()
        self.reading.dispose()
        self.writer.engine.dispose()

    def read_now(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            try:
                return self._read_once(work, *args, **kwargs)
            except DBAPIError as trouble:
                # The server was restarted: the pool is new now, and a read may simply be asked again.
                if not trouble.connection_invalidated:
                    raise
                return self._read_once(work, *args, **kwargs)
        except DBAPIError as trouble:
            raise unavailable(trouble) from trouble

    def _read_once(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with self.reading.connect() as connection:
            return work(connection, *args, **kwargs)

    def begin_snapshot(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have `work(connection, …)` done beside the readers, seeing all the while the database as it is at its first look."""
        return self._snapshots.submit(lambda: self.snapshot_now(work, *args, **kwargs))

    def snapshot_now(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            with dialect.snapshot(self.reading) as connection:
                return work(connection, *args, **kwargs)
        except DBAPIError as trouble:
            raise unavailable(trouble) from trouble

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(connection, …)` in a transaction and return once it is committed."""
        answer = Awaited()
        self.writer.submit(lambda connection: work(connection, *args, **kwargs), answer)
        return await answer.future

    def write_now(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        answer: Future[T] = Future()
        self.writer.submit(lambda connection: work(connection, *args, **kwargs), answer)
        return answer.result()

    @property
    def readers_busy(self) -> int:
        """How many readers are at work."""
        pool: Any = self.reading.pool
        return pool.checkedout() - (self._glancing is not None and not self._glancing.closed)

    def close(self) -> None:
        self.writer.close()
        self._readers.shutdown(wait=True)
        self._snapshots.shutdown(wait=True, cancel_futures=True)
        if self._glancing is not None:
            self._glancing.close()
        self.reading.dispose()


def unavailable(trouble: DBAPIError | OSError) -> Exception:
    """What went wrong, in words that say what to do; errors that are ours to answer for stay as they are."""
    reason = str(trouble.orig if isinstance(trouble, DBAPIError) else trouble).lower()
    if "disk is full" in reason or "no space left" in reason or "quota exceeded" in reason or "file too large" in reason:
        return Unavailable("The disk is full: nothing was written. Free some space and try again.")
    if "readonly" in reason or "read-only" in reason or "permission denied" in reason:
        return Unavailable("The database cannot be written: nothing was changed. Check the rights of the data folder.")
    if "disk i/o error" in reason or "unable to open" in reason or "database is locked" in reason:
        return Unavailable("The database does not take this now: nothing was changed. Try again shortly.")
    if isinstance(trouble, DBAPIError) and (trouble.connection_invalidated or "connect" in reason):
        return Unavailable("The database does not answer. Try again shortly.")
    return trouble
