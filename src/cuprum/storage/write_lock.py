"""The turn to write to a SQLite home, which its processes give one another by a lock on a file."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class WriteLock:
    """Waits for the lock and holds it, as often as it is entered; for one thread. SQLite's own busy wait starves some.

    Its file stays open until `close`: to open it takes longer than to take the lock.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / "write.lock"
        self._file: int | None = None

    def __enter__(self) -> None:
        if self._file is None:
            # Without being emptied: that would be one more thing for the disk to note.
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        assert self._file is not None
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


@contextmanager
def write_lock(home: Path) -> Iterator[None]:
    """The lock, this once."""
    lock = WriteLock(home)
    try:
        with lock:
            yield
    finally:
        lock.close()
