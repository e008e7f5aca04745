"""Triggers for what is no change: a due date that passes, a record left alone, a record that is followed."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sqlalchemy import update

from cuprum.connector import errors
from cuprum.connector.catalogue import trigger
from cuprum.storage.trigger_tables import trigger_binding
from polled import Account, Poll, Polled
from standin import StandIn

HOUR, DAY = 3600, 86_400


@pytest.fixture
def now() -> int:
    return int(time.time())


def since(polled: Polled, second: int) -> None:
    """As if everybody had listened since then."""
    values = {"date_created": second * 1000, "start_ms": second * 1000, "asked_until": second}
    polled.database.write_now(lambda connection: connection.execute(update(trigger_binding).values(**values)))


def put(standin: StandIn, entity: str, number: int, **values: Any) -> None:
    """Change what the account holds, also what nobody could write."""
    standin.state.records[entity][number] = {**standin.state.records[entity][number], **values}


def test_a_due_date_that_passes_is_told_once_of_open_tasks_with_the_whole_record(poll: Poll, account: Account, now: int) -> None:
    before = account.add("task", name="Long overdue", due_date=now - 2 * HOUR)
    passed = account.add("task", name="Call Łódź", due_date=now - 600)
    account.add("task", name="Done", due_date=now - 600, status="Completed")
    account.add("task", name="Later", due_date=now + HOUR)
    account.add("task", name="Undated")
    polled = poll("task")
    listener = polled.listen("taskOverdue")
    polled.look()
    assert polled.hear(listener) == []
    since(polled, now - HOUR)
    polled.look()
    polled.look()
    (event,) = polled.hear(listener)
    assert (event.kind, event.record_id, event.at, event.changed) == ("overdue", passed, now - 600, ())
    assert event.record
    assert event.record["name"] == "Call Łódź"
    # Who asks for the beginning is told of what has long been overdue, in order.
    everything = polled.listen("taskOverdue", "everything", start_from="beginning")
    polled.look()
    assert [one.record_id for one in polled.hear(everything)] == [before, passed]
    assert polled.hear(listener) == []


def test_a_task_that_is_moved_to_a_day_gone_by_or_opened_again_is_overdue_at_once(poll: Poll, account: Account, now: int) -> None:
    moved = account.add("task", due_date=now + HOUR)
    opened = account.add("task", due_date=now - HOUR, status="Completed")
    old = account.add("task", due_date=now - HOUR)
    polled = poll("task")
    listener = polled.listen("taskOverdue")
    polled.look()
    account.live()
    account.edit("task", moved, due_date=now - 2 * HOUR)
    account.edit("task", opened, status="Open")
    account.edit("task", old, details="It has been overdue before")
    new = account.add("task", due_date=now - 3 * HOUR)
    polled.look()
    assert [one.record_id for one in polled.hear(listener)] == [moved, opened, new]
    account.edit("task", moved, due_date=now + DAY)
    account.edit("task", moved, due_date=now - 4 * HOUR)
    polled.look()
    polled.look()
    assert [one.record_id for one in polled.hear(listener)] == [moved]


def test_a_record_that_nobody_changes_for_some_days_is_told_again_only_after_a_change(
    poll: Poll, account: Account, standin: StandIn, now: int
) -> None:
    stale, fresh = account.add("person"), account.add("person")
    put(standin, "person", stale, date_modified=now - 3 * DAY - 60)
    put(standin, "person", fresh, date_modified=now - 3 * DAY + HOUR)
    polled = poll("person")
    three = polled.listen("recordStale", "three", entity="person", days=3)
    four = polled.listen("recordStale", "four", entity="person", days="4")
    polled.look()
    since(polled, now - HOUR)
    polled.look()
    polled.look()
    (event,) = polled.hear(three)
    assert (event.kind, event.record_id, event.at) == ("stale", stale, now - 60)
    assert polled.hear(four) == []


def test_more_than_a_page_that_is_due_in_one_second_is_told_whole(
    poll: Poll, account: Account, standin: StandIn, now: int
) -> None:
    table = standin.state.records["task"]
    template = table.pop(account.add("task"))
    for number in range(300_000, 300_450):
        table[number] = {**template, "id": number, "due_date": now - 600}
    polled = poll("task")
    listener = polled.listen("taskOverdue")
    polled.look()
    since(polled, now - HOUR)
    polled.look()
    assert sorted(one.record_id for one in polled.hear(listener)) == list(range(300_000, 300_450))


def test_what_is_followed_and_no_longer_is_told_and_what_is_deleted_is_not(
    poll: Poll, account: Account, standin: StandIn
) -> None:
    kept, left, gone, new = (account.add("company") for _ in range(4))
    standin.state.followed |= {("company", number) for number in (kept, left, gone)}
    polled = poll("company")
    given = {"entity": "company"}
    followed = polled.listen("recordFollowed", "on", **given)
    unfollowed = polled.listen("recordUnfollowed", "off", **given)
    polled.look()
    account.live()
    standin.state.followed |= {("company", new)}
    standin.state.followed -= {("company", left)}
    account.delete("company", gone)
    polled.look()
    polled.look()
    on, off = polled.hear(followed), polled.hear(unfollowed)
    assert [(one.kind, one.record_id) for one in on] == [("followed", new)]
    assert [(one.kind, one.record_id) for one in off] == [("unfollowed", left)]
    assert on[0].record
    assert on[0].record["name"] == "A company"


def test_listeners_that_ask_the_same_ask_once(poll: Poll, account: Account, standin: StandIn) -> None:
    polled = poll("task")
    for number in range(20):
        polled.listen("taskOverdue", f"flow {number}", filter=f"id == {number}")
    polled.look()
    before = len(standin.seen)
    polled.look()
    # One look at what was modified, one at what is due.
    assert len(standin.seen) - before == 2


def test_the_days_must_be_some() -> None:
    with pytest.raises(errors.InvalidInput, match="1 or more"):
        trigger("recordStale").read({"entity": "person", "days": 0})
