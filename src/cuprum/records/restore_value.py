"""The way back to a single value that a record had: written anew, by the rules for whoever writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cuprum.auth.may import may
from cuprum.entities import ENTITIES
from cuprum.kit.errors import Conflict, NotFound, Refused
from cuprum.records.draft import Draft
from cuprum.records.logged import ADDS_OR_ENDS, Entry, entries, entry, flat, unflat
from cuprum.records.record_history import GOES_WITH, Line, as_seen, is_written, lines_of
from cuprum.records.stored import stored
from cuprum.records.work import Work
from cuprum.records.write import change_from
from cuprum.storage.event_tables import change


def former_value(work: Work, entity: str, record_id: int, seq: int, name: str) -> Line:
    """What one change did to one value of a living record; raises NotFound."""
    return _found(work, entity, stored(work, entity, record_id), seq, name)[1]


def _found(work: Work, entity: str, present: Mapping[str, Any], seq: int, name: str) -> tuple[Entry, Line]:
    found = entries().where(change.c.seq == seq, change.c.entity == entity, change.c.record_id == present["id"])
    row = work.execute(found).one_or_none()
    one = entry(row) if row else None
    if one is not None and one.kind not in ADDS_OR_ENDS:
        for line in lines_of(work, one, present, is_there=True):
            if line.name == name:
                return one, line
    raise NotFound("There is no such change")


def restore_value(work: Work, entity: str, record_id: int, seq: int, name: str, *, now: str | None = None) -> None:
    """Let one value be again what it was before a change, by the rules for whoever writes it.

    `now` is the value of today, encoded, that the actor saw beside it. Raises NotFound, Conflict when that is another by now,
    Refused for what cannot be put back, Invalid where a rule speaks against it.
    """
    before = stored(work, entity, record_id)
    may(work.actor, "update", entity, before)
    one, line = _found(work, entity, before, seq, name)
    if now is not None and now != as_seen(flat(entity, before).get(name)):
        raise Conflict("Somebody else changed this while you were looking. It stands above: restore it again if you like.")
    if not is_written(work, entity, name):
        raise Refused("This cannot be restored by itself: it is not written by people, or its field was removed")
    wanted = {name: line.former} | {other: one.before[other] for other in GOES_WITH.get(name, ()) if other in one.before}
    _check_option(work, name, line.former)
    change_from(Draft(work, ENTITIES[entity], unflat(entity, wanted, before), before))


def _check_option(work: Work, name: str, former: Any) -> None:
    definition = work.vocabulary.definitions.get(int(name.partition(".")[2] or 0))
    if definition is None or definition.data_type not in ("Dropdown", "MultiSelect"):
        return
    gone = [one for one in (former if isinstance(former, list) else [former]) if one is not None and one not in definition.living]
    if gone:
        raise Refused(f"This cannot be restored: an option of {definition.name} that stood there was removed. Ask an admin.")
