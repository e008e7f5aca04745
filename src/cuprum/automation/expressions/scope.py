"""What an expression sees: the names of the run, and a time and ids that are the same whenever it is evaluated again."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cuprum.automation.expressions.limits import MOST_SECONDS


@dataclass
class Scope:
    """`now` is in Unix seconds, `seed` makes the ids of `uuid()`: a run that is replayed must see what it saw before."""

    names: Mapping[str, Any]
    now: float = field(default_factory=time.time)
    zone: str = "UTC"
    seed: str = field(default_factory=lambda: uuid.uuid4().hex)
    _ids: int = 0
    # Of work, not of the clock: a busy machine must not fail a run.
    _ends: float = field(default_factory=lambda: time.thread_time() + MOST_SECONDS)

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)

    def new_id(self) -> str:
        self._ids += 1
        return str(uuid.UUID(bytes=hashlib.sha256(f"{self.seed}/{self._ids}".encode()).digest()[:16], version=4))

    @property
    def is_out_of_time(self) -> bool:
        return time.thread_time() > self._ends
