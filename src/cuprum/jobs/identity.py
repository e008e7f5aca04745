"""The lock on an executor id: two live processes with one id would run a step twice."""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from cuprum.jobs.errors import NodeTaken


class Identity(Protocol):
    """Held from launch to stop."""

    def acquire(self, wait_seconds: float) -> None:
        """Take the lock; raises NodeTaken when somebody else still has it after `wait_seconds`."""

    def still_held(self) -> bool:
        """Whether the lock is ours at this moment, after trying to get it back if the connection was lost."""

    def release(self) -> None: ...


class FileIdentity:
    """A lock on a file beside the SQLite database; the kernel frees it when the process dies."""

    def __init__(self, database_file: Path, executor_id: str) -> None:
        name = hashlib.sha256(executor_id.encode()).hexdigest()[:12]
        self._path = database_file.with_name(f"{database_file.name}.{name}.lock")
        self._executor_id = executor_id
        self._file: int | None = None

    def acquire(self, wait_seconds: float) -> None:
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(file)
                    raise NodeTaken(self._executor_id) from None
                time.sleep(0.05)
            else:
                self._file = file
                return

    def still_held(self) -> bool:
        return self._file is not None

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


class AdvisoryIdentity:
    """A session lock on a PostgreSQL connection of its own; the server frees it when the session dies."""

    def __init__(self, database: sa.Engine, schema: str, executor_id: str) -> None:
        digest = hashlib.sha256(f"cuprum.jobs:{schema}:{executor_id}".encode()).digest()
        self._key = int.from_bytes(digest[:8], "big", signed=True)
        self._database = database
        self._executor_id = executor_id
        self._connection: sa.Connection | None = None

    def acquire(self, wait_seconds: float) -> None:
        deadline = time.monotonic() + wait_seconds
        while not self._try():
            if time.monotonic() >= deadline:
                raise NodeTaken(self._executor_id)
            time.sleep(0.1)

    def still_held(self) -> bool:
        if self._connection is not None:
            try:
                self._connection.exec_driver_sql("SELECT 1")
                return True
            except sa.exc.DBAPIError:
                self._connection.invalidate()
                self._connection = None
        return self._try()

    def release(self) -> None:
        if self._connection is not None:
            # The session must end with the lock, not return to the pool with it.
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _try(self) -> bool:
        connection = self._database.connect().execution_options(isolation_level="AUTOCOMMIT")
        # A machine that vanished without a word must not keep the lock for the two hours of TCP's default.
        for setting in ("tcp_keepalives_idle = 5", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 2"):
            connection.exec_driver_sql(f"SET {setting}")
        if connection.execute(sa.select(sa.func.pg_try_advisory_lock(self._key))).scalar():
            self._connection = connection
            return True
        connection.invalidate()
        connection.close()
        return False
