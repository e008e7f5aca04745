"""A workflow file that is being edited; it goes along with the form, and nothing of it is kept before it is saved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cuprum.automation.workflow_file import Trouble


@dataclass(frozen=True)
class Renamed:
    """A node that has another name now; `places` are the fields that said the former one, and say the new one."""

    before: str
    now: str
    places: list[str]


@dataclass(frozen=True)
class Picking:
    """What a field is being picked from: a page of (label, value), and whether there are more."""

    path: str
    page: int
    options: list[tuple[str, str]]
    has_more: bool


@dataclass
class Draft:
    """`id` is that of the kept automation, None for a new one; `was` the edition that is being changed."""

    workflow: dict[str, Any]
    id: int | None = None
    was: str = ""
    connections: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    renamed: list[Renamed] = field(default_factory=list)
    # Names that cannot be: {place: what was typed}, and why.
    misnamed: dict[str, str] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    # Where a step or trigger is being chosen: ("step" or "trigger", place, index).
    choosing: tuple[str, str, int] | None = None
    picking: Picking | None = None
    # The field that gets the keyboard, by its path.
    focus_field: str = ""
    # Which step gets the keyboard; its first field where the step is new.
    focus: str = ""
    is_new_there: bool = False
