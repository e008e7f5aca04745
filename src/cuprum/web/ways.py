"""The ways to look at the same records, with the same filters: as a list, as a board, or by the day."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from cuprum.entities import Record
from cuprum.records.merge import MERGEABLE
from cuprum.web.visit import Visit

BOARD, AGENDA = "/opportunities/board", "/tasks/agenda"
# Leads that became somebody are in no list but their own.
CONVERTED = {"include_converted_leads": "true", "minimum_converted_date": "1"}
# What is said once, or says which part of the list is shown.
PASSING = ("done", "seen", "page", "after", "before")
_WAYS = {
    "opportunity": (("/opportunities", "List", "list"), (BOARD, "Board", "square-kanban")),
    "task": (("/tasks", "List", "list"), (AGENDA, "Agenda", "calendar")),
}


@dataclass(frozen=True)
class Way:
    path: str
    label: str
    icon: str
    is_here: bool


def ways_to_see(visit: Visit, record: type[Record]) -> list[Way]:
    """Nothing to choose where there is only the list. Duplicates are looked for among all."""
    state = {name: value for name, value in visit.query.items() if value and name not in PASSING}
    if record.entity == "lead":
        return [*_of_leads(visit, state), _duplicates(record)]
    query = "?" + urlencode(state) if state else ""
    known = _WAYS.get(record.entity, ((f"/{record.plural}", "List", "list"),))
    ways = [Way(path + query, label, icon, is_here=visit.path == path) for path, label, icon in known]
    return [*ways, _duplicates(record)] if record.entity in MERGEABLE else ways


def _duplicates(record: type[Record]) -> Way:
    return Way(f"/{record.plural}/duplicates", "Duplicates", "copy", is_here=False)


def _of_leads(visit: Visit, state: dict[str, str]) -> list[Way]:
    are_converted = CONVERTED.items() <= state.items()
    rest = {name: value for name, value in state.items() if name not in CONVERTED}
    return [
        Way(visit.path + ("?" + urlencode(asked) if asked else ""), label, icon, is_here=is_here)
        for asked, label, icon, is_here in (
            (rest, "Leads", "list", not are_converted), (rest | CONVERTED, "Converted", "circle-check", are_converted)
        )
    ]  # fmt: skip
