"""Reminders: due by their time, given once, and not for what was done, moved, deleted or given away meanwhile."""

from __future__ import annotations

import time

import pytest

from automation import automation
from cuprum.records.reminders import LATEST_SECONDS, due, remind


@pytest.fixture
def soon() -> int:
    return int(time.time()) + 60


@pytest.fixture
def task(ada, soon) -> dict:
    return ada.post("/tasks", {"name": "Ring Iris", "assignee_id": ada.id, "reminder_date": soon})


def given(cuprum, task: dict, at: int) -> list[str]:
    """Whatever is due at a moment is given twice, as by two servers; what Ada was told in all."""
    for task_id, reminder_date in cuprum.database.read_now(due, at) * 2:
        cuprum.database.write_now(remind, task_id, reminder_date)
    return [one["text"] for one in automation(cuprum.ada, "GET", "/notifications")["notifications"]]


def test_a_reminder_comes_when_it_is_due_and_once(cuprum, task, soon):
    assert given(cuprum, task, soon - 1) == []
    assert given(cuprum, task, soon) == ["Reminder: Ring Iris"]
    assert given(cuprum, task, soon + 9) == ["Reminder: Ring Iris"]


def test_a_reminder_that_was_moved_comes_again_at_the_new_time(cuprum, ada, task, soon):
    given(cuprum, task, soon)
    ada.put(f"/tasks/{task['id']}", {"reminder_date": soon + 100})
    assert len(given(cuprum, task, soon + 99)) == 1
    assert len(given(cuprum, task, soon + 100)) == 2


@pytest.mark.parametrize(
    "change", [{"status": "Completed"}, {"reminder_date": None}, {"assignee_id": None}, "delete"], ids=["done", "unset", "nobody", "gone"]
)  # fmt: skip
def test_what_needs_no_reminder_any_more_gets_none_even_where_it_was_on_its_way(cuprum, ada, task, soon, change):
    on_its_way = cuprum.database.read_now(due, soon)
    assert on_its_way == [(task["id"], soon)]
    if change == "delete":
        ada.delete(f"/tasks/{task['id']}")
    else:
        ada.put(f"/tasks/{task['id']}", change)
    assert not cuprum.database.write_now(remind, *on_its_way[0])
    assert given(cuprum, task, soon) == []


def test_whoever_has_the_task_by_then_is_reminded(cuprum, ada, task, soon):
    ada.put(f"/tasks/{task['id']}", {"assignee_id": cuprum.grace.id})
    assert given(cuprum, task, soon) == []
    told = automation(cuprum.grace, "GET", "/notifications")["notifications"]
    assert [one["kind"] for one in told] == ["reminder", "assigned"]


def test_what_lay_for_longer_than_a_week_is_let_be(cuprum, task, soon):
    assert given(cuprum, task, soon + LATEST_SECONDS + 1) == []
