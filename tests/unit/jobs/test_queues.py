"""How much a queue lets through."""

import threading
import time

from cuprum.jobs import State

from . import examples
from .examples import effects, gates, moments


def test_a_queue_of_one_runs_one_at_a_time(engine, name):
    for place in ("a", "b"):
        gates[f"{name}-{place}"] = threading.Event()
        engine.start(examples.gate, f"{name}/{place}", f"{name}-{place}", queue="one at a time")
    while not effects[f"{name}-a"]:
        time.sleep(0.01)
    time.sleep(0.3)
    assert effects[f"{name}-b"] == 0
    assert engine.state(f"{name}/b") is State.QUEUED
    gates[f"{name}-b"].set()
    gates[f"{name}-a"].set()
    assert engine.wait(f"{name}/b", 10).state is State.DONE


def test_a_lower_priority_number_goes_first(engine, name):
    gates[name] = threading.Event()
    engine.start(examples.gate, f"{name}/gate", name, queue="one at a time")
    while not effects[name]:
        time.sleep(0.01)
    engine.start(examples.one_step, f"{name}/later", f"{name}-order/later", queue="one at a time", priority=9)
    engine.start(examples.one_step, f"{name}/sooner", f"{name}-order/sooner", queue="one at a time", priority=1)
    gates[name].set()
    later, sooner = engine.wait(f"{name}/later", 10), engine.wait(f"{name}/sooner", 10)
    assert later.state is sooner.state is State.DONE
    first, second = (step.started_at for run in ("sooner", "later") for step in engine.steps(f"{name}/{run}"))
    assert first < second


def test_what_is_queued_first_goes_first(engine, name):
    for place in range(20):
        engine.start(examples.one_step, f"{name}/{place}", f"{name}/{place}", queue="one at a time")
    began = []
    for place in range(20):
        engine.wait(f"{name}/{place}", 20)
        began.append(engine.steps(f"{name}/{place}")[0].started_at)
    assert began == sorted(began)


def test_each_partition_has_its_own_rate(engine, name):
    """Two starts a second for each target: the third of a busy target waits, a quiet target does not."""
    began = time.monotonic()
    for place in range(3):
        engine.start(examples.one_step, f"{name}/busy/{place}", f"{name}busy/{place}", queue="by target", partition=f"{name}busy")
    engine.start(examples.one_step, f"{name}/quiet", f"{name}quiet/0", queue="by target", partition=f"{name}quiet")
    for run in ("busy/0", "busy/1", "busy/2", "quiet"):
        engine.wait(f"{name}/{run}", 10)
    busy = [moment - began for moment in moments[f"{name}busy"]]
    assert busy[2] > 0.9
    assert moments[f"{name}quiet"][0] - began < busy[2]


def test_a_delayed_start_waits_for_its_time(engine, name):
    began = time.monotonic()
    engine.start(examples.one_step, name, name, delay_seconds=0.5)
    assert engine.state(name) is State.DELAYED
    engine.wait(name, 10)
    assert time.monotonic() - began >= 0.5
