"""How often and when somebody was last spoken to, counted anew from the activities whose type counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import func, select, update

from cuprum.records.visible import behind_the_scenes
from cuprum.records.work import Work
from cuprum.storage.dialect import locked
from cuprum.storage.tables import TABLES


def count_for_parents(work: Work, entity: str, values: Iterable[Mapping[str, Any]]) -> None:
    """Count anew for the parents of these activities; records of other entities count for nobody."""
    if entity == "activity":
        for kind, record_id in sorted({(one["parent"]["type"], one["parent"]["id"]) for one in values if one.get("parent")}):
            count_interactions(work, kind, record_id)


def count_interactions(work: Work, entity: str, record_id: int) -> None:
    """Bring a parent's count and last contact up to date; neither counts as an edit of the parent."""
    records, activities = TABLES[entity], TABLES["activity"]
    if "interaction_count" not in records.c:
        return
    # Whoever counts for this parent at the same time waits here, and then sees what was committed meanwhile.
    parent = select(records.c.id).where(records.c.id == record_id)
    work.execute(behind_the_scenes(locked(work.connection, parent), "interactions"))
    counting = [one["id"] for one in work.vocabulary.words["activity_type"].values() if one["is_interaction"]]
    summed = select(func.count(), func.max(activities.c.activity_date)).where(
        activities.c.parent_type == entity,
        activities.c.parent_id == record_id,
        activities.c.deleted_at.is_(None),
        activities.c.type_category == "user",
        activities.c.type_id.in_(counting),
    )
    count, last = work.execute(behind_the_scenes(summed, "interactions")).one()
    work.execute(update(records).where(records.c.id == record_id).values(interaction_count=count, date_last_contacted=last))
