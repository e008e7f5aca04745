"""How it ended: opportunities won, lost by reason, and abandoned, whose close date lies in the period."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from cuprum.records.reports.asked import NONE, Asked
from cuprum.records.reports.figures import STATUSES, added, counted, deals, figures
from cuprum.records.work import Work

_ENDED = ("Won", "Lost", "Abandoned")


def won_and_lost(work: Work, asked: Asked) -> dict[str, Any]:
    """`rows`: won, then lost by reason with the most first, then abandoned; `all` of them."""
    codes = [STATUSES.index(status) for status in _ENDED]
    by = (deals.c.status, deals.c.loss_reason_id)
    ended = select(*by, *counted()).where(deals.c.status.in_(codes), *asked.closing(work)).group_by(*by)
    found: dict[tuple[str, int | None], Any] = {}
    for status_code, reason_id, *row in work.execute(ended):
        status = STATUSES[status_code]
        # Only what was lost is told apart by its reason.
        key = (status, reason_id if status == "Lost" else None)
        found[key] = added([found[key], row]) if key in found else row
    order = sorted(found, key=lambda key: (_ENDED.index(key[0]), -found[key][0], key[1] or 0))
    return {
        "rows": [_row(work, asked, *key, found[key]) for key in order],
        "all": figures(added(found.values())) | {"search": asked.search(statuses=list(_ENDED))},
    }


def _row(work: Work, asked: Asked, status: str, reason_id: int | None, row: Any) -> dict[str, Any]:
    reason = work.vocabulary.words["loss_reason"].get(reason_id or 0)
    search = asked.search(statuses=[status])
    if status == "Lost":
        search["loss_reason_ids"] = [NONE if reason_id is None else reason_id]
    return {
        "status": status,
        "loss_reason_id": reason_id,
        "reason": reason["name"] if reason else None,
        **figures(row),
        "search": search,
    }
