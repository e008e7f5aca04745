"""Open opportunities by stage: how many, how much, and how much of it is likely."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, func, select, type_coerce

from cuprum.entities import Opportunity, field
from cuprum.records.visible import visible
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES

_OPEN = field(Opportunity, "status").kind.options.index("Open")  # type: ignore[attr-defined]
# A weighted value is a value times a percentage; the sum is divided once, so that no cent is rounded away a row.
_PER_CENT = 100


def open_by_stage(
    work: Work, pipeline_id: int | None = None, *, within: ColumnElement[bool] | None = None
) -> list[dict[str, Any]]:
    """One entry a stage, in the order of the stages: `count`, `total` and `weighted` in the account's currency, and how
    many opportunities have a value without an exchange rate, which no sum can hold (`without_converted_value`). `within`
    counts fewer of them."""
    deals = TABLES["opportunity"]
    value = type_coerce(deals.c.converted_value, BigInteger)
    statement = (
        select(
            deals.c.pipeline_stage_id,
            func.count(),
            func.coalesce(func.sum(value), 0),
            func.coalesce(func.sum(value * func.coalesce(deals.c.win_probability, 0)), 0),
            func.count(case((deals.c.converted_value.is_(None), 1))),
        )
        .where(deals.c.status == _OPEN, visible(work.actor, "opportunity"), *([] if within is None else [within]))
        .group_by(deals.c.pipeline_stage_id)
    )
    if pipeline_id is not None:
        statement = statement.where(deals.c.pipeline_id == pipeline_id)
    found = {row[0]: row for row in work.execute(statement)}
    return [_entry(stage, found.get(stage["id"])) for stage in work.vocabulary.words["pipeline_stage"].values()
            if pipeline_id in (None, stage["pipeline_id"])]  # fmt: skip


def _entry(stage: Any, row: Any) -> dict[str, Any]:
    _, count, total, weighted, without = row or (None, 0, 0, 0, 0)
    return {
        "pipeline_id": stage["pipeline_id"],
        "pipeline_stage_id": stage["id"],
        "name": stage["name"],
        "count": count,
        "total": float(Decimal(total) / 10_000),
        "weighted": float(Decimal(weighted) / _PER_CENT / 10_000),
        "without_converted_value": without,
    }
