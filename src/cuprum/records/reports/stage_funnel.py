"""How far they come: which opportunities entered each stage in the period, and which of them went on from there.

Read from the change log, without what was undone. Going on means a later stage of the pipeline since, or being won by now.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, exists, func, select, type_coerce

from cuprum.records.reports.asked import Asked
from cuprum.records.reports.figures import code, deals
from cuprum.records.work import Work
from cuprum.storage.account_tables import pipeline_stage
from cuprum.storage.dialect import whole_number_in
from cuprum.storage.event_tables import change, change_group

# As many as one search can name.
MOST_IDS = 1_000
_STAGE = "pipeline_stage_id"


def stage_funnel(work: Work, asked: Asked) -> dict[str, Any]:
    """`rows`, one a stage in their order, each with the search for those that entered and for those that went on (None where
    they are more than a search can name)."""
    entered: dict[int, list[int]] = {}
    went_on: dict[int, list[int]] = {}
    # Both figures and both searches from one walk, since it reads much of the log.
    for stage_id, record_id, has_gone_on in work.execute(_entered(work, asked)):
        entered.setdefault(stage_id, []).append(record_id)
        if has_gone_on:
            went_on.setdefault(stage_id, []).append(record_id)
    return {
        "rows": [
            _row(stage, entered.get(stage["id"], []), went_on.get(stage["id"], []))
            for stage in work.vocabulary.words["pipeline_stage"].values()
            if asked.pipeline_id in (None, stage["pipeline_id"]) and (stage["archived_at"] is None or stage["id"] in entered)
        ]
    }


def _row(stage: Any, entered: list[int], went_on: list[int]) -> dict[str, Any]:
    return {
        "pipeline_id": stage["pipeline_id"],
        "pipeline_stage_id": stage["id"],
        "name": stage["name"],
        "entered": len(entered),
        "went_on": len(went_on),
        "conversion": round(100 * len(went_on) / len(entered), 1) if entered else None,
        "search": _search(entered),
        "search_went_on": _search(went_on),
    }


def _search(ids: list[int]) -> dict[str, Any] | None:
    # An empty list of ids would find everything, and no record has the id 0.
    return {"ids": sorted(ids) or [0]} if len(ids) <= MOST_IDS else None


def _entered(work: Work, asked: Asked) -> Select[Any]:
    """Stage, opportunity, and 1 for those that went on; one row each, however often it came back to the stage."""
    begins, ends = asked.seconds()
    stage_id = whole_number_in(work.connection, change.c.after, _STAGE)
    firsts = (
        select(change.c.record_id, stage_id.label("stage_id"), func.min(change.c.seq).label("seq"))
        .join_from(change_group, change, change.c.group_id == change_group.c.id)
        .where(change_group.c.at >= begins, change_group.c.at < ends, _moves(change, change_group))
        .group_by(change.c.record_id, stage_id)
        .subquery()
    )
    left = pipeline_stage.alias("left")
    went_on = case((deals.c.status == code("Won"), 1), (_moved_on(work, firsts, left), 1), else_=0)
    return (
        select(firsts.c.stage_id, firsts.c.record_id, went_on.label("went_on"))
        .join_from(firsts, deals, deals.c.id == firsts.c.record_id)
        .join(left, left.c.id == firsts.c.stage_id)
        .where(*asked.of_whom(work))
    )


def _moved_on(work: Work, firsts: Any, left: Any) -> ColumnElement[bool]:
    later, group, reached = change.alias("later"), change_group.alias("later_group"), pipeline_stage.alias("reached")
    return exists(
        select(later.c.seq)
        .join_from(later, group, group.c.id == later.c.group_id)
        .join(reached, reached.c.id == whole_number_in(work.connection, later.c.after, _STAGE))
        .where(
            later.c.record_id == firsts.c.record_id,
            later.c.seq > firsts.c.seq,
            _moves(later, group),
            reached.c.pipeline_id == left.c.pipeline_id,
            reached.c.place > left.c.place,
        )
    )


def _moves(entries: Any, groups: Any) -> ColumnElement[bool]:
    """True for entries that put an opportunity into a stage and are still so."""
    undone = change_group.alias()
    undoing = exists(select(undone.c.id).where(undone.c.undone_by == entries.c.group_id))
    return and_(
        entries.c.entity == "opportunity",
        entries.c.kind.in_(("new", "update", "merge")),
        # A JSON text is searched sooner than it is read.
        type_coerce(entries.c.after, Text).contains(f'"{_STAGE}":', autoescape=True),
        groups.c.undone_by.is_(None),
        ~undoing,
    )
