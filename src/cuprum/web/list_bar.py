"""The bar above the rows of a list or board: the filter in words, its troubles, the views, and what is done with all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cuprum.kit.errors import Problem
from cuprum.records.filterable import attributes
from cuprum.records.work import Work
from cuprum.web.chips import Chip, ChipGroup, attribute_label, chips_of, readable
from cuprum.web.list_state import ListState
from cuprum.web.list_views import Views, views_of
from cuprum.web.shown import Shown
from cuprum.web.visit import Visit


@dataclass(frozen=True)
class Bar:
    """`is_any` says that one of the chips is enough; `other_match` is the address where it is the other way round."""

    chips: Sequence[Chip | ChipGroup]
    troubles: Sequence[str]
    is_any: bool
    other_match: str | None
    add: str
    cleared: str
    here: str
    columns: str
    export: str
    views: Views


def bar_of(work: Work, state: ListState, visit: Visit, problems: Sequence[Problem] = ()) -> Bar:
    where, unreadable = readable(state)
    known = state if unreadable is None else ListState(state.record, state.path, _without_where(state))
    chips = chips_of(work, known, Shown.of(work, visit.languages), is_sound=not problems)
    is_several = len(where.items) > 1
    return Bar(
        chips=chips,
        troubles=[unreadable] if unreadable else [_told(work, state, one) for one in problems],
        is_any=where.is_any and is_several,
        other_match=state.with_(match=None if where.is_any else "any") if is_several else None,
        add=known.beside("filter", at="new"),
        cleared=state.with_(**dict.fromkeys(("where", "match", *state.asked))),
        here=state.address,
        columns=state.beside("columns"),
        export=known.beside("export"),
        views=views_of(work, state),
    )


def _without_where(state: ListState) -> dict[str, str]:
    return {name: value for name, value in state.query.items() if name not in ("where", "match")}


def _told(work: Work, state: ListState, problem: Problem) -> str:
    """A problem with its field as the page calls it."""
    attribute = attributes(state.record.entity, work.vocabulary).get(problem.attribute)
    return f"{attribute_label(attribute) if attribute else problem.field}: {problem.reason}"
