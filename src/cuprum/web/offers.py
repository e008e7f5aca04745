"""What is offered after something was done: a task that is completed asks for the call that it was, and for the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import select

from cuprum.entities import ENTITIES
from cuprum.kit import jsonio
from cuprum.records.naming import names_of
from cuprum.records.read import one
from cuprum.records.work import Work
from cuprum.storage.event_tables import change
from cuprum.web.lanes import about

_SATURDAY, _MORNING = 5, time(10)


@dataclass(frozen=True)
class Offer:
    path: str
    label: str
    icon: str


def offers_after(work: Work, group_id: str) -> list[Offer]:
    """Nothing, unless the group completed one task; the call only where it is about a record which the actor sees."""
    tasks = select(change.c.record_id, change.c.after).where(change.c.group_id == group_id, change.c.entity == "task").limit(2)
    rows = work.execute(tasks).all()
    if len(rows) != 1 or jsonio.decode(rows[0].after).get("status") != "Completed":
        return []
    task: Mapping[str, Any] = jsonio.decode(jsonio.encode(one(work, "task", rows[0].record_id)))
    end, due = about(task), _follow_up(work, task)
    if end is None or not names_of(work, [end]):
        return [Offer(f"/tasks/new?due={due}", "Next task", "square-check")]
    entity, record_id = end
    logged = urlencode({"log": _call(work), "note": f"{task['name']}: "})
    return [
        Offer(f"/{ENTITIES[entity].plural}/{record_id}?{logged}#timeline", "Log a call", "phone"),
        Offer(f"/tasks/new?for={entity}&id={record_id}&due={due}", "Next task", "square-check"),
    ]


def _call(work: Work) -> int:
    """The type of activity that calls are, or whatever comes first."""
    types = [one for one in work.vocabulary.living("activity_type") if not one["is_disabled"]]
    return next((one["id"] for one in types if one["icon_type"] == "Phone"), types[0]["id"] if types else 0)


def _follow_up(work: Work, task: Mapping[str, Any]) -> int:
    """In a week at the same time of the day, on a Monday where that is a weekend."""
    zone = ZoneInfo(work.vocabulary.account["primary_timezone"])
    day = datetime.fromtimestamp(work.now, zone).date() + timedelta(days=7)
    day += timedelta(days=7 - day.weekday() if day.weekday() >= _SATURDAY else 0)
    at = datetime.fromtimestamp(task["due_date"], zone).time() if task["due_date"] else _MORNING
    return int(datetime.combine(day, at, zone).timestamp())
