"""Copper's own limits, for those who test against them: 180 requests a minute, bulk calls 3 a second (`part1.md §4`)."""

from __future__ import annotations

import math
import re
import time

from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from cuprum.kit.errors import Limited

A_MINUTE, BULK_A_SECOND = RateLimitItemPerMinute(180), RateLimitItemPerSecond(3)

_BULK = re.compile(r"/bulk_(create|update)$")


class CopperLimits:
    """Counts the account's calls, in a window that rolls. Each process counts for itself."""

    def __init__(self) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def take(self, path: str) -> None:
        """Raises Limited when this call is one too many."""
        if _BULK.search(path):
            self._take(BULK_A_SECOND, "bulk calls are limited to 3 a second")
        self._take(A_MINUTE, "calls are limited to 180 a minute")

    def _take(self, limit: RateLimitItemPerMinute | RateLimitItemPerSecond, words: str) -> None:
        if not self._window.hit(limit):
            again = self._window.get_window_stats(limit).reset_time - time.time()
            raise Limited(f"Rate limit exceeded: {words} (CUPRUM_COPPER_LIMITS)", max(1, math.ceil(again)))
