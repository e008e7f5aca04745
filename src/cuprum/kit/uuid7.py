"""Version 7 UUIDs as text: ids that sort by the time they were made, strictly so within one process (RFC 9562 §6.2)."""

import os
import threading
import uuid

from cuprum.kit.clock import Clock, now_exact

COUNTER_BITS = 42
RANDOM_BITS = 32


class Uuid7Maker:
    """48 bits of milliseconds, a 42-bit counter that starts anew each millisecond, 32 random bits."""

    def __init__(self, clock: Clock = now_exact):
        self._clock = clock
        self._lock = threading.Lock()
        self._milliseconds, self._counter = 0, 0

    def __call__(self) -> str:
        with self._lock:
            # Once for each id: to ask the system takes longer than all the rest.
            fresh = int.from_bytes(os.urandom(16))
            self._step(int(self._clock() * 1000), fresh >> RANDOM_BITS)
            milliseconds, counter = self._milliseconds, self._counter
        return _text(_bits(milliseconds, counter, fresh & ((1 << RANDOM_BITS) - 1)))

    def _step(self, milliseconds: int, fresh: int) -> None:
        start = fresh & ((1 << (COUNTER_BITS - 1)) - 1)
        if milliseconds > self._milliseconds:
            # The highest bit starts at nought, which leaves two million million ids before the counter is full.
            self._milliseconds, self._counter = milliseconds, start
            return
        # The same millisecond, or a clock set back: the ids go on from the last.
        self._counter += 1
        if self._counter >> COUNTER_BITS:
            self._milliseconds, self._counter = self._milliseconds + 1, start


uuid7 = Uuid7Maker()


def id_at(seconds: float) -> str:
    """What sorts before every id made since then, and after those made before."""
    return _text(_bits(int(seconds * 1000), 0, 0))


def milliseconds_in(text: str) -> int | None:
    """When an id was made, in Unix milliseconds; None for what is no id of this kind."""
    try:
        read = uuid.UUID(text)
    except ValueError:
        return None
    return read.int >> 80 if read.version == 7 else None


def _text(bits: int) -> str:
    # Through `uuid.UUID` it takes three times as long, and every request needs three.
    digits = f"{bits:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _bits(milliseconds: int, counter: int, tail: int) -> int:
    version, variant = 0x7, 0b10
    high, low = counter >> 30, counter & 0x3FFF_FFFF
    return milliseconds << 80 | version << 76 | high << 64 | variant << 62 | low << 32 | tail
