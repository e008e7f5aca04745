"""The time, as unix seconds; code that must be tested at a chosen time takes a clock as an argument."""

import time
from collections.abc import Callable

# What such code asks for: `clock: Clock = now_exact`.
Clock = Callable[[], float]


def now() -> int:
    """Whole seconds, as the wire counts them."""
    return int(time.time())


def now_exact() -> float:
    return time.time()


class FixedClock:
    """A clock that stands until it is moved."""

    def __init__(self, at: float):
        self.at = at

    def __call__(self) -> float:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += seconds
