"""One `serve` on one SQLite home: it holds a lock for as long as it lives, and its process id stands in the file."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cuprum.kit.errors import Refused


@contextmanager
def only_server(home: Path) -> Iterator[None]:
    """Hold the lock; raises Refused while another server has it."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(home / "serve.lock", "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                f"Process {running_server(home)} serves {home} already. Stop it, or choose another folder with CUPRUM_HOME."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def running_server(home: Path) -> int | None:
    """The process id of the server on this home, if one lives."""
    try:
        with open(home / "serve.lock") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                written = file.read().strip()
                return int(written) if written.isdecimal() else None
    except FileNotFoundError:
        pass
    return None
