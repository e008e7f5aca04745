"""Who sold what: opportunities won, by their owner, whose close date lies in the period."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from cuprum.records.reports.asked import NONE, Asked
from cuprum.records.reports.figures import added, code, counted, deals, figures
from cuprum.records.work import Work


def sales_by_owner(work: Work, asked: Asked) -> dict[str, Any]:
    """`rows`, the largest sum first, and `all` of them; each with the search that opens it."""
    won = select(deals.c.assignee_id, *counted()).where(deals.c.status == code("Won"), *asked.closing(work))
    found = {row[0]: row[1:] for row in work.execute(won.group_by(deals.c.assignee_id))}
    users = work.vocabulary.words["user"]
    rows = [
        {
            "owner_id": owner_id,
            "name": users[owner_id]["name"] if owner_id in users else None,
            **figures(row),
            "search": asked.search(statuses=["Won"]) | {"assignee_ids": [NONE if owner_id is None else owner_id]},
        }
        for owner_id, row in found.items()
    ]
    rows.sort(key=lambda row: (-row["total"], -row["count"], row["name"] or ""))
    return {"rows": rows, "all": figures(added(found.values())) | {"search": asked.search(statuses=["Won"])}}
