"""The reports by name: who makes their figures, the period they are about unless another is asked for, and their table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cuprum.kit.csv_text import csv_text
from cuprum.records.reports.asked import Asked
from cuprum.records.reports.forecast import forecast
from cuprum.records.reports.sales_by_owner import sales_by_owner
from cuprum.records.reports.stage_funnel import stage_funnel
from cuprum.records.reports.won_and_lost import won_and_lost
from cuprum.records.work import Work


@dataclass(frozen=True)
class Report:
    made: Callable[[Work, Asked], dict[str, Any]]
    period: str
    columns: tuple[str, ...]

    def as_csv(self, work: Work, asked: Asked) -> str:
        rows = self.made(work, asked)["rows"]
        return csv_text(self.columns, ([row[column] for column in self.columns] for row in rows))


REPORTS = {
    "sales_by_owner": Report(
        sales_by_owner, "last_12_months", ("owner_id", "name", "count", "total", "without_exchange_rate")
    ),
    "forecast": Report(forecast, "next_12_months", ("month", "count", "total", "weighted", "without_exchange_rate")),
    "stage_funnel": Report(
        stage_funnel, "last_30_days", ("pipeline_id", "pipeline_stage_id", "name", "entered", "went_on", "conversion")
    ),
    "won_and_lost": Report(
        won_and_lost, "last_12_months", ("status", "loss_reason_id", "reason", "count", "total", "without_exchange_rate")
    ),
}  # fmt: skip
