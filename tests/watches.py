"""`cuprum watch` in a process of its own, and what it has printed so far."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import forked
from homes import CUPRUM
from patience import PATIENCE_SECONDS, wait_until


class Watch:
    """`lines` grows as they come; `told` is its standard error."""

    def __init__(self, environment: dict[str, str], *arguments: str) -> None:
        self.process = forked.Python(*CUPRUM, "watch", *arguments, env=environment, stdout=forked.PIPE, stderr=forked.PIPE)
        self.lines: list[dict[str, Any]] = []
        self.told = ""
        self._threads = [threading.Thread(target=read, daemon=True) for read in (self._read_lines, self._read_told)]
        for thread in self._threads:
            thread.start()

    def _read_lines(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(json.loads(line))

    def _read_told(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.told += line

    def ready(self) -> Watch:
        wait_until(lambda: "Watching" in self.told or self.process.poll() is not None)
        assert self.process.poll() is None, self.told
        return self

    def until(self, count: int) -> list[dict[str, Any]]:
        """Its lines, once there are so many."""
        wait_until(lambda: len(self.lines) >= count or self.process.poll() is not None)
        assert len(self.lines) >= count, self.told
        return self.lines

    def end(self, sig: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(sig)
        code = self.process.wait(PATIENCE_SECONDS)
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)
        return code

    def code(self) -> int:
        """How it ended by itself."""
        code = self.process.wait(PATIENCE_SECONDS)
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)
        return code


@contextmanager
def watching(environment: dict[str, str], *arguments: str) -> Iterator[Watch]:
    one = Watch(environment, *arguments)
    try:
        yield one
    finally:
        if one.process.poll() is None:
            one.end(signal.SIGKILL)
