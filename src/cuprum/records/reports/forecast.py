"""What is to come: open opportunities by the month of their close date, weighted by their chance to win and not."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from cuprum.records.reports.asked import Asked
from cuprum.records.reports.figures import added, code, counted, deals, figures
from cuprum.records.work import Work


def forecast(work: Work, asked: Asked) -> dict[str, Any]:
    """`rows`, one a month of the period; `left_out` counts the open ones that lie before it, after it or have no close date."""
    month = func.substr(deals.c.close_date, 1, 7)
    is_open = deals.c.status == code("Open")
    found = {
        row[0]: row[1:] for row in work.execute(select(month, *counted()).where(is_open, *asked.closing(work)).group_by(month))
    }
    rows = [
        {
            "month": name,
            **figures(found.get(name), weighted=True),
            "search": asked.search(first, last, statuses=["Open"]),
        }
        for name, first, last in asked.months()
    ]
    everything = figures(added(found.values()), weighted=True) | {"search": asked.search(statuses=["Open"])}
    return {"rows": rows, "all": everything, "left_out": _left_out(work, asked)}


def _left_out(work: Work, asked: Asked) -> dict[str, int]:
    close = deals.c.close_date
    counts = select(
        func.count().filter(close.is_(None)),
        func.count().filter(close < asked.first.isoformat()),
        func.count().filter(close > asked.last.isoformat()),
    ).where(deals.c.status == code("Open"), *asked.of_whom(work))
    none, earlier, later = work.execute(counts).one()
    return {"without_close_date": none, "earlier": earlier, "later": later}
