"""What was ever changed of one record, newest first, and the way back to a single value that it had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from sqlalchemy import Select, and_, select, union_all

from cuprum.entities import ENTITIES, Lead, field, fields, kinds
from cuprum.kit import jsonio
from cuprum.kit.errors import NotFound
from cuprum.records.came_by import Way, ways_of
from cuprum.records.conflict import who
from cuprum.records.logged import ADDS_OR_ENDS, Entry, entries, entry, flat
from cuprum.records.person_name import PARTS
from cuprum.records.state import SHARING, State, states_of
from cuprum.records.visible import visible_even_in_trash
from cuprum.records.work import Work
from cuprum.storage.account_tables import follow
from cuprum.storage.event_tables import change, change_about, change_group
from cuprum.storage.tables import TABLES

End = tuple[str, int]

# What comes and goes with another value, and is told and put back with it.
GOES_WITH = {"name": PARTS, "pipeline_stage_id": ("pipeline_id",), "status": ("loss_reason_id",)}
# Moments that the rules write along, which say nothing that their cause does not say.
_NOT_TOLD = ("date_stage_changed", "date_status_changed", "completed_date", "converted_unit", "converted_value")


@dataclass(frozen=True)
class Line:
    """One value, stored as it was and as it became; custom ones are called `custom_fields.12`. `seq` is the change's."""

    seq: int
    name: str
    former: Any
    present: Any
    may_restore: bool


@dataclass(frozen=True)
class Tie:
    """Something between this record and another, or a user, that came or went: `kind` is relation, follow or not_duplicate.

    `name` is None for what was purged since, which only admins are told of.
    """

    kind: str
    is_new: bool
    other: End
    name: str | None = None


@dataclass(frozen=True)
class Chapter:
    """What one group of changes did to the record. `label` is told to whoever may look the group up, and `may_undo` it."""

    group: str
    at: int
    by: str | None
    way: Way
    label: str | None
    is_undone: bool
    may_undo: bool
    kinds: tuple[str, ...]
    lines: list[Line]
    ties: list[Tie]


@dataclass(frozen=True)
class History:
    """`values` are the record's of today, `next` is the `below` of the page after this one."""

    values: dict[str, Any]
    chapters: list[Chapter]
    next: int | None


def history(work: Work, entity: str, record_id: int, *, below: int | None = None, limit: int = 50) -> History:
    """A page of a record's changes; raises NotFound for what is not the actor's to see. What is in the trash has one too."""
    state = _seen(work, entity, record_id)
    seqs = union_all(*(one.subquery().select() for one in _about(entity, record_id, below, limit + 1)))
    found = entries().where(change.c.seq.in_(seqs)).order_by(change.c.seq.desc()).limit(limit + 1)
    listed = [entry(row) for row in work.execute(found)]
    page = listed[:limit]
    chapters = list(_chapters(work, page, state, (entity, record_id)))
    return History(state.values, chapters, page[-1].seq if len(listed) > limit else None)


def _about(entity: str, record_id: int, below: int | None, most: int) -> Iterator[Select[tuple[int]]]:
    """The latest changes of the record, and of what is between it and others: each found by an index of its own."""
    for seq, mine in (
        (change.c.seq, and_(change.c.entity == entity, change.c.record_id == record_id)),
        (change_about.c.change_seq, and_(change_about.c.entity == entity, change_about.c.record_id == record_id)),
    ):
        found = select(seq).where(mine).order_by(seq.desc()).limit(most)
        yield found if below is None else found.where(seq < below)


def _seen(work: Work, entity: str, record_id: int) -> State:
    records = TABLES[entity]
    seen = select(records.c.id).where(records.c.id == record_id, visible_even_in_trash(work.actor, entity))
    if work.execute(seen).first() is None:
        raise NotFound
    return states_of(work, entity, [record_id], lock=False)[record_id]


def _chapters(work: Work, page: list[Entry], state: State, record: End) -> Iterator[Chapter]:
    ids = {one.group_id for one in page}
    groups = {row.id: row for row in work.execute(select(change_group).where(change_group.c.id.in_(ids)))}
    # The label and the way may name records that the reader does not see.
    theirs = {row.id: work.actor.is_admin or row.actor == work.actor.user_id for row in groups.values()}
    ways = ways_of(work, [(row.id, row.face, row.via, theirs[row.id]) for row in groups.values()])
    is_there = state.is_living and not state.values.get("converted_at")
    ties = _ties(work, page, record)
    for group_id, some in groupby(page, lambda one: one.group_id):
        row, listed = groups[group_id], list(some)
        own = [one for one in listed if one.entity == record[0]]
        user, is_theirs = who(work, row.actor), theirs[group_id]
        tied = [ties[one.seq] for one in listed if one.seq in ties]
        if not own and not tied:
            continue
        yield Chapter(
            group_id, row.at, user["name"] if user else None, ways[group_id], row.label if is_theirs else None,
            row.undone_by is not None, is_theirs and row.undone_by is None, tuple(one.kind for one in own),
            [line for one in own for line in lines_of(work, one, state.values, is_there=is_there)],
            tied,
        )  # fmt: skip


def _ties(work: Work, page: list[Entry], record: End) -> dict[int, Tie]:
    """By the seq of the entry; what leads to a record that the reader may not see is not told."""
    found = {one.seq: _tie(one, record) for one in page if one.entity != record[0]}
    names = _names(work, {one.other for one in found.values()})
    named = {seq: replace(one, name=names.get(one.other)) for seq, one in found.items()}
    return {seq: one for seq, one in named.items() if one.name is not None or work.actor.is_admin}


def _names(work: Work, ends: set[End]) -> dict[End, str]:
    names = {("user", one["id"]): str(one["name"]) for one in work.vocabulary.words["user"].values()}
    for entity in {entity for entity, _ in ends if entity in TABLES and "name" in TABLES[entity].c}:
        records, ids = TABLES[entity], [record_id for kind, record_id in ends if kind == entity]
        seen = select(records.c.id, records.c.name).where(records.c.id.in_(ids), visible_even_in_trash(work.actor, entity))
        names |= {(entity, row.id): row.name or "" for row in work.execute(seen)}
    return names


def _tie(one: Entry, record: End) -> Tie:
    values = one.after or one.before
    if one.entity == follow.name:
        return Tie(one.entity, bool(one.after), ("user", values["user_id"]))
    ends = (values["entity"], values["record_id"]), (values.get("other_entity", values["entity"]), values["other_id"])
    return Tie(one.entity, bool(one.after), ends[1] if ends[0] == record else ends[0])


def lines_of(work: Work, one: Entry, values: Mapping[str, Any], *, is_there: bool) -> Iterator[Line]:
    if one.kind == "delete":
        return
    before, after, now = flat(one.entity, one.before), flat(one.entity, one.after), flat(one.entity, values)
    names = list(dict.fromkeys([*before, *after]))
    along = {other for name in names for other in GOES_WITH.get(name, ()) if name != "status"}
    is_change = one.kind not in ADDS_OR_ENDS
    for name in names:
        former, present = before.get(name), after.get(name)
        if former == present or (_is_blank(former) and _is_blank(present)) or name in along or not _is_told(one.entity, name):
            continue
        may_restore = is_there and is_change and former != now.get(name) and is_written(work, one.entity, name)
        yield Line(one.seq, name, former, present, may_restore)


def _is_blank(value: Any) -> bool:
    return value in (None, "", [], {})


def _is_told(entity: str, name: str) -> bool:
    whole = name.partition(".")[0]
    if whole in SHARING:
        return True
    known = {one.name: one for one in fields(ENTITIES[entity])}
    return whole in known and whole not in _NOT_TOLD and not isinstance(known[whole].kind, kinds.Joined | kinds.Json)


def is_written(work: Work, entity: str, name: str) -> bool:
    """Whether people write it: then they may write what stood there once."""
    whole, _, definition_id = name.partition(".")
    if definition_id:
        return any(one.id == int(definition_id) for one in work.vocabulary.definitions_on(entity))
    if whole in SHARING or whole in ("pipeline_id", *_PARTS_OF.get(entity, ())):
        return False
    return not field(ENTITIES[entity], whole).kind.read_only


_PARTS_OF = {"person": PARTS, Lead.entity: PARTS}


def as_seen(value: Any) -> str:
    """A value as a page carries it along, to notice that it changed meanwhile."""
    return jsonio.text(value if isinstance(value, str | int | list | dict | None) else str(value))
