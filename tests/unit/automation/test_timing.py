"""When schedules are due."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cuprum.automation.timing import rhythm, said, troubles_of
from cuprum.jobs import Schedule


def due(kind: str, given: dict[str, Any], start: str, count: int = 3, zone: str = "UTC") -> list[str]:
    """The next due times after a moment in the zone, as its clocks show them."""
    schedule = Schedule("s", "w", **rhythm(f"schedule/v1/{kind}", given, zone))
    found, at = [], datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(schedule.zone)).timestamp()
    for _ in range(count):
        at = schedule.next_due(at)
        # What comes next and what came last are one and the same.
        assert schedule.last_due(at) == schedule.last_due(at + 0.5) == at
        found.append(datetime.fromtimestamp(at, ZoneInfo(schedule.zone)).isoformat())
    return found


def test_every_day():
    assert due("everyDay", {"hour": 9, "minute": 30}, "2026-02-27T10:00", 2) == [
        "2026-02-28T09:30:00+00:00",
        "2026-03-01T09:30:00+00:00",
    ]


@pytest.mark.parametrize("days", [[1, 7], ["7", "1"], {"1": True, "2": False, "7": True}])
def test_only_on_some_days_of_the_week(days: Any):
    # 7 March 2026 is a Saturday.
    given = {"hour": "9", "minute": 0, "dayOfWeek": days}
    assert due("everyDay", given, "2026-03-07T10:00") == [
        "2026-03-08T09:00:00+00:00",
        "2026-03-09T09:00:00+00:00",
        "2026-03-15T09:00:00+00:00",
    ]


def test_every_week_on_a_monday():
    assert due("everyWeek", {"hour": 0, "minute": 0, "dayOfWeek": 1}, "2026-03-07T10:00", 2) == [
        "2026-03-09T00:00:00+00:00",
        "2026-03-16T00:00:00+00:00",
    ]


def test_every_month_leaves_out_the_months_without_that_day():
    given = {"hour": 8, "minute": 0, "dayOfMonth": 31}
    assert due("everyMonth", given, "2026-01-01T00:00") == [
        "2026-01-31T08:00:00+00:00",
        "2026-03-31T08:00:00+00:00",
        "2026-05-31T08:00:00+00:00",
    ]


def test_intervals():
    assert rhythm("schedule/v1/interval", {"interval": 5, "timeUnit": 1}, "UTC")["every_seconds"] == 300
    assert rhythm("schedule/v1/interval", {"interval": "2", "timeUnit": 2}, "UTC")["every_seconds"] == 7_200
    assert rhythm("schedule/v1/interval", {"interval": 1, "timeUnit": 3}, "UTC")["every_seconds"] == 86_400
    assert due("interval", {"interval": 3, "timeUnit": 4}, "2026-02-01T00:00", 2) == [
        "2026-04-01T00:00:00+00:00",
        "2026-07-01T00:00:00+00:00",
    ]


@pytest.mark.parametrize(
    ("expression", "first"),
    [
        ("0 9 * * 1", "2026-03-09"),
        # Quartz's, told by its question mark: Sunday is 1.
        ("0 9 ? * 2", "2026-03-09"),
        ("0 9 ? * 1", "2026-03-08"),
        ("0 9 ? * MON-FRI", "2026-03-09"),
        ("0 9 ? * 2-6", "2026-03-09"),
        ("0 9 ? * 6L", "2026-03-27"),
        ("0 9 ? * 3#2", "2026-03-10"),
        ("0 9 10 * ?", "2026-03-10"),
        ("0 0 9 * * 0", "2026-03-08"),
    ],
)
def test_cron_in_both_dialects(expression: str, first: str):
    assert due("cron", {"expression": expression}, "2026-03-07T10:00", 1) == [f"{first}T09:00:00+00:00"]


def test_a_time_that_the_clocks_jump_over_is_due_when_they_have_jumped():
    given = {"hour": 2, "minute": 30, "timezone": "Europe/Berlin"}
    assert due("everyDay", given, "2026-03-28T03:00", 2) == ["2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"]


def test_a_time_that_comes_twice_is_due_once():
    given = {"hour": 2, "minute": 30, "timezone": "Europe/Berlin"}
    assert due("everyDay", given, "2026-10-24T03:00", 2) == ["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"]
    given = {"hour": 1, "minute": 30, "timezone": "America/Los_Angeles"}
    assert due("everyDay", given, "2026-10-31T03:00", 2) == ["2026-11-01T01:30:00-07:00", "2026-11-02T01:30:00-08:00"]


def test_what_happens_each_hour_happens_in_the_hour_that_comes_twice_too():
    found = due("cron", {"expression": "0 * * * *", "timezone": "Europe/Berlin"}, "2026-10-25T01:30", 3)
    assert found == ["2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00"]


def test_the_accounts_zone_counts_where_none_is_given():
    assert due("everyDay", {"hour": 9, "minute": 0}, "2026-03-07T10:00", 1, "Pacific/Auckland") == ["2026-03-08T09:00:00+13:00"]
    at = datetime.fromisoformat("2026-03-07T20:00:00+00:00")
    assert said({"hour": 9, "minute": 0}, at, "Pacific/Auckland") == {
        "hour": 9,
        "minute": 0,
        "datetime": "2026-03-08T09:00:00+13:00",
    }


@pytest.mark.parametrize(
    ("kind", "given", "field", "words"),
    [
        ("everyDay", {"minute": 0}, "hour", "can't be blank"),
        ("everyDay", {"hour": 24, "minute": 0}, "hour", "from 0 to 23"),
        ("everyDay", {"hour": True, "minute": 0}, "hour", "from 0 to 23"),
        ("everyDay", {"hour": 9, "minute": 0, "dayOfWeek": [8]}, "dayOfWeek", "from 1 (Monday) to 7"),
        ("everyWeek", {"hour": 9, "minute": 0}, "dayOfWeek", "from 1 (Monday) to 7"),
        ("everyMonth", {"hour": 9, "minute": 0, "dayOfMonth": 32}, "dayOfMonth", "from 1 to 31"),
        ("interval", {"interval": 0, "timeUnit": 1}, "interval", "from 1 to"),
        ("interval", {"interval": 5, "timeUnit": 9}, "timeUnit", "from 1 to 4"),
        ("cron", {"expression": ""}, "expression", "can't be blank"),
        ("cron", {"expression": "61 * * * *"}, "expression", "is not a cron expression"),
        ("cron", {"expression": "0 0 30 2 *"}, "expression", "is not a cron expression"),
        ("cron", {"expression": "@daily"}, "expression", "is not a cron expression"),
        ("cron", {"expression": "0 9 * * *", "timezone": "Europe/Atlantis"}, "timezone", "is not a time zone"),
    ],
)
def test_what_means_nothing_is_refused_by_field(kind: str, given: dict[str, Any], field: str, words: str):
    troubles = {trouble.place: trouble.message for trouble in troubles_of(f"schedule/v1/{kind}", given)}
    assert words in troubles[field]
