"""The threads that run workflows: daemons, because a stuck step must not keep a process from ending."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

T = TypeVar("T")
_IDLE_SECONDS = 30.0


class Crew(Executor):
    """As many threads as there is work; a thread that found none for 30 s goes home. `after` hears of each end."""

    def __init__(self, after: Callable[[tuple[Any, ...]], None]) -> None:
        self._after = after
        self._work: queue.SimpleQueue[tuple[Future[Any], Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = (
            queue.SimpleQueue()
        )
        self._lock = threading.Lock()
        self._idle = 0
        self._closed = False

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the engine has stopped")
            self._work.put((future, fn, args, kwargs))
            # Each idle thread is promised to one task, so a burst never waits behind a sleeping workflow.
            if self._idle:
                self._idle -= 1
            else:
                threading.Thread(target=self._serve, name="jobs-worker", daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        with self._lock:
            self._closed = True

    def _serve(self) -> None:
        while True:
            try:
                future, fn, args, kwargs = self._work.get(timeout=_IDLE_SECONDS)
            except queue.Empty:
                with self._lock:
                    # A task may have been promised to this thread in the moment it gave up.
                    if self._work.empty():
                        self._idle -= 1
                        return
                continue
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:
                future.set_exception(error)
            self._after(args)
            del future, fn, args, kwargs
            with self._lock:
                self._idle += 1
