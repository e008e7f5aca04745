"""Values that only one living record of an entity may have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Held:
    """A value that another record holds; `rest` is what the field keeps without it."""

    field: str
    value: str
    holder_id: int
    rest: Any
