"""Bells that wake a queue's thread when something was queued, instead of short polling."""

from __future__ import annotations

import threading


class Bells:
    """One bell a queue; rings are remembered until the queue's thread has looked."""

    def __init__(self) -> None:
        self._bells: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    def ring(self, queue: str) -> None:
        self._bell(queue).set()

    def ring_all(self) -> None:
        with self._lock:
            for bell in self._bells.values():
                bell.set()

    def stop_event(self, queue: str, stop: threading.Event, *, sleeps_seconds: float) -> StopOrBell:
        return StopOrBell(stop, self._bell(queue), sleeps_seconds)

    def _bell(self, queue: str) -> threading.Event:
        with self._lock:
            return self._bells.setdefault(queue, threading.Event())


class StopOrBell:
    """Stands in for the stop event on which a queue's thread sleeps between two looks; a ring ends the sleep early."""

    def __init__(self, stop: threading.Event, bell: threading.Event, sleeps_seconds: float) -> None:
        self._stop = stop
        self._bell = bell
        self._sleeps_seconds = sleeps_seconds

    def is_set(self) -> bool:
        return self._stop.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for a ring or the stop, in our time instead of the thread's; whether it is to stop."""
        if not self._stop.is_set() and self._bell.wait(self._sleeps_seconds):
            self._bell.clear()
        return self._stop.is_set()
