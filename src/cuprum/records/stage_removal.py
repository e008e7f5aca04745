"""A stage that is taken out of its pipeline: what stands in it goes to another stage first. A pipeline must be empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from cuprum.auth.may import may
from cuprum.kit.errors import Invalid, NotFound, Problem, Refused
from cuprum.kit.pace import Pace
from cuprum.records import write
from cuprum.records.visible import present
from cuprum.records.words_of_account import archive_word
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES

_AT_ONCE = 50


def deals_in(work: Work, stage_id: int) -> int:
    """How many opportunities stand in the stage, whatever became of them."""
    deals = TABLES["opportunity"]
    counted = select(func.count()).where(deals.c.pipeline_stage_id == stage_id, present(work.actor, "opportunity"))
    return int(work.execute(counted).scalar_one())


def remove_stage_part(work: Work, place: dict[str, Any], stage_id: int, into_id: int | None) -> bool:
    """Move as many opportunities as fit in one short transaction, and after the last one archive the stage; then True.

    `place` stays empty: what has moved is in the stage no more. Raises Invalid while something stands in it and no other
    stage of its pipeline is named.
    """
    may(work.actor, "manage", "pipeline stages")
    stage = _living(work, stage_id)
    if count := deals_in(work, stage_id):
        into = _target(work, stage, into_id, count)
        if not _moved(work, stage_id, into):
            return False
    archive_word(work, "pipeline_stage", stage_id)
    return True


def remove_pipeline(work: Work, pipeline_id: int) -> None:
    """Archive a pipeline; raises Refused while opportunities stand in it."""
    may(work.actor, "manage", "pipelines")
    deals = TABLES["opportunity"]
    counted = select(func.count()).where(deals.c.pipeline_id == pipeline_id, present(work.actor, "opportunity"))
    if count := work.execute(counted).scalar_one():
        standing = "1 opportunity stands" if count == 1 else f"{count} opportunities stand"
        raise Refused(f"{standing} in this pipeline: move them to another one first.")
    archive_word(work, "pipeline", pipeline_id)


def _living(work: Work, stage_id: int) -> Mapping[str, Any]:
    stage = work.vocabulary.words["pipeline_stage"].get(stage_id)
    if stage is None or stage["archived_at"] is not None:
        raise NotFound
    return stage


def _target(work: Work, stage: Mapping[str, Any], into_id: int | None, count: int) -> int:
    others = {one["id"] for one in work.vocabulary.stages_of(stage["pipeline_id"])} - {stage["id"]}
    if into_id is None:
        standing = "1 opportunity stands" if count == 1 else f"{count} opportunities stand"
        raise Invalid(Problem("into", f"{standing} in {stage['name']}: choose the stage that they go to", "blank"))
    if into_id not in others:
        raise Invalid(Problem("into", "must be another stage of the same pipeline", "inclusion"))
    return into_id


def _moved(work: Work, stage_id: int, into_id: int) -> bool:
    deals, pace = TABLES["opportunity"], Pace()
    standing = select(deals.c.id).where(deals.c.pipeline_stage_id == stage_id, present(work.actor, "opportunity"))
    while True:
        ids = work.execute(standing.order_by(deals.c.id).limit(_AT_ONCE)).scalars().all()
        for deal_id in ids:
            write.change(work, "opportunity", deal_id, {"pipeline_stage_id": into_id})
            pace.did()
            if pace.is_over:
                return False
        if len(ids) < _AT_ONCE:
            return True
