"""Triggers that ask the server for what is no change, whichever way changes are read: moments that pass, and who follows.

What is found is told to the bindings that asked for it alone, and listeners that ask the same ask once together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from cuprum.automation.triggers import bindings, ledger
from cuprum.automation.triggers.bindings import Binding
from cuprum.automation.triggers.lease import Pair, is_gone
from cuprum.automation.triggers.look import Look, server_second
from cuprum.connector.polling.event import Event, Record
from cuprum.connector.polling.following import FOLLOWED, NOT_FOLLOWED, everything_followed, told
from cuprum.connector.polling.passing import Passing
from cuprum.connector.polling.sweep import OVERLAP_SECONDS, Sweep, advance
from cuprum.connector.resources.base import LARGEST_PAGE, as_number
from cuprum.connector.triggers.trigger import FOLLOWING
from cuprum.kit import jsonio

CHANGES_A_TURN = 500


def look(one: Look, listening: Iterable[Binding], every_seconds: float) -> float:
    """Ask what is due to be asked; returns the seconds until it is again."""
    # The present second is not over: more may happen in it.
    until, wait_seconds = server_second(one.state) - 1, every_seconds
    for group in _alike(listening):
        since = min(_asked_until(binding, one.state) for binding in group)
        due_seconds = since + every_seconds - until
        if due_seconds > 0 and any(binding.asked_until is not None for binding in group):
            wait_seconds = min(wait_seconds, due_seconds)
        elif group[0].trigger.found_by == FOLLOWING:
            _look_at_followed(one, group, until)
        else:
            _look_at_moments(one, group, since, until)
    return wait_seconds


def _alike(listening: Iterable[Binding]) -> list[list[Binding]]:
    """Those that wait for something to be asked, by what is asked."""
    groups: dict[Any, list[Binding]] = {}
    for one in listening:
        asked = one.trigger.asked(one.given)
        is_heard = one.is_on if one.workflow_id is not None else not is_gone(one.holder, one.held_until)
        if asked is not None and is_heard:
            groups.setdefault(asked, []).append(one)
    return list(groups.values())


def _asked_until(binding: Binding, state: Any) -> int:
    return _began(binding, state) if binding.asked_until is None else binding.asked_until


def _began(binding: Binding, state: Any) -> int:
    return (binding.began_ms // 1000 + int(state.ahead_seconds)) if binding.start_ms is None else binding.start_ms // 1000


def _look_at_moments(one: Look, group: Sequence[Binding], since: int, until: int) -> None:
    """What was over since; an overlap is read again, for a search may know late of what was written."""
    passing, given = _passing(group[0]), group[0].given
    for rows in _pages(one, passing.sweep(given, since - OVERLAP_SECONDS, until)):
        events = [event for row in rows if (event := passing.event(one.pair.entity, row, given))]
        one.write(_tell_moments, group, events)
    for binding in group:
        one.write(_look_through_changes, binding)
    one.write(_note_asked, group, until)


def _pages(one: Look, sweep: Sweep) -> Iterable[Sequence[Record]]:
    is_done = False
    while not is_done:
        page = one.copper.records_of(one.pair.entity).search(sweep.criteria())
        sweep, is_done = advance(sweep, page.rows, page.total)
        yield page.rows


def _tell_moments(connection: Connection, pair: Pair, state: Any, group: Sequence[Binding], events: Sequence[Event]) -> None:
    for binding in group:
        # Others of the group may have to hear of more.
        since = max(_began(binding, state), _asked_until(binding, state) - OVERLAP_SECONDS)
        ledger.note(connection, pair, [event for event in events if event.at >= since], binding_id=binding.id)


def _look_through_changes(connection: Connection, pair: Pair, state: Any, binding: Binding) -> None:
    """A change can set a moment back, which no look at what was over since would find."""
    passing, place = _passing(binding), binding.place if binding.asked_seq is None else binding.asked_seq
    while noted := ledger.after(connection, pair, place, binding.id, CHANGES_A_TURN):
        happened = [event for one in noted if (event := passing.at_once(one.event, binding.given))]
        place = noted[-1].seq
        ledger.note(connection, pair, happened, binding_id=binding.id)
    bindings.change(connection, binding.id, asked_seq=place)


def _note_asked(connection: Connection, pair: Pair, state: Any, group: Sequence[Binding], until: int) -> None:
    for binding in group:
        bindings.change(connection, binding.id, asked_until=until)


def _look_at_followed(one: Look, group: Sequence[Binding], until: int) -> None:
    now = {number: row for rows in _pages(one, everything_followed()) for number, row in _by_id(rows).items()}
    before = {number for binding in group for number in _followed(binding) or ()}
    missing = sorted(before - now.keys())
    # What is not there may be deleted, or have slipped from page to page: only what is said to be unfollowed is.
    left = _confirmed(one, missing, NOT_FOLLOWED)
    now |= _confirmed(one, [number for number in missing if number not in left], FOLLOWED)
    one.write(_tell_followed, group, now, left, until)


def _confirmed(one: Look, ids: Sequence[int], followed: int) -> dict[int, Record]:
    found: dict[int, Record] = {}
    for start in range(0, len(ids), LARGEST_PAGE):
        asked = {"ids": list(ids[start : start + LARGEST_PAGE]), "followed": followed, "page_size": LARGEST_PAGE}
        found |= _by_id(one.copper.records_of(one.pair.entity).search(asked).rows)
    return found


def _tell_followed(
    connection: Connection,
    pair: Pair,
    state: Any,
    group: Sequence[Binding],
    now: Mapping[int, Record],
    left: Mapping[int, Record],
    until: int,
) -> None:
    ids = jsonio.text(sorted(now))
    for binding in group:
        before = _followed(binding)
        if before is not None:
            second = server_second(state)
            new = told(pair.entity, "followed", [(number, row) for number, row in now.items() if number not in before], second)
            gone = told(pair.entity, "unfollowed", [(number, row) for number, row in left.items() if number in before], second)
            ledger.note(connection, pair, [*new, *gone], binding_id=binding.id)
        bindings.change(connection, binding.id, followed=ids, asked_until=until)


def _followed(binding: Binding) -> set[int] | None:
    """What was followed when it was asked last; None where nobody has asked, and everything is history."""
    return set(jsonio.decode(binding.followed)) if binding.followed is not None else None


def _by_id(rows: Sequence[Record]) -> dict[int, Record]:
    return {number: row for row in rows if (number := as_number(row.get("id"))) is not None}


def _passing(binding: Binding) -> Passing:
    assert isinstance(binding.trigger.found_by, Passing)
    return binding.trigger.found_by
