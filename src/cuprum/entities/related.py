"""The fact that a link makes its two ends related items (`copper-api/part2.md §5`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Related:
    """What the field names is a related item. `alone`: the two have no other way to be related, and there is room for one."""

    alone: bool = False
