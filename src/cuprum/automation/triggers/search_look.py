"""Reading a server by its search: sweeps over what was modified, and a census of what is there at all.

An overlap of two minutes is read again at each sweep, so that rows which appear late, or change twice in a second, are
met; the newest seconds, in which more may happen, are left to the next sweep, unless the server told of a change. A page
that was read and its events are one transaction, and a process killed between two pages goes on from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection

from cuprum.automation.triggers import bindings, ledger, shadows
from cuprum.automation.triggers.bindings import Binding
from cuprum.automation.triggers.lease import Pair, save
from cuprum.automation.triggers.look import Look, milliseconds, server_second
from cuprum.connector.errors import NotFound
from cuprum.connector.polling.census import deleted
from cuprum.connector.polling.diff import Shadow, compare, event_of
from cuprum.connector.polling.event import Event, Record
from cuprum.connector.polling.sweep import NIGHTLY_OVERLAP_SECONDS, OVERLAP_SECONDS, Sweep, advance, begin, keys_for
from cuprum.connector.resources.base import as_number
from cuprum.kit import jsonio

# More is read at once in the next turn, which proves the lease anew.
PAGES_A_TURN = 20
CONFIRMED_A_TURN = 50
HISTORY_A_TURN = 500
_PLAIN = [one.name for one in fields(Sweep) if one.name != "keys"]


def look(one: Look, until: int | None = None) -> bool:
    """Read what was modified since the last sweep, up to the second `until`; True when it is read to the end."""
    state, entity = one.state, one.pair.entity
    sweep = _unfinished(state.sweep, entity) or begin(entity, state.second, _overlap(entity, state), until=until)
    for _ in range(PAGES_A_TURN):
        page = one.copper.records_of(entity).search(sweep.criteria())
        sweep, is_done = advance(sweep, page.rows, page.total)
        one.write(_take_page, page.rows, sweep, is_done)
        if is_done:
            return True
    return False


def _overlap(entity: str, state: Any) -> int:
    # Activities are swept by the day they speak of, which need not be the one they were written on.
    if entity == "activity" or milliseconds() - (state.swept_at or 0) > NIGHTLY_OVERLAP_SECONDS * 1000:
        return NIGHTLY_OVERLAP_SECONDS
    return OVERLAP_SECONDS


def _take_page(connection: Connection, pair: Pair, state: Any, rows: Sequence[Record], sweep: Sweep, is_done: bool) -> None:
    take_rows(connection, pair, state, rows)
    now = milliseconds()
    # With its first page: a sweep that was begun is read to its end, whoever goes on with it.
    nightly = {"swept_at": now} if not state.sweep and _overlap(pair.entity, state) == NIGHTLY_OVERLAP_SECONDS else {}
    if not is_done:
        save(connection, pair, sweep=_text(sweep), **nightly)
        return
    # A record dated in the future must not hide what happens until then.
    values = {"sweep": None, "second": min(sweep.cursor, server_second(state)), "is_seeded": True, "polled_at": now, **nightly}
    if not state.is_seeded:
        values["census_at"] = now
    save(connection, pair, **values)


def take_rows(connection: Connection, pair: Pair, state: Any, rows: Sequence[Record]) -> list[int]:
    """Compare rows with what is known of them, note the events, remember the rows; returns their ids."""
    ids = [number for row in rows if (number := as_number(row.get("id"))) is not None and not row.get("is_deleted")]
    known = shadows.known(connection, pair, ids)
    living = {record_id: one.shadow for record_id, one in known.items() if not one.is_gone}
    events, changed = compare(pair.entity, rows, living, since=state.since_ms // 1000)
    back = {record_id for record_id, one in known.items() if one.is_gone and record_id in changed}
    lives = {record_id: one.lives + (record_id in back) for record_id, one in known.items()}
    told = [_restored(one, state) if one.record_id in back else one for one in events]
    if not state.is_seeded:
        # The first sweep remembers, and tells only what can have happened since watching began: in that very second, too.
        told = [one for one in told if one.last_ms >= state.since_ms]
    ledger.note(connection, pair, [one.in_life(lives.get(one.record_id, 1)) for one in told])
    shadows.remember(connection, pair, changed, lives, state.census_number)
    return ids


def _restored(event: Event, state: Any) -> Event:
    """A record that was gone and is there again, as a change feed tells it: created, now."""
    return Event(event.entity, event.record_id, "created", server_second(state), event.version, event.record)


def take_census(one: Look) -> bool:
    """Meet every record, and confirm of those not met that they are gone; True when that is done."""
    state, entity = one.state, one.pair.entity
    if state.census is None:
        one.write(_begin_census)
        sweep: Sweep | None = begin(entity, None)
    else:
        sweep = _unfinished(state.census, entity)
    for _ in range(PAGES_A_TURN if sweep else 0):
        assert sweep
        page = one.copper.records_of(entity).search(sweep.criteria())
        sweep, is_done = advance(sweep, page.rows, page.total)
        one.write(_count_page, page.rows, sweep, is_done)
        if is_done:
            sweep = None
            break
    return sweep is None and _confirm_missing(one)


def _begin_census(connection: Connection, pair: Pair, state: Any) -> None:
    save(connection, pair, census=_text(begin(pair.entity, None)), census_number=state.census_number + 1)


def _count_page(connection: Connection, pair: Pair, state: Any, rows: Sequence[Record], sweep: Sweep, is_done: bool) -> None:
    shadows.met(connection, pair, take_rows(connection, pair, state, rows), state.census_number)
    save(connection, pair, census="{}" if is_done else _text(sweep))


def _confirm_missing(one: Look) -> bool:
    missing = one.write(_missing)
    for record_id in missing:
        confirm(one, record_id, "census")
    if len(missing) == CONFIRMED_A_TURN:
        return False
    one.write(_end_census)
    return True


def _missing(connection: Connection, pair: Pair, state: Any) -> list[int]:
    return shadows.not_met(connection, pair, state.census_number, CONFIRMED_A_TURN)


def _end_census(connection: Connection, pair: Pair, state: Any) -> None:
    save(connection, pair, census=None, census_at=milliseconds())


def confirm(one: Look, record_id: int, source: str) -> None:
    """Tell that a record is gone if it is, else what became of it: rows move while one reads."""
    try:
        row: Record | None = one.copper.records_of(one.pair.entity).get(record_id)
    except NotFound as refusal:
        if type(refusal) is not NotFound:
            raise
        row = None
    if row is None or row.get("is_deleted"):
        one.write(_tell_gone, record_id, source)
    else:
        one.write(_met_after_all, row)


def _tell_gone(connection: Connection, pair: Pair, state: Any, record_id: int, source: str) -> None:
    known = shadows.known(connection, pair, [record_id]).get(record_id)
    # What we never saw we cannot tell whole, and nobody heard that it was there.
    if known is None or known.is_gone:
        return
    at = server_second(state)
    event = deleted(pair.entity, record_id, {record_id: known.shadow}, at, source)
    ledger.note(connection, pair, [event.in_life(known.lives)])
    shadows.bury(connection, pair, record_id, at)


def _met_after_all(connection: Connection, pair: Pair, state: Any, row: Record) -> None:
    shadows.met(connection, pair, take_rows(connection, pair, state, [row]), state.census_number)


def give_history(one: Look, binding: Binding) -> bool:
    """What there is, told to the one binding that asked for it, since no search knows what was; True when it has all."""
    return one.write(_give, binding)


def _give(connection: Connection, pair: Pair, state: Any, binding: Binding) -> bool:
    reached, start = int(binding.history_cursor or 0), binding.history_from or 0
    held = shadows.after(connection, pair, reached, HISTORY_A_TURN)
    known = shadows.known(connection, pair, [one.record_id for one in held])
    told = [_as_history(pair.entity, one, start).in_life(known[one.record_id].lives) for one in held]
    fresh = ledger.unknown(connection, pair, [one for one in told if one.at >= start])
    ledger.note(connection, pair, sorted(fresh, key=lambda one: one.at), binding_id=binding.id)
    is_done = len(held) < HISTORY_A_TURN
    further = {"history_from": None, "history_cursor": None} if is_done else {"history_cursor": str(held[-1].record_id)}
    bindings.change(connection, binding.id, **further)
    return is_done


def _as_history(entity: str, one: Shadow, start: int) -> Event:
    return event_of(entity, one, None, start)


def _text(sweep: Sweep) -> str:
    return jsonio.text({name: getattr(sweep, name) for name in _PLAIN})


def _unfinished(kept: str | None, entity: str) -> Sweep | None:
    """A sweep that was begun, None when there is none or it was read to its end."""
    given = jsonio.decode(kept) if kept else None
    return Sweep(keys_for(entity), **given) if given else None
