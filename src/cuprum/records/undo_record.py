"""The inverse of one change of a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update

from cuprum.entities import ENTITIES, kinds
from cuprum.records.conflict import Conflict, changed_since, conflict, edited_since, hidden, in_trash
from cuprum.records.interactions import count_for_parents
from cuprum.records.links_between import pointers, target
from cuprum.records.logged import ADDS_OR_ENDS, Entry, flat, kind_of, later_in_force, touches, unflat
from cuprum.records.rules import RULES
from cuprum.records.state import State, sharing_columns, states_of, store_shares, write_state
from cuprum.records.stored import is_visible
from cuprum.records.system_activities import is_system, still_tells
from cuprum.records.trash import discard
from cuprum.records.visible import behind_the_scenes, visible_even_in_trash
from cuprum.records.work import Work
from cuprum.storage.event_tables import change
from cuprum.storage.import_tables import import_job
from cuprum.storage.lookups import store_lookups
from cuprum.storage.rows import to_columns
from cuprum.storage.tables import TABLES


def undo_record(work: Work, one: Entry, conflicts: list[Conflict]) -> bool:
    """Put back what a change did to a record; what cannot be is added to `conflicts`. True if anything was put back."""
    state = states_of(work, one.entity, [one.record_id]).get(one.record_id)
    if not _is_theirs(work, one, state):
        conflicts.append(hidden(one))
        return False
    if one.kind in ("new", "restore"):
        return _take_away(work, one, state, conflicts)
    if one.kind == "delete":
        return _bring_back(work, one, state, conflicts)
    return _set_back(work, one, state, conflicts)


def _is_theirs(work: Work, one: Entry, state: State | None) -> bool:
    """Whether the actor sees the record, or it only followed another of the group, as a task follows its person."""
    records = TABLES[one.entity]
    if work.actor.is_admin or state is None:
        return True
    seen = select(records.c.id).where(records.c.id == one.record_id, visible_even_in_trash(work.actor, one.entity))
    return work.execute(seen).first() is not None or _is_consequence(work, one)


def _is_consequence(work: Work, one: Entry) -> bool:
    for values in (one.before, one.after):
        for field in pointers(one.entity):
            if (pointed := target(field, values.get(field.name))) is not None:
                in_group = select(change.c.seq).where(
                    change.c.group_id == one.group_id, change.c.entity == pointed[0], change.c.record_id == pointed[1]
                )
                if work.execute(in_group.limit(1)).first():
                    return True
    return False


def _take_away(work: Work, one: Entry, state: State | None, conflicts: list[Conflict]) -> bool:
    if state is not None and state.is_living and is_system(state.values) and _still_holds(work, one, state):
        return False
    return take_away(work, [one], conflicts) > 0


def take_away(work: Work, some: list[Entry], conflicts: list[Conflict]) -> int:
    """Put the records of one entity that these entries created in the trash; how many went there."""
    entity = some[0].entity
    found = states_of(work, entity, (one.record_id for one in some))
    edited = _edited(work, some)
    going = []
    for one in some:
        state = found.get(one.record_id)
        if not _is_theirs(work, one, state):
            conflicts.append(hidden(one))
        elif state is not None and state.is_living:
            if one.record_id in edited:
                conflicts.append(edited[one.record_id])
            else:
                going.append(one.record_id)
    return discard(work, entity, going)


def _edited(work: Work, some: list[Entry]) -> dict[int, Conflict]:
    """Of thousands of imported rows nobody can say which ones somebody works with by now: those stay, and are named."""
    if some[0].kind != "new" or not _is_of_import(work, some[0]):
        return {}
    ids = [one.record_id for one in some]
    own = (some[0].group_id, work.group.id)
    later = select(change.c.record_id).distinct().where(change.c.entity == some[0].entity, change.c.record_id.in_(ids))
    later = later.where(change.c.group_id.not_in(own))
    touched = set(work.execute(later).scalars())
    return {one.record_id: edited for one in some if one.record_id in touched and (edited := edited_since(work, one))}


def _is_of_import(work: Work, one: Entry) -> bool:
    return work.execute(select(import_job.c.id).where(import_job.c.uid == one.group_id)).first() is not None


def _still_holds(work: Work, one: Entry, note: State) -> bool:
    """Whether a note tells of a change in this group that could not be undone: then it stays, since it is still so."""
    parent = note.values["parent"]
    told = states_of(work, parent["type"], [parent["id"]]).get(parent["id"])
    changed = select(change.c.seq).where(
        change.c.group_id == one.group_id,
        change.c.entity == parent["type"],
        change.c.record_id == parent["id"],
        change.c.kind.not_in(ADDS_OR_ENDS),
    )
    if told is None or not still_tells(note.values, told.values):
        return False
    return work.execute(changed.limit(1)).first() is not None


def _bring_back(work: Work, one: Entry, state: State | None, conflicts: list[Conflict]) -> bool:
    if state is not None and state.is_living:
        return False
    values = dict(state.values if state else one.before)
    for field in pointers(one.entity):
        pointed = target(field, values.get(field.name))
        if pointed is None or _is_living(work, *pointed):
            continue
        if isinstance(field.kind, kinds.Reference) and field.kind.goes_along:
            conflicts.append(conflict(one, f"belongs to the {pointed[0]} {pointed[1]}, which is gone", field.name))
            return False
        conflicts.append(conflict(one, f"linked to the {pointed[0]} {pointed[1]}, which is gone", field.name, now=None))
        values[field.name] = None
    values |= _without_what_others_hold(work, one, values, conflicts)
    _store_again(work, one, values, is_row=state is not None)
    count_for_parents(work, one.entity, [values])
    work.group.record(one.entity, one.record_id, "restore", {}, values)
    return True


def _store_again(work: Work, one: Entry, values: Mapping[str, Any], *, is_row: bool) -> None:
    record, records = ENTITIES[one.entity], TABLES[one.entity]
    columns = to_columns(record, {**values, "date_modified": work.now}) | sharing_columns(values)
    if is_row:
        again = update(records).where(records.c.id == one.record_id)
        work.execute(again.values(**columns, deleted_at=None, version=records.c.version + 1))
    else:
        # It was purged: the log has its last state.
        work.execute(insert(records).values(**columns, created_by=values.get("created_by")))
        store_shares(work, one.entity, one.record_id, values.get("shared_with") or ())
    store_lookups(work.connection, record, one.record_id, values, new=True)


def _set_back(work: Work, one: Entry, state: State | None, conflicts: list[Conflict]) -> bool:
    before, after = flat(one.entity, one.before), flat(one.entity, one.after)
    names = [name for name in dict.fromkeys([*after, *before]) if before.get(name) != after.get(name)]
    if state is None or not state.is_living:
        if names:
            conflicts.append(in_trash(work, one))
        return False
    present = flat(one.entity, state.values)
    later = later_in_force(work, one)
    wanted = {}
    for name in names:
        now = present.get(name)
        if now == before.get(name):
            continue
        if now != after.get(name) or any(touches(entry, name) for entry in later):
            conflicts.append(changed_since(work, one, name, now))
        else:
            wanted[name] = before.get(name)
    _drop_dead_links(work, one, wanted, present, conflicts)
    values = unflat(one.entity, wanted, state.values)
    values |= _without_what_others_hold(work, one, values, conflicts)
    values = {name: value for name, value in values.items() if value != state.values.get(name)}
    if not values:
        return False
    write_state(work, one.entity, one.record_id, values)
    former = {name: state.values.get(name) for name in values}
    count_for_parents(work, one.entity, [state.values, {**state.values, **values}])
    work.group.record(one.entity, one.record_id, kind_of(values), former, values)
    return True


def _drop_dead_links(
    work: Work, one: Entry, wanted: dict[str, Any], present: Mapping[str, Any], conflicts: list[Conflict]
) -> None:
    for field in pointers(one.entity):
        pointed = target(field, wanted.get(field.name))
        if pointed is not None and not _is_living(work, *pointed):
            gone = f"linked to the {pointed[0]} {pointed[1]}, which is gone"
            conflicts.append(conflict(one, gone, field.name, now=present.get(field.name)))
            del wanted[field.name]


def _is_living(work: Work, entity: str, record_id: int) -> bool:
    records = TABLES[entity]
    living = select(records.c.id).where(records.c.id == record_id, records.c.deleted_at.is_(None))
    return work.execute(behind_the_scenes(living, "is it living")).first() is not None


def _without_what_others_hold(work: Work, one: Entry, values: Mapping[str, Any], conflicts: list[Conflict]) -> dict[str, Any]:
    """The unique values that must give way to another record's, each with a conflict that names the holder."""
    left = {}
    for held in RULES[one.entity].held(work, values, one.record_id):
        holder = None
        if is_visible(work, one.entity, held.holder_id):
            name = states_of(work, one.entity, [held.holder_id], lock=False)[held.holder_id].values["name"]
            holder = {"entity": one.entity, "id": held.holder_id, "name": name}
        conflicts.append(conflict(one, f"{held.value} has been taken since", held.field, holder=holder, now=held.rest))
        left[held.field] = held.rest
    return left
