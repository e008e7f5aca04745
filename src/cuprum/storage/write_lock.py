"""The turn to write to a SQLite home, which its processes give one another by a lock on a file."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def write_lock(home: Path) -> Iterator[None]:
    """Wait for the lock and hold it: SQLite's own busy wait starves some."""
    # Opened without being emptied: that would be one more thing for the disk to note at each write.
    held = os.open(home / "write.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
