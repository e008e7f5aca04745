"""How far they come: which opportunities entered each stage in the period, and which of them went on from there."""

from __future__ import annotations

from typing import Any

from cuprum.records.reports.asked import Asked
from cuprum.records.stage_moves import entered
from cuprum.records.work import Work


def stage_funnel(work: Work, asked: Asked) -> dict[str, Any]:
    """`rows`, one a stage in their order, each with the search for those that entered and for those that went on."""
    counts: dict[int, list[int]] = {}
    # Both figures from one walk, since it reads much of the log.
    for stage_id, _, has_gone_on in work.execute(entered(work, *asked.seconds()).where(*asked.of_whom(work))):
        count = counts.setdefault(stage_id, [0, 0])
        count[0] += 1
        count[1] += has_gone_on
    return {
        "rows": [
            _row(stage, asked, *counts.get(stage["id"], (0, 0)))
            for stage in work.vocabulary.words["pipeline_stage"].values()
            if asked.pipeline_id in (None, stage["pipeline_id"]) and (stage["archived_at"] is None or stage["id"] in counts)
        ]
    }


def _row(stage: Any, asked: Asked, entered: int, went_on: int) -> dict[str, Any]:
    move = [stage["id"], *asked.seconds()]
    return {
        "pipeline_id": stage["pipeline_id"],
        "pipeline_stage_id": stage["id"],
        "name": stage["name"],
        "entered": entered,
        "went_on": went_on,
        "conversion": round(100 * went_on / entered, 1) if entered else None,
        "search": {"entered_stage": move, **asked.search_of_whom()},
        "search_went_on": {"went_on_from_stage": move, **asked.search_of_whom()},
    }
