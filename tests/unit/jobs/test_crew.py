"""The threads that run workflows."""

import threading
import time

import pytest

from cuprum.jobs import crew as room
from cuprum.jobs.crew import Crew


def test_a_task_never_waits_behind_one_that_sleeps():
    crew, gate = Crew(lambda args: None), threading.Event()
    sleepers = [crew.submit(gate.wait, 10) for _ in range(20)]
    assert crew.submit(lambda: "done").result(2) == "done"
    gate.set()
    assert all(sleeper.result(2) for sleeper in sleepers)


def test_threads_are_used_again_and_leave_when_idle(monkeypatch):
    monkeypatch.setattr(room, "_IDLE_SECONDS", 0.1)
    crew, names = Crew(lambda args: None), set()
    for _ in range(50):
        crew.submit(lambda: names.add(threading.get_ident())).result(2)
        time.sleep(0.001)
    assert len(names) < 10
    time.sleep(0.5)
    assert not any(thread.ident in names for thread in threading.enumerate())
    assert crew.submit(lambda: "again").result(2) == "again"


def test_an_error_goes_to_the_future_and_the_end_is_told():
    ended = []
    crew = Crew(ended.append)

    def stumble(word):
        raise KeyError(word)

    with pytest.raises(KeyError, match="oh"):
        crew.submit(stumble, "oh").result(2)
    crew.submit(lambda: None).result(2)
    assert ended[0] == ("oh",)


def test_nothing_is_taken_after_the_end():
    crew = Crew(lambda args: None)
    crew.shutdown()
    with pytest.raises(RuntimeError):
        crew.submit(print)
