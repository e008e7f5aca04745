"""How much of long work fits in one write transaction: measured while it goes, so that slow rows and busy machines take less."""

from __future__ import annotations

import time

# A write transaction ends within 200 ms: this leaves room for what its end takes, the commit and a step that was slower.
LONGEST_SECONDS = 0.08
# Before anything was measured.
_EACH_SECONDS = 0.004


class Pace:
    """Kept from one transaction to the next it remembers what each record took."""

    def __init__(self) -> None:
        self._each_seconds = _EACH_SECONDS
        self.begin()

    def begin(self) -> None:
        """A transaction begins."""
        self._began = self._noted = time.monotonic()
        self._done = 0

    def did(self, count: int = 1) -> None:
        """So many records were done since it was last told."""
        now = time.monotonic()
        each, self._noted = (now - self._noted) / count, now
        self._each_seconds = (self._each_seconds + each) / 2
        self._done += count

    @property
    def is_over(self) -> bool:
        return self.room(1) == 0

    def room(self, most: int, fewest: int = 1) -> int:
        """How many more records fit, up to `most`; never less than the `fewest` that are worth it, which the first are always."""
        left = self._began + LONGEST_SECONDS - time.monotonic()
        fit = int(left / self._each_seconds)
        return min(most, fit if fit >= fewest else 0 if self._done else fewest)
