"""The views of a list as tabs above it: those that everybody has, and saved ones that are pinned or looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from cuprum.kit.errors import NotFound
from cuprum.records.saved_views import NO_VIEW, SavedView
from cuprum.records.saved_views import views_on as saved_views_on
from cuprum.records.work import Work
from cuprum.web.list_state import VIEW, ListState

_MINE = ("Mine", "where=assignee_id.any.me")
_ADDED = ("Added this week", "where=date_created.this_week")
BUILT_IN: dict[str, tuple[tuple[str, str], ...]] = {
    "opportunity": (
        _MINE,
        ("Closing this month", "where=status.any.Open;close_date.this_month"),
        ("Overdue", "where=status.any.Open;close_date.past"),
    ),
    "task": (
        ("Mine to do", "where=assignee_id.any.me;status.any.Open"),
        ("Overdue", "where=status.any.Open;due_date.past"),
        ("This week", "where=status.any.Open;due_date.this_week"),
    ),
    "project": (_MINE, ("Open", "where=status.any.Open")),
}


@dataclass(frozen=True)
class Tab:
    label: str
    address: str
    is_here: bool
    is_shared: bool = False


@dataclass(frozen=True)
class Views:
    """`now` is the saved view that is looked at, `is_changed` since it was opened; `others` are how many are not pinned."""

    tabs: Sequence[Tab]
    now: SavedView | None
    is_changed: bool
    path: str
    all: str
    others: int


def views_of(work: Work, state: ListState) -> Views:
    """Raises NotFound when the address says nothing but a view that is not for the one who asks."""
    entity, here = state.record.entity, dict(parse_qsl(state.kept))
    saved = saved_views_on(work, entity)
    now = next((one for one in saved if str(one.id) == state.view_id), None)
    if state.view_id and now is None and not here:
        # Otherwise the address itself says what is shown; that it was once a view, or is another's, changes nothing.
        raise NotFound(NO_VIEW)
    tabs = [
        Tab(label, _address(state.path, query), is_here=now is None and here == dict(parse_qsl(query)))
        for label, query in (("All", ""), *BUILT_IN.get(entity, (_MINE, _ADDED)))
    ]
    shown = [one for one in saved if one.is_pinned or (now and one.id == now.id)]
    tabs += [Tab(one.name, address_of(one), is_here=bool(now and now.id == one.id), is_shared=one.is_shared) for one in shown]
    is_changed = now is not None and here != dict(parse_qsl(now.query))
    return Views(tabs, now, is_changed, f"/{state.record.plural}/views", state.beside("views"), len(saved) - len(shown))


def address_of(view: SavedView) -> str:
    """Where it is looked at: its whole state, and which view it is."""
    return _address(view.path, "&".join(filter(None, (view.query, f"{VIEW}={view.id}"))))


def _address(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
