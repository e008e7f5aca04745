"""Starting, looking, steering and tidying."""

import threading
import time
from datetime import timedelta

import pytest

from cuprum import jobs
from cuprum.jobs import State
from patience import PATIENCE_SECONDS, wait_until

from . import examples
from .examples import effects, gates


def test_the_same_id_starts_once_however_many_ask_for_it(engine, name):
    threads = [threading.Thread(target=engine.start, args=(examples.one_step, name, name)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert engine.wait(name, PATIENCE_SECONDS).state is State.DONE
    engine.start(examples.one_step, name, name)
    engine.start(examples.one_step, name, name, queue="plain")
    time.sleep(0.2)
    assert effects[name] == 1


def test_a_start_is_picked_up_without_waiting_for_the_next_look(engine, name):
    for queue in (None, "plain"):
        times = []
        for place in range(12):
            began = time.monotonic()
            engine.start(examples.one_step, f"{name}/{queue}/{place}", f"{name}/{queue}/{place}", queue=queue)
            engine.wait(f"{name}/{queue}/{place}", PATIENCE_SECONDS)
            times.append(time.monotonic() - began)
        # The quicker third: a busy machine delays some, polling once a second would delay nearly all.
        assert sorted(times)[3] < 0.6, f"{queue}: {times}"


def test_what_is_unique_in_a_queue_waits_for_the_one_before(engine, name):
    gates[name] = threading.Event()
    assert engine.start(examples.gate, f"{name}/1", name, queue="plain", unique=name) == f"{name}/1"
    assert engine.start(examples.gate, f"{name}/2", name, queue="plain", unique=name) == f"{name}/1"
    gates[name].set()
    engine.wait(f"{name}/1", PATIENCE_SECONDS)
    assert engine.start(examples.gate, f"{name}/3", name, queue="plain", unique=name) == f"{name}/3"
    assert engine.wait(f"{name}/3", PATIENCE_SECONDS).state is State.DONE
    with pytest.raises(jobs.NoSuchRun):
        engine.get(f"{name}/2")


def test_large_payloads_come_back_whole(engine, name):
    text = "ü" * 2_000_000
    engine.start(examples.one_step, name, text)
    assert engine.wait(name, PATIENCE_SECONDS).output == text
    assert engine.get(name).args == [text]


def test_arguments_that_json_cannot_hold_are_refused_at_the_start(engine, name):
    with pytest.raises(TypeError):
        engine.start(examples.one_step, name, object())
    with pytest.raises(jobs.NoSuchRun):
        engine.get(name)


def test_a_start_that_does_not_fit_its_queue_is_refused(engine, name):
    with pytest.raises(ValueError, match="needs partitions"):
        engine.start(examples.one_step, name, name, queue="by target")
    with pytest.raises(ValueError, match="has no partitions"):
        engine.start(examples.one_step, name, name, queue="plain", partition="a")
    with pytest.raises(ValueError, match="belong to a queue"):
        engine.start(examples.one_step, name, name, unique="a")
    with pytest.raises(ValueError, match="was declared"):
        engine.start("nobody wrote this", name)


def test_runs_are_listed_newest_first_by_workflow_state_and_prefix(engine, name):
    for place in ("a", "b"):
        engine.start(examples.one_step, f"{name}/{place}", place)
        engine.wait(f"{name}/{place}", PATIENCE_SECONDS)
        time.sleep(0.01)
    found = engine.runs(id_prefix=name, workflow="one step", states=[State.DONE])
    assert [info.id for info in found] == [f"{name}/b", f"{name}/a"]
    assert engine.runs(id_prefix=name, states=[State.FAILED]) == []
    assert engine.runs(id_prefix=name, with_payload=True, limit=1)[0].args == ["b"]


def test_a_cancelled_run_stops_before_its_next_step_and_can_be_resumed(engine, name):
    gates[name] = threading.Event()
    engine.start(examples.gate, name, name)
    wait_until(lambda: effects[name])
    engine.cancel(name)
    gates[name].set()
    assert engine.wait(name, PATIENCE_SECONDS).state is State.CANCELLED
    wait_until(lambda: name not in engine.transact.dbos._active_workflows_set.activeList())
    assert effects[f"{name}/passed"] == 0
    engine.resume(name)
    assert engine.wait(name, PATIENCE_SECONDS).state is State.DONE
    assert effects[f"{name}/passed"] == 1


def test_a_failed_run_is_retried_from_the_step_that_failed(engine, name):
    engine.start(examples.flaky, name, name, 1, 1)
    assert engine.wait(name, PATIENCE_SECONDS).state is State.FAILED
    engine.retry(name)
    assert engine.wait(name, PATIENCE_SECONDS).output == name
    assert effects[name] == 2


def test_a_fork_keeps_the_checkpoints_before_its_step_and_leaves_the_original(engine, name):
    engine.start(examples.two_steps, name, name)
    engine.wait(name, PATIENCE_SECONDS)
    for _ in range(2):
        engine.fork(name, f"{name}/fork", from_step=2)
    assert engine.wait(f"{name}/fork", PATIENCE_SECONDS).output == [f"{name}/one", f"{name}/two"]
    assert engine.get(f"{name}/fork").forked_from == name
    assert effects[f"{name}/one"] == 1
    assert effects[f"{name}/two"] == 2


def test_garbage_collection_forgets_what_finished_and_nothing_else(engine, name):
    gates[name] = threading.Event()
    engine.start(examples.one_step, f"{name}/done", name)
    engine.wait(f"{name}/done", PATIENCE_SECONDS)
    engine.start(examples.gate, f"{name}/open", name)
    assert engine.collect_garbage(older_than=timedelta(days=1)) == 0
    time.sleep(0.05)
    assert engine.collect_garbage(older_than=timedelta(0), chunk=7) >= 1
    with pytest.raises(jobs.NoSuchRun):
        engine.get(f"{name}/done")
    assert engine.steps(f"{name}/done") == []
    assert engine.get(f"{name}/open").state is State.RUNNING
    gates[name].set()
    engine.wait(f"{name}/open", PATIENCE_SECONDS)


def test_steering_a_run_that_nobody_knows_is_refused(engine):
    for verb in (engine.get, engine.cancel, engine.resume, engine.retry, engine.wait):
        with pytest.raises(jobs.NoSuchRun, match="no such id"):
            verb("no such id")
    with pytest.raises(jobs.NoSuchRun):
        engine.send("no such id", "word", 1)


def test_waiting_longer_than_one_wants_is_a_timeout(engine, name):
    engine.start(examples.listens, name, 3600)
    with pytest.raises(TimeoutError):
        engine.wait(name, 0.1)
    engine.cancel(name)


def test_two_workflows_of_one_name_are_refused():
    twice = jobs.Workflow("twice", lambda run: None)
    with pytest.raises(ValueError, match="twice"):
        jobs.Engine(None, [twice, twice], [])
