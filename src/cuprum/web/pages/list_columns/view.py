"""The columns of a list, chosen and put in order; each press of a button leads to an address that has it so."""

from __future__ import annotations

from cuprum.records.work import Work
from cuprum.web.arrangement import COLUMNS
from cuprum.web.list_columns import NAME, all_columns, shown_columns, title_of
from cuprum.web.list_state import ListState
from cuprum.web.pages.list_filter.view import record_beside
from cuprum.web.visit import GoTo, Page, Visit

_CHOSEN = "column"


def columns_page(work: Work, visit: Visit) -> Page | GoTo:
    """`?column=…` for each that is ticked, in their order; `up` and `down` move one, `set` goes back to the list."""
    record = record_beside(visit)
    state = ListState.behind(visit, record)
    ticked = [value for key, value in visit.repeated if key == _CHOSEN]
    shown = shown_columns(work, record.entity, ticked or state.columns)
    names = [name for name in shown if name != NAME]
    moved = None
    for way, by in (("up", -1), ("down", 1)):
        if (name := visit.query.get(way)) in names:
            at = names.index(str(name))
            names.insert(max(at + by, 0), names.pop(at))
            moved = (name, way)
    if "set" in visit.query:
        usual = [name for name in COLUMNS[record.entity] if name != NAME]
        return GoTo(state.with_(columns=None if not ticked or names == usual else ",".join(names)), done="")
    known = all_columns(work, record.entity)
    others = [name for name in known if name not in shown]
    words = {
        "record": record, "back": state.address, "path": visit.path, "usual": state.with_(columns=None),
        "chosen": [(name, title_of(known[name])) for name in names],
        "others": sorted(((name, title_of(known[name])) for name in others), key=lambda one: one[1].casefold()),
        "moved": moved,
    }  # fmt: skip
    return Page("list_columns/list_columns.html", words, part="panel")
