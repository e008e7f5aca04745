"""Figures over many records, under `/automation/v1/reports`: as JSON, and with `.csv` as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cuprum.api.call import Call, read_call
from cuprum.api.desk import reads, work_for
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.reports import ASKED_QUERY, REPORTS, STAGE, ReportWords
from cuprum.api.openapi.schemas import ID, TEXT, listed
from cuprum.api.state import State
from cuprum.entities import reading
from cuprum.kit.csv_text import csv_text
from cuprum.records.reports.asked import Asked, read_asked
from cuprum.records.reports.forecast import forecast
from cuprum.records.reports.open_by_stage import open_by_stage
from cuprum.records.reports.sales_by_owner import sales_by_owner
from cuprum.records.reports.stage_funnel import stage_funnel
from cuprum.records.reports.won_and_lost import won_and_lost
from cuprum.records.work import Work

Report = Callable[[Work, Asked], dict[str, Any]]

# By the last part of its address: the report, and the period that it is about unless another is asked for.
_REPORTS: dict[str, tuple[Report, str]] = {
    "sales_by_owner": (sales_by_owner, "this_month"),
    "forecast": (forecast, "next_12_months"),
    "stage_funnel": (stage_funnel, "last_30_days"),
    "won_and_lost": (won_and_lost, "this_month"),
}


@declares(
    id="openOpportunitiesByStage", summary="Open opportunities by stage", tag="Reports", answer=listed(STAGE),
    query={"pipeline_id": {**ID, "description": "Only this pipeline."}},
)  # fmt: skip
def open_opportunities_by_stage(work: Work, call: Call) -> Any:
    return open_by_stage(work, reading.record_id(call.query.get("pipeline_id"), "Pipeline Id"))


def routes() -> list[Route]:
    made = [Route("/reports/open_opportunities_by_stage", reads(open_opportunities_by_stage), methods=["GET"])]
    for name, (report, default) in _REPORTS.items():
        made += _routes(name, REPORTS[name], report, default)
    return made


def _routes(name: str, words: ReportWords, report: Report, default: str) -> list[Route]:
    query = ASKED_QUERY | {"period": {**ASKED_QUERY["period"], "default": default}}

    @declares(id=words.id, summary=words.summary, tag="Reports", answer=words.answer, query=query)
    def figures(work: Work, call: Call) -> Any:
        asked = read_asked(work, call.query, default)
        currency = work.vocabulary.account["currency"]
        return {"period": asked.shown(), "currency": currency, **report(work, asked)}

    @declares(
        id=f"{words.id}AsCsv", summary=f"{words.summary}, as CSV", tag="Reports", answer=TEXT, query=query, media_type="text/csv"
    )
    async def table(request: Request) -> Response:
        state: State = request.app.state.cuprum
        call = await read_call(request, state.settings.max_body_bytes)
        text = await state.database.read(_table, state, call)
        headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
        return Response(text, media_type="text/csv; charset=utf-8", headers=headers)

    def _table(connection: Connection, state: State, call: Call) -> str:
        work = work_for(connection, state, call, writing=False)
        rows = report(work, read_asked(work, call.query, default))["rows"]
        return csv_text(words.columns, ([row[column] for column in words.columns] for row in rows))

    return [
        Route(f"/reports/{name}", reads(figures), methods=["GET"]),
        Route(f"/reports/{name}.csv", table, methods=["GET"]),
    ]
