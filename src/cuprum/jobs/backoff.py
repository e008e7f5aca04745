"""How long to wait before a failed step is tried again."""

from __future__ import annotations

import random
from collections.abc import Callable

# The error and the number of the attempt that failed (from 1) to seconds, or None: give up.
Backoff = Callable[[Exception, int], float | None]


def exponential(
    *,
    attempts: int,
    first_seconds: float = 1.0,
    factor: float = 2.0,
    longest_seconds: float = 3600.0,
    jitter: float = 0.1,
    when: Callable[[Exception], bool] = lambda error: True,
) -> Backoff:
    """Wait `first_seconds`, then `factor` times longer each time; `attempts` tries of what `when` takes."""

    def wait(error: Exception, attempt: int) -> float | None:
        if attempt >= attempts or not when(error):
            return None
        # The power is bounded first: 2.0 ** 2000 overflows long before anybody stops retrying.
        seconds = min(longest_seconds, first_seconds * factor ** min(attempt - 1, 64))
        return seconds * random.uniform(1 - jitter, 1 + jitter)

    return wait
