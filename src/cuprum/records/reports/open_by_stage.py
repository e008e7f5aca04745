"""Open opportunities by stage: how many, how much, and how much of it is likely."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select

from cuprum.records.reports.figures import code, counted, deals, figures
from cuprum.records.visible import visible
from cuprum.records.work import Work


def open_by_stage(
    work: Work, pipeline_id: int | None = None, *, within: ColumnElement[bool] | None = None
) -> list[dict[str, Any]]:
    """One entry a stage, in the order of the stages, each with the search that opens it; `within` counts fewer of them."""
    stage = deals.c.pipeline_stage_id
    is_open = deals.c.status == code("Open")
    statement = select(stage, *counted()).where(is_open, visible(work.actor, "opportunity")).group_by(stage)
    if within is not None:
        statement = statement.where(within)
    if pipeline_id is not None:
        statement = statement.where(deals.c.pipeline_id == pipeline_id)
    found = {row[0]: row[1:] for row in work.execute(statement)}
    return [
        {
            "pipeline_id": one["pipeline_id"],
            "pipeline_stage_id": one["id"],
            "name": one["name"],
            **figures(found.get(one["id"]), weighted=True),
            "search": {"statuses": ["Open"], "pipeline_stage_ids": [one["id"]]},
        }
        for one in work.vocabulary.words["pipeline_stage"].values()
        if pipeline_id in (None, one["pipeline_id"])
    ]
