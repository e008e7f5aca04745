"""Undo: the inverses of a group's changes, last first, as a group of their own.

What a later change touched is left as it is and named; the rest is put back. Undoing an undo does the group again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select, update

from cuprum.auth.may import may
from cuprum.entities import ENTITIES
from cuprum.events.log import Listener
from cuprum.kit.errors import NotFound, Refused
from cuprum.kit.pace import Pace
from cuprum.records.conflict import Conflict, conflict
from cuprum.records.inbox import take_back
from cuprum.records.links_between import pointers, target
from cuprum.records.logged import Entry, entries, entry
from cuprum.records.sample_stays import is_sample, staying
from cuprum.records.state import states_of
from cuprum.records.system_activities import is_system
from cuprum.records.undo_record import take_away, undo_record
from cuprum.records.undo_row import undo_row
from cuprum.records.unfinished import forget, note_progress, progress_of, work_left_by
from cuprum.records.visible import visible_even_in_trash
from cuprum.records.work import Work
from cuprum.storage.database import Database
from cuprum.storage.dialect import locked
from cuprum.storage.event_tables import change, change_group
from cuprum.storage.tables import TABLES

# As the kind of unfinished work.
UNDO = "undo"
_AT_ONCE = 100


@dataclass
class Undone:
    """How far an undo has come: how many changes were put back, which were not, and where it goes on."""

    group: str | None = None
    count: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    below: int | None = None
    is_done: bool = False

    def answer(self) -> dict[str, Any]:
        return {"group": self.group, "undone": self.count, "conflicts": self.conflicts}


def undo_part(work: Work, group_id: str, so_far: Undone) -> Undone:
    """Undo as much of a group as fits in one short transaction; callers go on, each time in a new one, until `is_done`.

    What callers leave in the middle is stored as such: whoever asks again goes on with it, and so does a running server.

    Raises NotFound, Forbidden for the groups of others, Refused for what is undone already.
    """
    found = _locked_group(work, group_id)
    undone = _where_it_stands(work, group_id, so_far)
    if undone.is_done:
        return undone
    _check(work, found, undone.group)
    if undone.group:
        work.group.id, work.group.is_stored = undone.group, True
    is_of_samples = is_sample(work, group_id)
    work.group.label = "Sample data removed" if is_of_samples else f"Undo of {found.label}"
    _replay(work, group_id, undone, staying(work, group_id) if is_of_samples else {})
    if work.group.changes:
        _mark(work, group_id)
        undone.group = work.group.id
    if undone.is_done:
        forget(work.connection, UNDO, group_id)
    else:
        note_progress(work.connection, UNDO, group_id, asdict(undone), work.now, work.actor.user_id or None)
    return undone


def undo_at_the_machine(database: Database, group_id: str, listeners: tuple[Listener, ...] = ()) -> Undone:
    """Undo a group on behalf of somebody with a shell here, who is no user of the account but may do everything."""

    def part(connection: Connection, so_far: Undone) -> Undone:
        return undo_part(work_left_by(connection, None, database.settings, listeners), group_id, so_far)

    undone = Undone()
    while not undone.is_done:
        undone = database.write_now(part, undone)
    return undone


def _locked_group(work: Work, group_id: str) -> Any:
    found = work.execute(locked(work.connection, select(change_group).where(change_group.c.id == group_id))).one_or_none()
    if found is None:
        raise NotFound("There is no such group of changes")
    return found


def _where_it_stands(work: Work, group_id: str, so_far: Undone) -> Undone:
    """How far the undo has come by what is stored: another process may have gone on with it, or died over it."""
    stored = progress_of(work.connection, UNDO, group_id)
    if stored is not None:
        return Undone(**stored)
    return replace(so_far, conflicts=list(so_far.conflicts), is_done=so_far.below is not None)


def _check(work: Work, found: Any, going_on_as: str | None) -> None:
    if found.actor != work.actor.user_id:
        may(work.actor, "undo", "group")
    if found.undone_by and found.undone_by != going_on_as:
        raise Refused(f"This was undone by the group {found.undone_by}. Undo that group to do it again.")


def _replay(work: Work, group_id: str, undone: Undone, stays: Mapping[tuple[str, int], str]) -> None:
    """`stays` are records that are left as they are, with the reason."""
    pace = Pace()
    notes: list[Entry] = []
    while True:
        page = _page(work, group_id, undone.below)
        for some in _together(page, pace):
            undone.below = some[-1].seq
            going = _going(some, undone, stays)
            if len(going) > 1:
                undone.count += take_away(work, going, undone.conflicts)
            elif going and going[0].kind == "new" and going[0].entity in ENTITIES and is_system(going[0].after):
                # The note of a change comes after it in the log and goes only if the change itself could be undone.
                notes.append(going[0])
                continue
            elif going:
                _undo_one(work, going[0], undone)
            while going and notes:
                _undo_one(work, notes.pop(), undone)
            pace.did(len(some))
            if pace.is_over and not notes:
                return
        if len(page) < _AT_ONCE:
            while notes:
                _undo_one(work, notes.pop(), undone)
            undone.is_done = True
            return


def _going(some: list[Entry], undone: Undone, stays: Mapping[tuple[str, int], str]) -> list[Entry]:
    """Those that do not stay; of those that do, creations are named."""
    left = [one for one in some if _end_of(one) in stays]
    told = (one for one in left if one.kind == "new" and not is_system(one.after))
    undone.conflicts += [conflict(one, stays[_end_of(one)]) for one in told]
    return [one for one in some if one not in left] if left else some


def _end_of(one: Entry) -> tuple[str, int]:
    """The record whose history an entry is part of."""
    if one.entity == "activity" and is_system(one.after):
        return one.after["parent"]["type"], one.after["parent"]["id"]
    return one.entity, one.record_id


def _together(page: list[Entry], pace: Pace) -> Iterator[list[Entry]]:
    """Creations of one entity in a row go to the trash at once; everything else is taken back one by one."""
    for (entity, is_creation), some in groupby(page, lambda one: (one.entity, _is_creation(one))):
        rest = list(some)
        while rest:
            at_once = pace.room(len(rest)) or 1 if is_creation and entity in ENTITIES else 1
            yield rest[:at_once]
            rest = rest[at_once:]


def _is_creation(one: Entry) -> bool:
    return one.kind == "new" and not is_system(one.after)


def _page(work: Work, group_id: str, below: int | None) -> list[Entry]:
    statement = entries().where(change.c.group_id == group_id).order_by(change.c.seq.desc()).limit(_AT_ONCE)
    if below is not None:
        statement = statement.where(change.c.seq < below)
    return [entry(row) for row in work.execute(statement)]


def _undo_one(work: Work, one: Entry, undone: Undone) -> None:
    inverse = undo_record if one.entity in ENTITIES else undo_row
    undone.count += inverse(work, one, undone.conflicts)


def _mark(work: Work, group_id: str) -> None:
    take_back(work, group_id)
    work.execute(update(change_group).where(change_group.c.id == group_id).values(undone_by=work.group.id))
    # What this group had undone is in force again, and may be undone again.
    work.execute(update(change_group).where(change_group.c.undone_by == group_id).values(undone_by=None))


def restore(work: Work, entity: str, record_id: int) -> list[Conflict]:
    """Take one record out of the trash with all that went with it; raises NotFound for what is not there."""
    records = TABLES[entity]
    in_trash = records.c.deleted_at.is_not(None), visible_even_in_trash(work.actor, entity)
    if work.execute(select(records.c.id).where(records.c.id == record_id, *in_trash)).first() is None:
        raise NotFound
    may(work.actor, "delete", entity, states_of(work, entity, [record_id])[record_id].values)
    undone = Undone()
    for one in _of_deletion(work, entity, record_id):
        _undo_one(work, one, undone)
    if undone.count == 0:
        raise Refused(f"This {entity} cannot be restored: it {undone.conflicts[0]['reason']}")
    return undone.conflicts


def _of_deletion(work: Work, entity: str, record_id: int) -> list[Entry]:
    """The last deletion of a record and all that came of it, the last first."""
    deleted = entries().where(change.c.entity == entity, change.c.record_id == record_id, change.c.kind == "delete")
    last = work.execute(deleted.order_by(change.c.seq.desc()).limit(1)).one()
    earlier = entries().where(change.c.group_id == last.group_id, change.c.seq < last.seq).order_by(change.c.seq.desc())
    found, gone = [entry(last)], {(entity, record_id)}
    for one in map(entry, work.execute(earlier)):
        if _came_of(one, gone):
            found.append(one)
            if one.kind == "delete":
                gone.add((one.entity, one.record_id))
    return found


def _came_of(one: Entry, gone: set[tuple[str, int]]) -> bool:
    if one.entity == "relation":
        ends = {
            (one.before.get("entity"), one.before.get("record_id")),
            (one.before.get("other_entity"), one.before.get("other_id")),
        }
        return bool(ends & gone)
    if one.entity not in ENTITIES or one.kind not in ("delete", "update"):
        return False
    return any(
        one.after.get(pointer.name) is None and target(pointer, one.before.get(pointer.name)) in gone
        for pointer in pointers(one.entity)
    )
