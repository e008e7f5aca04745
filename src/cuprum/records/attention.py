"""Opportunities that need their owner's attention, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cuprum.kit import jsonio
from cuprum.records.search import LARGEST_PAGE, search
from cuprum.records.silence import Sign, days_since, is_silent, last_signs
from cuprum.records.work import Work


@dataclass(frozen=True)
class Attention:
    """`is_overdue` when it should have been closed by now; `silent_days` where its pipeline has waited too long since `sign`."""

    opportunity: Mapping[str, Any]
    is_overdue: bool
    silent_days: int | None
    sign: Sign


def needing_attention(work: Work, asked: Mapping[str, Any], today: date) -> list[Attention]:
    """Of the open opportunities that fit `asked`, those that were moved longest ago first; each is a wire object."""
    query = {**asked, "statuses": ["Open"], "sort_by": "date_stage_changed", "page_size": LARGEST_PAGE}
    plain: list[dict[str, Any]] = jsonio.decode(jsonio.encode(search(work, "opportunity", {}, query).records))
    signs = last_signs(work, plain)
    found = []
    for one in plain:
        sign = signs[one["id"]]
        silent_days = days_since(work, sign.at) if is_silent(work, one, sign) else None
        is_overdue = bool(one["close_date"]) and _day(one["close_date"]) < today
        if is_overdue or silent_days is not None:
            found.append(Attention(one, is_overdue, silent_days, sign))
    return found


def _day(slashed: str) -> date:
    month, day, year = map(int, slashed.split("/"))
    return date(year, month, day)
