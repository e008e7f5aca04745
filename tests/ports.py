"""Ports that nobody else takes: for a server that is about to start, or that is down for a while."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from itertools import count

# Below those that the kernel gives to whoever asks for any, two thousand for each process of a run. Another run begins elsewhere.
_MANY = 2_000
_FIRST = 10_000 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 10 * _MANY
_numbers = count(os.getpid())


def free_port() -> int:
    for _ in range(_MANY):
        port = _FIRST + next(_numbers) % _MANY
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError(f"none of the ports from {_FIRST} on is free")
