"""Reports: what they are asked for, and the figures of each."""

from __future__ import annotations

from dataclasses import dataclass

from cuprum.api.openapi.schemas import ID, NUMBER, TEXT, Named, Schema, closed, listed, one_of_words, or_null, whole
from cuprum.records.reports.asked import CUSTOM, PERIODS

_COUNT = whole(0, 2**53)
_SEARCH: Schema = {"type": "object", "description": "The search for opportunities that opens exactly these rows."}
_DAY: Schema = {"type": "string", "format": "date"}

ASKED_QUERY: dict[str, Schema] = {
    "period": one_of_words(*PERIODS, CUSTOM, description="Days of the account's time zone."),
    "from": {**_DAY, "description": "The first day of a custom period."},
    "to": {**_DAY, "description": "Its last day."},
    "owner_id": {"type": "integer", "description": "Only what this user owns; -2 for what nobody owns."},
    "pipeline_id": {**ID, "description": "Only this pipeline."},
}

_FIGURES: dict[str, Schema] = {
    "count": _COUNT,
    "total": {**NUMBER, "description": "In the account's currency."},
    "without_exchange_rate": {**_COUNT, "description": "Values without an exchange rate: counted, and in no sum."},
    "search": _SEARCH,
}
_WEIGHTED = _FIGURES | {"weighted": {**NUMBER, "description": "Each value times its chance to win."}}
_STAGE: dict[str, Schema] = {"pipeline_id": ID, "pipeline_stage_id": ID, "name": TEXT}

STAGE = Named("OpenStage", closed({**_STAGE, **_WEIGHTED}))


@dataclass(frozen=True)
class ReportWords:
    """How a report is described."""

    id: str
    summary: str
    answer: Schema


def _answer(name: str, row: dict[str, Schema], **further: Schema) -> Schema:
    period = Named("ReportPeriod", closed({"name": TEXT, "first_day": _DAY, "last_day": _DAY, "time_zone": TEXT}))
    rows = listed(Named(f"{name}Row", closed(row)))
    return Named(name, closed({"period": period, "currency": TEXT, "rows": rows, **further}))


WORDS = {
    "sales_by_owner": ReportWords(
        "salesByOwner", "Sales by owner: won, by close date",
        _answer("SalesByOwner", {"owner_id": or_null(ID), "name": or_null(TEXT), **_FIGURES}, all=closed(_FIGURES)),
    ),
    "forecast": ReportWords(
        "forecast", "Forecast by month: open, by close date",
        _answer(
            "Forecast",
            {"month": {**TEXT, "description": "As 2026-11."}, **_WEIGHTED},
            all=closed(_WEIGHTED),
            left_out=closed(
                {"without_close_date": _COUNT, "earlier": _COUNT, "later": _COUNT},
                description="Open opportunities that lie outside the period.",
            ),
        ),
    ),
    "stage_funnel": ReportWords(
        "stageFunnel", "Stage conversion: entered in the period, and went on",
        _answer(
            "StageFunnel",
            {
                **_STAGE,
                "entered": _COUNT,
                "went_on": {**_COUNT, "description": "Reached a later stage since, or are won."},
                "conversion": or_null({**NUMBER, "description": "In per cent."}),
                "search": _SEARCH,
                "search_went_on": _SEARCH,
            },
        ),
    ),
    "won_and_lost": ReportWords(
        "wonAndLost", "Won, lost by reason, and abandoned, by close date",
        _answer(
            "WonAndLost",
            {"status": TEXT, "loss_reason_id": or_null(ID), "reason": or_null(TEXT), **_FIGURES},
            all=closed(_FIGURES),
        ),
    ),
}  # fmt: skip
