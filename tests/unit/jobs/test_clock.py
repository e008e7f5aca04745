"""What starts when."""

import threading
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from cuprum.jobs import Schedule, State

from .examples import effects, gates


def test_an_interval_starts_a_run_for_each_due_time_once(engine, name):
    schedule = Schedule(name, "one step", [name], every_seconds=1)
    engine.schedule(schedule)
    engine.schedule(schedule)
    began = time.monotonic()
    while effects[name] < 2:
        time.sleep(0.02)
    took = time.monotonic() - began
    engine.unschedule(name)
    time.sleep(0.1)
    assert took > 1.0 - 0.1
    runs = engine.runs(id_prefix=f"{name}@")
    assert len(runs) == effects[name]
    assert all(run.state is State.DONE for run in runs)


def test_a_due_time_is_skipped_while_the_run_before_is_open(engine, name):
    gates[name] = threading.Event()
    engine.schedule(Schedule(name, "waits at a gate", [name], every_seconds=1))
    time.sleep(2.2)
    engine.unschedule(name)
    assert len(engine.runs(id_prefix=f"{name}@")) == 1
    gates[name].set()


def test_a_run_may_be_told_its_due_time(engine, name):
    engine.schedule(Schedule(name, "one step", [], every_seconds=1, tells_time=True))
    while not engine.runs(id_prefix=f"{name}@"):
        time.sleep(0.05)
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
