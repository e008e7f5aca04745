"""How long tests wait for what must come: a machine may be slow, and a wait ends as soon as it has come."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

PATIENCE_SECONDS = 120


def wait_until(is_so: Callable[[], Any], words: Callable[[], Any] = lambda: "", seconds: float = PATIENCE_SECONDS) -> Any:
    """What `is_so` returned once it was true; `words` say what there was instead."""
    ends, pause = time.monotonic() + seconds, 0.02
    while not (found := is_so()):
        assert time.monotonic() < ends, words() or f"not within {seconds} s"
        time.sleep(pause)
        # Looks that come too soon keep what is looked for from coming.
        pause = min(pause * 1.3, 0.2)
    return found


def done_within(seconds: float, act: Callable[[int], Any], times: int = 5) -> bool:
    """Whether `act(number)` is done in that time: a machine holds up one try or another, a fault holds up each."""

    def took(number: int) -> float:
        began = time.monotonic()
        act(number)
        return time.monotonic() - began

    return any(took(number) < seconds for number in range(times))
