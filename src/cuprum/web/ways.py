"""The ways to look at the same records, with the same filters: as a list, or as a board."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from cuprum.entities import Record
from cuprum.web.visit import Visit

BOARD = "/opportunities/board"


@dataclass(frozen=True)
class Way:
    path: str
    label: str
    icon: str
    is_here: bool


def ways_to_see(visit: Visit, record: type[Record]) -> list[Way]:
    """Nothing to choose where there is only the list."""
    if record.entity != "opportunity":
        return []
    state = {name: value for name, value in visit.query.items() if value and name not in ("page", "done", "seen")}
    query = "?" + urlencode(state) if state else ""
    return [
        Way(path + query, label, icon, is_here=visit.path == path)
        for path, label, icon in (("/opportunities", "List", "list"), (BOARD, "Board", "square-kanban"))
    ]
