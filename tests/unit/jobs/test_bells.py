"""Bells that wake a queue's thread."""

import threading
import time

from cuprum.jobs.bells import Bells


def waited(stop):
    began = time.monotonic()
    return stop.wait(0.0001), time.monotonic() - began


def test_a_ring_ends_the_sleep_and_is_remembered_until_somebody_looked():
    bells, stop = Bells(), threading.Event()
    bells.ring("deliveries")
    is_stopped, seconds = waited(bells.stop_event("deliveries", stop, sleeps_seconds=60))
    assert not is_stopped
    assert seconds < 60
    assert waited(bells.stop_event("deliveries", stop, sleeps_seconds=0.2))[1] >= 0.2


def test_a_ring_is_for_one_queue_and_ring_all_for_each():
    bells, stop = Bells(), threading.Event()
    bells.ring("imports")
    assert waited(bells.stop_event("deliveries", stop, sleeps_seconds=0.2))[1] >= 0.2
    bells.ring_all()
    assert waited(bells.stop_event("deliveries", stop, sleeps_seconds=60))[1] < 60


def test_a_stop_is_seen_at_once():
    bells, stop = Bells(), threading.Event()
    sleeper = bells.stop_event("deliveries", stop, sleeps_seconds=60)
    threading.Timer(0.1, lambda: (stop.set(), bells.ring_all())).start()
    is_stopped, seconds = waited(sleeper)
    assert is_stopped
    assert seconds < 60
    assert waited(sleeper)[0]
