"""Figures over many records, under `/automation/v1/reports`."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from cuprum.api.call import Call
from cuprum.api.desk import reads
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import ID, NUMBER, TEXT, Named, closed, listed, whole
from cuprum.entities import reading
from cuprum.records.pipeline_report import open_by_stage
from cuprum.records.work import Work

_STAGE = Named(
    "OpenStage",
    closed(
        {
            "pipeline_id": ID,
            "pipeline_stage_id": ID,
            "name": TEXT,
            "count": whole(0, 2**53),
            "total": {**NUMBER, "description": "In the account's currency."},
            "weighted": {**NUMBER, "description": "Each value times its win probability."},
            "without_converted_value": {**whole(0, 2**53), "description": "Values without an exchange rate, in no sum."},
        }
    ),
)


@declares(
    id="openOpportunitiesByStage", summary="Open opportunities by stage", tag="Reports", answer=listed(_STAGE),
    query={"pipeline_id": {**ID, "description": "Only this pipeline."}},
)  # fmt: skip
def open_opportunities_by_stage(work: Work, call: Call) -> Any:
    return open_by_stage(work, reading.record_id(call.query.get("pipeline_id"), "Pipeline Id"))


def routes() -> list[Route]:
    return [Route("/reports/open_opportunities_by_stage", reads(open_opportunities_by_stage), methods=["GET"])]
