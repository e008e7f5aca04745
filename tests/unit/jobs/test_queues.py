"""How much a queue lets through."""

import threading
import time

from cuprum.jobs import State
from patience import PATIENCE_SECONDS, wait_until

from . import examples
from .examples import effects, gates, moments


def test_a_queue_of_one_runs_one_at_a_time(engine, name):
    for place in ("a", "b"):
        gates[f"{name}-{place}"] = threading.Event()
        engine.start(examples.gate, f"{name}/{place}", f"{name}-{place}", queue="one at a time")
    wait_until(lambda: effects[f"{name}-a"])
    time.sleep(0.3)
    assert effects[f"{name}-b"] == 0
    assert engine.state(f"{name}/b") is State.QUEUED
    gates[f"{name}-b"].set()
    gates[f"{name}-a"].set()
    assert engine.wait(f"{name}/b", PATIENCE_SECONDS).state is State.DONE


def test_a_lower_priority_number_goes_first(engine, name):
    gates[name] = threading.Event()
    engine.start(examples.gate, f"{name}/gate", name, queue="one at a time")
    wait_until(lambda: effects[name])
    engine.start(examples.one_step, f"{name}/later", f"{name}-order/later", queue="one at a time", priority=9)
    engine.start(examples.one_step, f"{name}/sooner", f"{name}-order/sooner", queue="one at a time", priority=1)
    gates[name].set()
    later, sooner = engine.wait(f"{name}/later", PATIENCE_SECONDS), engine.wait(f"{name}/sooner", PATIENCE_SECONDS)
    assert later.state is sooner.state is State.DONE
    first, second = (step.started_at for run in ("sooner", "later") for step in engine.steps(f"{name}/{run}"))
    assert first < second


def test_what_is_queued_first_goes_first(engine, name):
    for place in range(20):
        engine.start(examples.one_step, f"{name}/{place}", f"{name}/{place}", queue="one at a time")
        # Their order is kept by the millisecond.
        time.sleep(0.002)
    began = []
    for place in range(20):
        engine.wait(f"{name}/{place}", PATIENCE_SECONDS)
        began.append(engine.steps(f"{name}/{place}")[0].started_at)
    assert began == sorted(began)


def test_what_is_over_the_rate_of_its_partition_waits(engine, name):
    """Two starts a second: the third waits."""
    began = time.monotonic()
    for place in range(3):
        engine.start(examples.one_step, f"{name}/{place}", f"{name}/{place}", queue="by target", partition=name)
    for place in range(3):
        engine.wait(f"{name}/{place}", PATIENCE_SECONDS)
    assert max(moments[name]) - began > 0.9


def test_a_quiet_partition_does_not_wait_for_a_busy_one(engine, name):
    queued = {"queue": "seldom by target"}
    for place in range(2):
        engine.start(examples.one_step, f"{name}/busy/{place}", name, partition=f"{name}busy", **queued)
        engine.wait(f"{name}/busy/{place}", PATIENCE_SECONDS)
    engine.start(examples.one_step, f"{name}/busy/2", name, partition=f"{name}busy", **queued)
    engine.start(examples.one_step, f"{name}/quiet", name, partition=f"{name}quiet", **queued)
    assert engine.wait(f"{name}/quiet", PATIENCE_SECONDS).state is State.DONE
    assert engine.state(f"{name}/busy/2") is State.QUEUED
    engine.cancel(f"{name}/busy/2")


def test_a_delayed_start_waits_for_its_time(engine, name):
    began = time.monotonic()
    engine.start(examples.one_step, name, name, delay_seconds=0.5)
    engine.wait(name, PATIENCE_SECONDS)
    assert time.monotonic() - began >= 0.5
    engine.start(examples.one_step, f"{name}/later", name, delay_seconds=3600)
    assert engine.state(f"{name}/later") is State.DELAYED
    engine.cancel(f"{name}/later")
