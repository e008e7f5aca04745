"""What starts when."""

import threading
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from cuprum.jobs import Schedule, State
from cuprum.jobs.tables import schedule as table
from patience import wait_until

from .examples import effects, gates


def test_an_interval_starts_a_run_for_each_due_time_once(engine, name):
    schedule = Schedule(name, "one step", [name], every_seconds=1)
    engine.schedule(schedule)
    engine.schedule(schedule)
    wait_until(lambda: effects[name] >= 2)
    engine.unschedule(name)

    def runs():
        return engine.runs(id_prefix=f"{name}@")

    # One may be starting at this moment.
    wait_until(lambda: [run.state for run in runs()] == [State.DONE] * effects[name])
    due = sorted(_due(run) for run in runs())
    assert all(later - sooner >= timedelta(seconds=1) for sooner, later in pairwise(due))


def _due(run):
    return datetime.fromisoformat(run.id.partition("@")[2])


def test_a_due_time_is_skipped_while_the_run_before_is_open(engine, name):
    gates[name] = threading.Event()
    engine.schedule(Schedule(name, "waits at a gate", [name], every_seconds=1))

    def last():
        with engine._clock._database.begin() as connection:
            return connection.execute(select(table.c.last_id, table.c.last_at).where(table.c.name == name)).one()

    wait_until(lambda: last().last_id)
    first = last()
    wait_until(lambda: last().last_at >= first.last_at + 2)
    engine.unschedule(name)
    assert len(engine.runs(id_prefix=f"{name}@")) == 1
    gates[name].set()


def test_a_run_may_be_told_its_due_time(engine, name):
    engine.schedule(Schedule(name, "one step", [], every_seconds=1, tells_time=True))
    wait_until(lambda: engine.runs(id_prefix=f"{name}@"))
    engine.unschedule(name)
    run = engine.runs(id_prefix=f"{name}@", with_payload=True)[-1]
    assert run.args == [run.id.partition("@")[2]]
    datetime.fromisoformat(run.args[0])


def test_schedules_are_kept_and_changed_by_name(engine, name):
    engine.schedule(Schedule(name, "one step", [name], cron="0 9 * * 1"))
    changed = Schedule(name, "one step", [name], cron="30 9 * * 1", zone="Europe/Berlin")
    engine.schedule(changed)
    assert [schedule for schedule in engine.schedules() if schedule.name == name] == [changed]
    engine.unschedule(name)
    assert all(schedule.name != name for schedule in engine.schedules())


def test_missed_due_times_are_made_up_for_by_the_latest_alone():
    hourly = Schedule("hourly", "one step", every_seconds=3600)
    at = 1_800_000_000.0
    assert at - 3600 < hourly.last_due(at) <= at
    assert hourly.next_due(at) == hourly.last_due(at) + 3600
    assert hourly.last_due(hourly.last_due(at)) == hourly.last_due(at)


def test_cron_keeps_the_hour_of_its_zone_through_a_change_of_the_clocks():
    daily = Schedule("daily", "one step", cron="0 9 * * *", zone="Europe/Berlin")
    berlin = ZoneInfo("Europe/Berlin")
    saturday = datetime(2026, 3, 28, 12, tzinfo=berlin).timestamp()
    sunday = datetime(2026, 3, 29, 9, tzinfo=berlin).timestamp()
    assert daily.next_due(saturday) == sunday
    assert daily.last_due(sunday) == sunday
    assert daily.last_due(sunday - 1) == datetime(2026, 3, 28, 9, tzinfo=berlin).timestamp()


def test_a_schedule_that_means_nothing_is_refused():
    for nonsense in ({}, {"cron": "61 * * * *"}, {"every_seconds": 0}, {"cron": "* * * * *", "every_seconds": 5}):
        with pytest.raises(ValueError, match=r".+"):
            Schedule("nonsense", "one step", **nonsense)
