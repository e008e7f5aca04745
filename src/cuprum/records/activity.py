"""What only activities have: their parent, their type, and what they count for."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from cuprum.records.draft import Draft
from cuprum.records.interactions import count_interactions
from cuprum.records.mentions import tell_mentioned
from cuprum.records.visible import behind_the_scenes, visible, visible_even_in_trash
from cuprum.records.work import Work
from cuprum.storage.account_tables import relation
from cuprum.storage.tables import TABLES

activities = TABLES["activity"]


def prepare(draft: Draft) -> None:
    _type(draft)
    if draft.get("user_id") is None:
        draft.values["user_id"] = draft.before.get("user_id") or draft.work.actor.user_id
    if draft.get("activity_date") is None:
        draft.values["activity_date"] = draft.work.now
    details = draft.get("details")
    if (draft.is_new or "details" in draft.values) and (details is None or not details.strip()):
        draft.refuse_blank("details")


def _type(draft: Draft) -> None:
    if not draft.is_new and draft.before["type"]["category"] == "system":
        draft.refuse("type", "system activities cannot be changed")
    if not draft.changes("type") or (given := draft.values["type"]) is None:
        return
    known = draft.work.vocabulary.words["activity_type"].get(given["id"])
    if given["category"] != "user":
        draft.refuse("type", "only activities of category user can be written")
    elif known is None or known["is_disabled"]:
        draft.refuse("type", f"there is no enabled activity type {given['id']}")


def follow(draft: Draft, record_id: int) -> None:
    parents = {(one["type"], one["id"]) for one in (draft.before.get("parent"), draft.get("parent")) if one}
    for entity, parent_id in parents:
        count_interactions(draft.work, entity, parent_id)
    tell_mentioned(draft, record_id)


def happened_with(entity: str, record_id: int) -> ColumnElement[bool]:
    """True for the activities of a record; those of its people are a company's too (`part1.md §13`)."""
    own = and_(activities.c.parent_type == entity, activities.c.parent_id == record_id)
    if entity != "company":
        return own
    people = TABLES["person"]
    staff = select(people.c.id).where(people.c.company_id == record_id, people.c.deleted_at.is_(None))
    # Each activity asks for itself whether its parent is seen.
    theirs = activities.c.parent_id.in_(behind_the_scenes(staff, "staff"))
    return or_(own, and_(activities.c.parent_type == "person", theirs))


def rolled_up(entity: str, record_id: int) -> ColumnElement[bool]:
    """The same for people who read a timeline: what happened with a person shows on their opportunities, as primary contact or
    related, and what happened with an opportunity on its companies; never the other way."""
    deals, people = TABLES["opportunity"], TABLES["person"]
    match entity:
        case "company":
            also = _related_to("company", record_id, "opportunity")
            theirs = select(deals.c.id).where(
                or_(deals.c.company_id == record_id, deals.c.id.in_(also)), deals.c.deleted_at.is_(None)
            )
            other = "opportunity"
        case "opportunity":
            contact = select(deals.c.primary_contact_id).where(deals.c.id == record_id)
            also = _related_to("opportunity", record_id, "person")
            theirs = select(people.c.id).where(
                or_(people.c.id.in_(contact), people.c.id.in_(also)), people.c.deleted_at.is_(None)
            )
            other = "person"
        case _:
            return happened_with(entity, record_id)
    further = activities.c.parent_id.in_(behind_the_scenes(theirs, "each activity asks for itself whether its parent is seen"))
    return or_(happened_with(entity, record_id), and_(activities.c.parent_type == other, further))


def _related_to(entity: str, record_id: int, other: str) -> Select[tuple[int]]:
    """The ids of related records, of an entity that comes after this one: the lesser end stands first."""
    stands = relation.c.entity == entity, relation.c.record_id == record_id, relation.c.other_entity == other
    return select(relation.c.other_id).where(*stands)


def newer_on_timeline(work: Work, entity: str, record_id: int, activity_id: int) -> int | None:
    """How many activities stand before one on the timeline of a record, newest first; None where it does not stand there."""
    on_it = rolled_up(entity, record_id), visible(work.actor, "activity")
    at = work.execute(select(activities.c.activity_date).where(activities.c.id == activity_id, *on_it)).scalar()
    if at is None:
        return None
    date, number = activities.c.activity_date, activities.c.id
    newer = or_(date > at, and_(date == at, number > activity_id))
    return int(work.execute(select(func.count()).select_from(activities).where(newer, *on_it)).scalar_one())


def date_on_timeline(work: Work, entity: str, record_id: int, place: int) -> int | None:
    """When the activity happened that so many stand before."""
    on_it = rolled_up(entity, record_id), visible(work.actor, "activity")
    found = select(activities.c.activity_date).where(*on_it, activities.c.activity_date.is_not(None))
    at: int | None = work.execute(
        found.order_by(activities.c.activity_date.desc(), activities.c.id.desc()).limit(1).offset(place)
    ).scalar()
    return at


def creators(work: Work, ids: Iterable[int]) -> dict[int, int | None]:
    """Who wrote each of them down, be it for somebody else: the wire does not tell."""
    found = select(activities.c.id, activities.c.created_by).where(
        activities.c.id.in_(list(ids)), visible(work.actor, "activity")
    )
    return {row.id: row.created_by for row in work.execute(found)}


def was_deleted(work: Work, activity_id: int) -> bool:
    """Whether it lies in the trash, and the actor could see it before."""
    deleted = activities.c.deleted_at.is_not(None)
    found = select(activities.c.id).where(activities.c.id == activity_id, deleted, visible_even_in_trash(work.actor, "activity"))
    return work.execute(found).first() is not None
