"""Where a record is that is not in its place any more: in the trash, or a lead that became somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from cuprum.auth.may import may
from cuprum.kit.errors import Forbidden
from cuprum.records.conflict import who
from cuprum.records.naming import End, names_of
from cuprum.records.state import State, states_of
from cuprum.records.visible import visible_even_in_trash
from cuprum.records.work import Work
from cuprum.storage.event_tables import change, change_group
from cuprum.storage.tables import TABLES

SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Trashed:
    """`refusal` says why the actor may not take it out, None where they may; it is purged at `until`."""

    name: str
    at: int
    by: str | None
    refusal: str | None
    until: int


@dataclass(frozen=True)
class Converted:
    """A lead's values as they were stored, what it became and what moved; `group` when the actor may undo it."""

    values: Mapping[str, Any]
    at: int
    by: str | None
    group: str | None
    became: dict[End, str]
    moved: dict[str, int]


def whereabouts(work: Work, entity: str, record_id: int) -> Trashed | Converted | None:
    """None for what is in its place, what never was, and what the actor may not see."""
    records = TABLES[entity]
    seen = select(records.c.id).where(records.c.id == record_id, visible_even_in_trash(work.actor, entity))
    if work.execute(seen).first() is None:
        return None
    state = states_of(work, entity, [record_id], lock=False)[record_id]
    if state.deleted_at is not None:
        return _trashed(work, entity, state)
    return _converted(work, state) if entity == "lead" and state.values["converted_at"] else None


def _trashed(work: Work, entity: str, state: State) -> Trashed:
    assert state.deleted_at is not None
    return Trashed(
        state.values["name"] or "", state.deleted_at, _by(work, entity, state.id, "delete")[0],
        refusal(work, entity, state.values), state.deleted_at + work.settings.trash_days * SECONDS_A_DAY,
    )  # fmt: skip


def refusal(work: Work, entity: str, values: dict[str, Any]) -> str | None:
    """Why the actor may not delete or restore it, and who can; None where they may."""
    try:
        may(work.actor, "delete", entity, values)
    except Forbidden as refused:
        return str(refused)
    return None


def _by(work: Work, entity: str, record_id: int, kind: str) -> tuple[str | None, Any]:
    """The name of who did it last, and the group that it was done in."""
    last = (
        select(change_group.c.id, change_group.c.actor, change_group.c.undone_by)
        .join_from(change, change_group, change_group.c.id == change.c.group_id)
        .where(change.c.entity == entity, change.c.record_id == record_id, change.c.kind == kind)
    )
    row = work.execute(last.order_by(change.c.seq.desc()).limit(1)).one_or_none()
    user = who(work, row.actor) if row else None
    return user["name"] if user else None, row


def _converted(work: Work, state: State) -> Converted:
    by, group = _by(work, "lead", state.id, "convert")
    values, moved, made = state.values, {}, set()
    if group:
        going = select(change.c.entity, func.count().label("n")).where(change.c.group_id == group.id, change.c.kind == "update")
        going = going.where(change.c.entity.in_(("activity", "task"))).group_by(change.c.entity)
        moved = {row.entity: row.n for row in work.execute(going)}
        new = select(change.c.record_id).where(
            change.c.group_id == group.id, change.c.entity == "company", change.c.kind == "new"
        )
        made = set(work.execute(new).scalars())
    became: list[End] = [("person", values["converted_contact_id"])]
    if company_id := next(iter(made), None) or _company_of(work, values["converted_contact_id"]):
        became.append(("company", company_id))
    if values["converted_opportunity_id"]:
        became.append(("opportunity", values["converted_opportunity_id"]))
    names = names_of(work, became)
    is_theirs = group is not None and not group.undone_by and (work.actor.is_admin or group.actor == work.actor.user_id)
    return Converted(
        values, values["converted_at"], by, group.id if is_theirs else None, {end: names.get(end, "") for end in became}, moved
    )


def _company_of(work: Work, person_id: int) -> int | None:
    people = TABLES["person"]
    theirs = select(people.c.company_id).where(people.c.id == person_id, visible_even_in_trash(work.actor, "person"))
    company_id: int | None = work.execute(theirs).scalar()
    return company_id
