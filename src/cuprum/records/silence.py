"""How long opportunities have been silent, and what was the last that broke the silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select

from cuprum.records.state import in_parts
from cuprum.records.visible import visible
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES

_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Sign:
    """The last sign of life: `what` it was, in words, and `at` which second."""

    what: str
    at: int


def last_signs(work: Work, opportunities: Sequence[Mapping[str, Any]]) -> dict[int, Sign]:
    """By the id of each of these wire objects.

    What people log on it or on its primary contact is a sign, a new stage is one, and so is its creation.
    """
    contacts: dict[int, list[int]] = {}
    for one in opportunities:
        contacts.setdefault(one["primary_contact_id"] or 0, []).append(one["id"])
    signs = {one["id"]: _own(one) for one in opportunities}
    for entity, parent_id, type_id, at in _logged(work, signs, contacts):
        known = work.vocabulary.words["activity_type"].get(type_id)
        name = known["name"] if known else "activity"
        with_contact = entity == "person"
        sign = Sign(f"{name} with the contact" if with_contact else name, at)
        for record_id in contacts[parent_id] if with_contact else [parent_id]:
            signs[record_id] = max(signs[record_id], sign, key=lambda sign: sign.at)
    return signs


def is_silent(work: Work, opportunity: Mapping[str, Any], sign: Sign) -> bool:
    """Whether it is open and its pipeline has waited for longer than it waits."""
    pipeline = work.vocabulary.words["pipeline"].get(opportunity["pipeline_id"] or 0, {})
    patience = pipeline.get("silent_after_days")
    return patience is not None and opportunity["status"] == "Open" and days_since(work, sign.at) >= patience


def days_since(work: Work, at: int) -> int:
    return max(0, work.now - at) // _DAY_SECONDS


def _own(opportunity: Mapping[str, Any]) -> Sign:
    created, moved = opportunity["date_created"], opportunity["date_stage_changed"] or 0
    return Sign("moved to this stage", moved) if moved > created else Sign("created", created)


def _logged(work: Work, opportunities: Iterable[int], contacts: Iterable[int]) -> Iterable[tuple[str, int, int, int]]:
    """(entity, id of the parent, type, last time) of what people logged on any of them up to now."""
    activities = TABLES["activity"]
    kinds = (activities.c.parent_type, activities.c.parent_id, activities.c.type_id)
    until_now = and_(activities.c.type_category == "user", activities.c.activity_date <= work.now)
    for entity, ids in (("opportunity", opportunities), ("person", contacts)):
        for part in in_parts(ids):
            theirs = and_(activities.c.parent_type == entity, activities.c.parent_id.in_(part))
            last = select(*kinds, func.max(activities.c.activity_date)).where(theirs, until_now, visible(work.actor, "activity"))
            yield from work.execute(last.group_by(*kinds))
