"""Home: what is to be done, first what is late."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cuprum.kit import jsonio
from cuprum.records.naming import End, names_of
from cuprum.records.search import search
from cuprum.records.work import Work
from cuprum.web.visit import Page, Visit

_MOST = 20


def home(work: Work, visit: Visit) -> Page:
    zone = ZoneInfo(work.vocabulary.account["primary_timezone"])
    today = datetime.fromtimestamp(work.now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    # By the calendar, not by 24 hours: a day may have 23 or 25.
    tomorrow, after = (int((today + timedelta(days=days)).timestamp()) for days in (1, 2))
    lanes = [
        _lane(work, "Overdue", None, work.now),
        _lane(work, "Today", work.now, tomorrow),
        _lane(work, "Tomorrow", tomorrow, after),
    ]
    ends = {end for lane in lanes for one in lane["tasks"] if (end := _about(one))}
    return Page("home/home.html", {"lanes": lanes, "names": names_of(work, ends), "today": today.date()})


def _lane(work: Work, label: str, start: int | None, end: int) -> dict[str, Any]:
    """My open tasks that are due from `start` up to, not including, `end`."""
    asked: dict[str, Any] = {"assignee_ids": [work.actor.user_id], "statuses": ["Open"], "maximum_due_date": end - 1}
    if start is not None:
        asked["minimum_due_date"] = start
    found = search(work, "task", asked, {"sort_by": "due_date", "page_size": _MOST})
    return {"label": label, "tasks": jsonio.decode(jsonio.encode(found.records)), "total": found.total, "is_late": start is None}


def _about(task: dict[str, Any]) -> End | None:
    about = task["related_resource"]
    return (about["type"], about["id"]) if about and about["id"] else None
