"""Python programs in processes of their own, forked from one that has loaded the product: a start costs no imports.

Each is a process like any other, to be killed, stopped and waited for. What a start itself loads is tested where it is started anew.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from functools import cache
from multiprocessing.context import ForkServerContext
from multiprocessing.forkserver import ensure_running
from multiprocessing.reduction import DupFd
from typing import IO, Any
from unittest import mock

PIPE = subprocess.PIPE
_STREAMS = ("stdin", "stdout", "stderr")


class Python:
    """`python ARGUMENTS`, with those parts of `subprocess.Popen` that tests use; text goes through its pipes."""

    def __init__(self, *arguments: str, env: dict[str, str], stdin: Any = None, stdout: Any = None, stderr: Any = None) -> None:
        self.stdin: IO[str] | None = None
        self.stdout: IO[str] | None = None
        self.stderr: IO[str] | None = None
        theirs = [self._end_of(name, given) for name, given in zip(_STREAMS, (stdin, stdout, stderr), strict=True)]
        self._process = _server().Process(target=_become, args=(arguments, env, [_Handed(fd) for fd in theirs]), daemon=True)
        self._process.start()
        for fd, given in zip(theirs, (stdin, stdout, stderr), strict=True):
            if given == PIPE and fd is not None:
                os.close(fd)
        self.pid: int = self._process.pid or 0

    def _end_of(self, name: str, given: Any) -> int | None:
        """The process's end of a stream; the other end of a pipe is kept."""
        if given != PIPE:
            return given if given is None else given.fileno()
        reading, writing = os.pipe()
        own, theirs = (writing, reading) if name == "stdin" else (reading, writing)
        setattr(self, name, os.fdopen(own, "w" if name == "stdin" else "r", encoding="utf-8"))
        return theirs

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("python", timeout or 0)
        return self._process.exitcode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """All that it says until it ends."""
        if self.stdin:
            self.stdin.close()
        said = {"stdout": "", "stderr": ""}

        def read(name: str) -> None:
            if stream := getattr(self, name):
                said[name] = stream.read()
                stream.close()

        reading = [threading.Thread(target=read, args=(name,), daemon=True) for name in said]
        for one in reading:
            one.start()
        self.wait(timeout)
        for one in reading:
            one.join()
        return said["stdout"], said["stderr"]

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class _Handed:
    """A stream on its way into the new process: a number there, or None for what it has anyway."""

    def __init__(self, fd: int | None) -> None:
        self._fd = fd

    def __reduce__(self) -> tuple[Any, ...]:
        # Only while a process is being started may it be handed anything.
        return _taken, (None if self._fd is None else DupFd(self._fd),)


def _taken(handed: Any) -> int | None:
    return None if handed is None else handed.detach()


def run(*arguments: str, env: dict[str, str], timeout: float | None = None) -> subprocess.CompletedProcess[str]:
    """Such a program from its start to its end."""
    process = Python(*arguments, env=env, stdout=PIPE, stderr=PIPE)
    try:
        out, err = process.communicate(timeout)
    finally:
        process.kill()
    return subprocess.CompletedProcess(arguments, process.wait(), out, err)


@cache
def _server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["loaded"])
    with mock.patch.dict(os.environ, {"PYTHONPATH": os.pathsep.join(sys.path)}):
        ensure_running()
    return context


def _become(arguments: Sequence[str], env: dict[str, str], streams: Sequence[int | None]) -> None:
    """In the new process: be what `python ARGUMENTS` would be."""
    for number, fd in enumerate(streams):
        if fd is not None:
            os.dup2(fd, number)
            os.close(fd)
    # As a new interpreter has them: whole blocks go into a pipe unless somebody flushes.
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    sys.orig_argv = [sys.executable, *arguments]
    how, *rest = arguments
    if how == "-m":
        sys.argv = rest
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    elif how == "-c":
        sys.argv = ["-c", *rest[1:]]
        exec(compile(rest[0], "<string>", "exec"), {"__name__": "__main__"})
    else:
        sys.argv = [how, *rest]
        runpy.run_path(how, run_name="__main__")
