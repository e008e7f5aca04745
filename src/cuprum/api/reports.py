"""Figures over many records, under `/automation/v1/reports`: as JSON, and with `.csv` as a table for a spreadsheet."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cuprum.api.call import Call, read_call
from cuprum.api.desk import reads, work_for
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.reports import ASKED_QUERY, STAGE, WORDS, ReportWords
from cuprum.api.openapi.schemas import ID, TEXT, listed
from cuprum.api.state import State
from cuprum.entities import reading
from cuprum.records.reports.asked import read_asked
from cuprum.records.reports.catalogue import REPORTS, Report
from cuprum.records.reports.open_by_stage import open_by_stage
from cuprum.records.work import Work


@declares(
    id="openOpportunitiesByStage", summary="Open opportunities by stage", tag="Reports", answer=listed(STAGE),
    query={"pipeline_id": {**ID, "description": "Only this pipeline."}},
)  # fmt: skip
def open_opportunities_by_stage(work: Work, call: Call) -> Any:
    return open_by_stage(work, reading.record_id(call.query.get("pipeline_id"), "Pipeline Id"))


def routes() -> list[Route]:
    made = [Route("/reports/open_opportunities_by_stage", reads(open_opportunities_by_stage), methods=["GET"])]
    for name, report in REPORTS.items():
        made += _routes(name, WORDS[name], report)
    return made


def _routes(name: str, words: ReportWords, report: Report) -> list[Route]:
    query = ASKED_QUERY | {"period": {**ASKED_QUERY["period"], "default": report.period}}

    @declares(id=words.id, summary=words.summary, tag="Reports", answer=words.answer, query=query)
    def figures(work: Work, call: Call) -> Any:
        asked = read_asked(work, call.query, report.period)
        currency = work.vocabulary.account["currency"]
        return {"period": asked.shown(), "currency": currency, **report.made(work, asked)}

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
        return report.as_csv(work, read_asked(work, call.query, report.period))

    return [
        Route(f"/reports/{name}", reads(figures), methods=["GET"]),
        Route(f"/reports/{name}.csv", table, methods=["GET"]),
    ]
