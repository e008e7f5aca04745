"""Open tasks by when they are due: what is late, today, tomorrow, this week, later, and without a date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_

from cuprum.kit import jsonio
from cuprum.records.naming import End, names_of
from cuprum.records.search import search
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES

MOST = 50
Within = ColumnElement[bool] | None


@dataclass(frozen=True)
class Lane:
    """Some tasks as wire objects, and how many there are in all."""

    label: str
    tasks: list[dict[str, Any]]
    total: int
    is_late: bool = False


def midnight(work: Work) -> datetime:
    """When today began, in the account's zone."""
    zone = ZoneInfo(work.vocabulary.account["primary_timezone"])
    return datetime.fromtimestamp(work.now, zone).replace(hour=0, minute=0, second=0, microsecond=0)


def next_days(work: Work, asked: Mapping[str, Any], within: Within = None, most: int = MOST) -> list[Lane]:
    """Overdue, today and tomorrow, of the open tasks that fit `asked` and `within`; at most so many of each."""
    # By the calendar, not by 24 hours: a day may have 23 or 25.
    tomorrow, after = (int((midnight(work) + timedelta(days=days)).timestamp()) for days in (1, 2))
    asked = {**asked, "page_size": most}
    return [
        _lane(work, "Overdue", asked, within, None, work.now, is_late=True),
        _lane(work, "Today", asked, within, work.now, tomorrow),
        _lane(work, "Tomorrow", asked, within, tomorrow, after),
    ]


def all_days(work: Work, asked: Mapping[str, Any], within: Within = None) -> list[Lane]:
    """The whole of it, also what has no date."""
    day_after, week = (int((midnight(work) + timedelta(days=days)).timestamp()) for days in (2, 8))
    return [
        *next_days(work, asked, within),
        _lane(work, "The next days", asked, within, day_after, week),
        _lane(work, "Later", asked, within, week, None),
        _undated(work, asked, within),
    ]


def names_in(work: Work, lanes: Iterable[Lane]) -> dict[End, str]:
    """The names of what the tasks are about."""
    return names_of(work, {end for lane in lanes for one in lane.tasks if (end := about(one))})


def about(task: Mapping[str, Any]) -> End | None:
    """The record that a task belongs to."""
    end = task["related_resource"]
    return (end["type"], end["id"]) if end and end["id"] else None


def _lane(
    work: Work, label: str, asked: Mapping[str, Any], within: Within, start: int | None, end: int | None, *, is_late: bool = False
) -> Lane:
    """Those due from `start` up to, not including, `end`."""
    bounds = {"minimum_due_date": start, "maximum_due_date": None if end is None else end - 1}
    return _found(work, label, {**asked, **bounds}, within, is_late=is_late)


def _undated(work: Work, asked: Mapping[str, Any], within: Within) -> Lane:
    tasks = TABLES["task"]
    undated = tasks.c.due_date.is_(None)
    return _found(work, "Without a date", asked, undated if within is None else and_(undated, within), is_late=False)


def _found(work: Work, label: str, asked: Mapping[str, Any], within: Within, *, is_late: bool) -> Lane:
    found = search(work, "task", {}, _query(asked), within=within)
    return Lane(label, jsonio.decode(jsonio.encode(found.records)), found.total, is_late)


def _query(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"page_size": MOST, **asked, "statuses": ["Open"], "sort_by": "due_date"}
