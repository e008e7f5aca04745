"""What only tasks have."""

from __future__ import annotations

import pytest


@pytest.fixture
def task(ada):
    return ada.post("/tasks", {"name": "Call back"})


def test_a_task_starts_open_with_no_priority_as_a_to_do(ada, task):
    types = ada.get("/custom_activity_types")
    to_do = next(one["id"] for one in types if one["is_default_task_type"])
    assert (task["status"], task["priority"], task["completed_date"], task["custom_activity_type_id"]) == (
        "Open",
        "None",
        None,
        to_do,
    )
    assert task["related_resource"] == {"id": None, "type": None}


def test_completing_it_dates_it_and_opening_it_again_does_not(ada, task):
    done = ada.put(f"/tasks/{task['id']}", {"status": "Completed"})
    assert done["completed_date"] >= task["date_created"]
    assert ada.put(f"/tasks/{task['id']}", {"details": "x"})["completed_date"] == done["completed_date"]
    assert ada.put(f"/tasks/{task['id']}", {"status": "Open"})["completed_date"] is None


def test_a_task_may_be_noted_when_it_is_done(ada):
    assert ada.post("/tasks", {"name": "Done", "status": "Completed"})["completed_date"] is not None


def test_the_date_of_completion_is_not_written(ada, task):
    assert ada.put(f"/tasks/{task['id']}", {"completed_date": 1})["completed_date"] is None


def test_a_cleared_status_or_priority_falls_back(ada, task):
    ada.put(f"/tasks/{task['id']}", {"priority": "High"})
    cleared = ada.put(f"/tasks/{task['id']}", {"priority": None, "status": None})
    assert (cleared["priority"], cleared["status"]) == ("None", "Open")


@pytest.mark.parametrize("given", [1790100000, "1790100000", 1790100000.0])
def test_due_dates_are_seconds(ada, task, given):
    assert ada.put(f"/tasks/{task['id']}", {"due_date": given, "reminder_date": given})["due_date"] == 1790100000


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("2026-12-15T10:00:00Z", 1797328800), ("2026-12-15T10:00:00.000Z", 1797328800), ("2026-12-15T11:00:00+01:00", 1797328800),
        # Without an offset it is a time of the account, in Lisbon: in July an hour before UTC's.
        ("2026-12-15 10:00", 1797328800), ("2026-07-15 10:00", 1784106000),
        ("12/15/2026", 1797292800), ("2026-12-15", 1797292800), ("07/15/2026", 1784070000), ("2026-07-15", 1784070000),
    ],
)  # fmt: skip
def test_due_dates_are_also_days_and_times_of_the_account(ada, task, given, seconds):
    assert ada.put(f"/tasks/{task['id']}", {"due_date": given})["due_date"] == seconds
    for bounds in ({"minimum_due_date": given, "maximum_due_date": given}, {"minimum_due_date": seconds}):
        assert [one["id"] for one in ada.post("/tasks/search", bounds)] == [task["id"]]


@pytest.mark.parametrize("given", ["2026-13-01", "2/30/2026", "2026-12-15T", "1-2"])
def test_a_day_that_does_not_exist_is_refused_and_named(ada, task, given):
    assert ada.refused("PUT", f"/tasks/{task['id']}", {"due_date": given}).startswith(
        "Invalid input: Validation errors: Due Date: must be a "
    )


def test_completing_it_is_noted(ada, task):
    ada.put(f"/tasks/{task['id']}", {"status": "Completed"})
    (noted,) = ada.post(f"/tasks/{task['id']}/activities", {})
    assert (noted["old_value"], noted["new_value"]) == ("Open", "Completed")


@pytest.mark.parametrize("unset", [None, {"id": None, "type": None}])
def test_what_it_is_about_can_be_unset(ada, unset):
    person = ada.post("/people", {"name": "Bob"})
    task = ada.post("/tasks", {"name": "Call", "related_resource": {"id": person["id"], "type": "person"}})
    assert ada.put(f"/tasks/{task['id']}", {"related_resource": unset})["related_resource"] == {"id": None, "type": None}


def test_it_is_about_something_that_is_there(ada):
    message = ada.refused("POST", "/tasks", {"name": "Call", "related_resource": {"id": 99, "type": "person"}})
    assert message.endswith("Related Resource: there is no person 99")
