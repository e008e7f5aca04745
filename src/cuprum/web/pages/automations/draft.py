"""A workflow file that is being edited; it goes along with the form, and nothing of it is kept before it is saved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Draft:
    """`id` is that of the kept automation, None for a new one; `was` the edition that is being changed."""

    workflow: dict[str, Any]
    id: int | None = None
    was: str = ""
    connections: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    # Where a step or trigger is being chosen: ("step" or "trigger", place, index).
    choosing: tuple[str, str, int] | None = None
    # Which field gets the keyboard.
    focus: str = ""
