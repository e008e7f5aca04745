"""What a workflow's body may do."""

import threading
import time

import pytest

from cuprum import jobs
from cuprum.jobs import State
from patience import PATIENCE_SECONDS, done_within, wait_until

from . import examples
from .examples import effects, gates


def test_each_step_runs_once_and_is_recorded_with_its_result(engine, name):
    engine.start(examples.two_steps, name, name)
    assert engine.wait(name, PATIENCE_SECONDS).output == [f"{name}/one", f"{name}/two"]
    assert [(step.number, step.name, step.output) for step in engine.steps(name)] == [
        (1, "effect", f"{name}/one"),
        (2, "effect", f"{name}/two"),
    ]
    assert effects[f"{name}/one"] == effects[f"{name}/two"] == 1


def test_the_first_execution_sees_a_result_as_a_replay_would(engine, name):
    engine.start(examples.shapes, name)
    assert engine.wait(name, PATIENCE_SECONDS).output == ["list"]


def test_a_step_is_tried_again_as_its_backoff_says(engine, name):
    engine.start(examples.flaky, name, name, 2, 5)
    assert engine.wait(name, PATIENCE_SECONDS).output == name
    attempts = [step for step in engine.steps(name) if step.name == "fail_until"]
    assert [step.failure and step.failure.code for step in attempts] == [503, 503, None]
    assert [step.again_in_seconds is not None for step in attempts] == [True, True, False]


def test_a_run_whose_step_gives_up_fails_with_the_kind_code_and_data_of_the_error(engine, name):
    engine.start(examples.flaky, name, name, 9, 2)
    info = engine.wait(name, PATIENCE_SECONDS)
    assert info.state is State.FAILED
    assert info.failure == jobs.Failure("Flaky", "refused with 503", 503, {"asked": True})
    assert effects[name] == 2


def test_a_caught_error_reads_the_same_when_it_is_replayed(engine, name):
    engine.start(examples.catches, name, name)
    wait_until(lambda: len(engine.steps(name)) >= 2)
    engine.cancel(name)
    engine.resume(name)
    engine.send(name, "go on", True)
    assert engine.wait(name, PATIENCE_SECONDS).output == {"kind": "Flaky", "code": 503, "data": {"asked": True}}
    assert effects[name] == 1


def test_a_long_sleep_is_parked_without_a_thread_and_goes_on_by_itself(engine, name):
    before = threading.active_count()
    for place in range(10):
        engine.start(examples.sleeps, f"{name}/long/{place}", name, 3600)
    wait_until(lambda: all(engine.state(f"{name}/long/{place}") is State.DELAYED for place in range(10)))
    # The threads that ran the beginnings are idle now and shared; none is asleep in a workflow.
    wait_until(lambda: engine.transact.dbos._active_workflows_set.activeList() == [])
    assert threading.active_count() <= before + 10
    for place in range(10):
        engine.cancel(f"{name}/long/{place}")
    engine.start(examples.sleeps, name, f"{name}/own", 1.0)
    assert engine.wait(name, PATIENCE_SECONDS).state is State.DONE
    assert effects[f"{name}/own/before"] == effects[f"{name}/own/after"] == 1
    assert engine.get(name).attempts == 2


def test_a_short_sleep_stays_on_its_thread(engine, name):
    began = time.monotonic()
    engine.start(examples.sleeps, name, name, 0.2)
    engine.wait(name, PATIENCE_SECONDS)
    assert time.monotonic() - began >= 0.2
    assert engine.get(name).attempts == 1


def test_a_message_is_received_at_once_while_the_run_waits_on_its_thread(engine, name):
    def receive(run):
        engine.start(examples.listens, run, 3600)
        wait_until(lambda: engine.published(run, "asked") == {"for": "a word"})
        engine.send(run, "word", {"said": [1, 2]})
        assert engine.wait(run, PATIENCE_SECONDS).output == {"said": [1, 2]}

    assert done_within(2, lambda place: receive(f"{name}/{place}"))


def test_a_message_wakes_a_parked_run(engine, name):
    def wake(run):
        engine.start(examples.listens, run, 3600)
        wait_until(lambda: engine.state(run) is State.DELAYED)
        engine.send(run, "word", "late")
        assert engine.wait(run, PATIENCE_SECONDS).output == "late"

    assert done_within(3, lambda place: wake(f"{name}/{place}"))


def test_a_message_that_comes_before_the_run_listens_is_kept(engine, name):
    gates[name] = threading.Event()
    engine.start(examples.gate, f"{name}/before", name, queue="one at a time")
    wait_until(lambda: effects[name])
    engine.start(examples.listens, name, PATIENCE_SECONDS, queue="one at a time")
    engine.send(name, "word", "early")
    assert engine.state(name) is State.QUEUED
    gates[name].set()
    assert engine.wait(name, PATIENCE_SECONDS).output == "early"


def test_messages_come_in_the_order_in_which_they_were_sent(engine, name):
    engine.start(examples.hears_all, name, 12, queue="plain", delay_seconds=0.3)
    for number in range(12):
        engine.send(name, "word", number)
        time.sleep(0.002)
    assert engine.wait(name, PATIENCE_SECONDS).output == list(range(12))


def test_a_message_with_an_id_is_sent_once(engine, name):
    engine.start(examples.listens, name, PATIENCE_SECONDS, queue="plain", delay_seconds=0.5)
    for _ in range(2):
        engine.send(name, "word", "once", message_id=name)
    assert engine.wait(name, PATIENCE_SECONDS).output == "once"


def test_nobody_speaking_in_time_is_none(engine, name):
    engine.start(examples.listens, name, 0.1)
    assert engine.wait(name, PATIENCE_SECONDS).output is None


def test_a_parent_collects_its_children(engine, name):
    engine.start(examples.parent, name, [f"{name}/a", f"{name}/b"])
    assert engine.wait(name, PATIENCE_SECONDS).output == [f"{name}/a", f"{name}/b"]
    assert {info.id for info in engine.runs(parent_id=name)} == {f"{name}/0", f"{name}/1"}


def test_a_parent_hears_why_its_child_failed(engine, name):
    engine.start(examples.parent_of_failure, name, name)
    assert engine.wait(name, PATIENCE_SECONDS).output == "Flaky: refused with 503"


def test_a_run_started_inside_a_step_is_nobodys_child(engine, name):
    engine.start(examples.starts_inside, name, name)
    assert engine.wait(name, PATIENCE_SECONDS).output == f"{name}/other"
    assert engine.wait(f"{name}/other", PATIENCE_SECONDS).parent_id is None
    assert [step.name for step in engine.steps(name)] == ["start"]


def test_the_body_of_a_workflow_can_be_called_with_a_run_of_ones_own():
    class Fake:
        def step(self, function, *args, **options):
            return function(*args)

    with pytest.raises(examples.Flaky):
        examples.flaky(Fake(), "fake", 1, 1)
