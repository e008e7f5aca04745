"""Clients of connections that are polled, each kept for a minute: making one reads every certificate authority there is."""

from __future__ import annotations

import threading
import time

from cuprum.automation.budget import POLL, Lane
from cuprum.automation.connections import Connections
from cuprum.connector import Copper

# A client knows its token: not for long, since tokens are refreshed when a connection is opened.
KEPT_SECONDS = 60.0


class Clients:
    """One for a process. A request that fails is not tried again at once: the poller waits for all of them."""

    def __init__(self, connections: Connections) -> None:
        self.connections = connections
        self._kept: dict[tuple[str, Lane], tuple[float, str, Copper]] = {}
        self._lock = threading.Lock()

    def get(self, name: str, lane: Lane = POLL) -> Copper:
        """Raises NotFound, and CopperError when a token cannot be refreshed."""
        edition = self.connections.one(name).edition
        with self._lock:
            opened_at, known, client = self._kept.get((name, lane), (0.0, "", None))
            if client is None or known != edition or time.monotonic() - opened_at > KEPT_SECONDS:
                # The former one may be in use in another thread; it ends with its last user.
                client = self.connections.open(name, attempts=1, lane=lane)
                self._kept[name, lane] = (time.monotonic(), self.connections.one(name).edition, client)
            return client

    def close(self) -> None:
        for _, _, client in self._kept.values():
            client.close()
        self._kept.clear()
