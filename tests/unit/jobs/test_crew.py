"""The threads that run workflows."""

import threading

import pytest

from cuprum.jobs import crew as room
from cuprum.jobs.crew import Crew
from patience import PATIENCE_SECONDS, wait_until


def test_a_task_never_waits_behind_one_that_sleeps():
    crew, gate = Crew(lambda args: None), threading.Event()
    sleepers = [crew.submit(gate.wait, 2 * PATIENCE_SECONDS) for _ in range(20)]
    assert crew.submit(lambda: "done").result(PATIENCE_SECONDS) == "done"
    gate.set()
    assert all(sleeper.result(PATIENCE_SECONDS) for sleeper in sleepers)


def test_threads_are_used_again_and_leave_when_idle(monkeypatch):
    crew = Crew(lambda args: None)

    def thread():
        found = crew.submit(threading.current_thread).result(PATIENCE_SECONDS)
        wait_until(lambda: crew._idle)
        return found

    first = thread()
    assert {thread() for _ in range(50)} == {first}
    monkeypatch.setattr(room, "_IDLE_SECONDS", 0.1)
    assert thread() is first
    wait_until(lambda: not first.is_alive())
    assert crew.submit(lambda: "again").result(PATIENCE_SECONDS) == "again"


def test_an_error_goes_to_the_future_and_the_end_is_told():
    ended = []
    crew = Crew(ended.append)

    def stumble(word):
        raise KeyError(word)

    with pytest.raises(KeyError, match="oh"):
        crew.submit(stumble, "oh").result(PATIENCE_SECONDS)
    wait_until(lambda: ended)
    assert ended == [("oh",)]


def test_nothing_is_taken_after_the_end():
    crew = Crew(lambda args: None)
    crew.shutdown()
    with pytest.raises(RuntimeError):
        crew.submit(print)
