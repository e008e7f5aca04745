"""Which opportunities entered a stage in a time, and which of them went on from there, read from the change log.

What was undone does not count. Going on means a later stage of the pipeline since, or being won by now.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, exists, func, select, type_coerce

from cuprum.entities import Opportunity, field
from cuprum.records.visible import behind_the_scenes
from cuprum.records.work import Work
from cuprum.storage.account_tables import pipeline_stage
from cuprum.storage.dialect import whole_number_in
from cuprum.storage.event_tables import change, change_group
from cuprum.storage.tables import TABLES

deals = TABLES["opportunity"]
_WON = field(Opportunity, "status").kind.options.index("Won")  # type: ignore[attr-defined]
_STAGE = "pipeline_stage_id"


def entered(work: Work, begins: int, ends: int, stage_id: int | None = None) -> Select[Any]:
    """Stage, opportunity, and 1 for those that went on, between two seconds; one row each, however often it came back to the
    stage. Whoever shows them adds who may see them."""
    entered_stage = whole_number_in(work.connection, change.c.after, _STAGE)
    found = (
        select(change.c.record_id, entered_stage.label("stage_id"), func.min(change.c.seq).label("seq"))
        .join_from(change_group, change, change.c.group_id == change_group.c.id)
        .where(change_group.c.at >= begins, change_group.c.at < ends, _moves(change, change_group))
        .group_by(change.c.record_id, entered_stage)
    )
    if stage_id is not None:
        found = found.where(entered_stage == stage_id)
    firsts, left = found.subquery(), pipeline_stage.alias("left")
    went_on = case((deals.c.status == _WON, 1), (_moved_on(work, firsts, left), 1), else_=0)
    return (
        select(firsts.c.stage_id, firsts.c.record_id, went_on.label("went_on"))
        .join_from(firsts, deals, deals.c.id == firsts.c.record_id)
        .join(left, left.c.id == firsts.c.stage_id)
    )


def has_entered(work: Work, stage_id: int, begins: int, ends: int, *, went_on: bool) -> ColumnElement[bool]:
    """True for the opportunities that entered the stage between two seconds, or for those of them that went on."""
    # Worked out once: PostgreSQL would look through the log again for each opportunity that it compares.
    found = entered(work, begins, ends, stage_id).cte().prefix_with("MATERIALIZED")
    ids = select(found.c.record_id)
    if went_on:
        ids = ids.where(found.c.went_on == 1)
    return deals.c.id.in_(behind_the_scenes(ids, "only ids, looked at around it"))


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
