"""Readers of SQLite one after another, for as long as none of them takes long.

The driver lets go of the interpreter at each row. With several readers at work each row is a change of threads, which takes
longer than the row: four of them read pages of 200 at two thirds of the pace of one. Who waits here does not ask for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic

# Nobody waits longer for a turn, nor at all while somebody has had theirs for so long.
PATIENCE_SECONDS = 0.01


class Turns:
    """`with turns.taken():` in the thread of a reader."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._since = 0.0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """A turn, or none where that would have to be waited for too long."""
        if self._is_held_long() or not self._lock.acquire(timeout=PATIENCE_SECONDS):
            yield
            return
        self._since = monotonic()
        try:
            yield
        finally:
            self._lock.release()

    def _is_held_long(self) -> bool:
        return self._lock.locked() and monotonic() - self._since > PATIENCE_SECONDS
