"""The lease of a node: it beats while it lives, and takes over the runs of nodes that stopped beating."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable

import sqlalchemy as sa

from cuprum.jobs.identity import Identity
from cuprum.jobs.tables import node, now

log = logging.getLogger("cuprum.jobs")


class Lease:
    """One row in `cuprum_node`; whoever has none that is fresh counts as dead, and so do its runs' executor ids."""

    def __init__(
        self,
        database: sa.Engine,
        identity: Identity,
        executor_id: str,
        *,
        listens: bool,
        beat_seconds: float,
        lease_seconds: float,
        take_over: Callable[[sa.Select[tuple[str]]], None],
        lost: Callable[[], None],
    ) -> None:
        self._database = database
        self._identity = identity
        self._executor_id = executor_id
        self._listens = listens
        self._beat_seconds = beat_seconds
        self._lease_seconds = lease_seconds
        self._take_over = take_over
        self._lost = lost
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._live, name="jobs-lease", daemon=True)

    def enter(self, wait_seconds: float) -> None:
        """Lock the id and appear among the living, before the engine touches any run of that id."""
        self._identity.acquire(wait_seconds)
        try:
            self._beat()
        except BaseException:
            self._identity.release()
            raise

    def start(self) -> None:
        self._thread.start()

    def leave(self, *, work_left: bool) -> None:
        """Stop beating. With work left in this process, its row stays until it is stale and its lock until the process
        ends, so that nobody begins the same step beside it."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        if work_left:
            return
        try:
            with self._database.begin() as connection:
                connection.execute(sa.delete(node).where(node.c.executor_id == self._executor_id))
        except sa.exc.DBAPIError as trouble:
            log.warning("the node's row stays until its lease is over: %s", trouble.orig)
        self._identity.release()

    def living(self) -> sa.Select[tuple[str]]:
        fresh = now(self._database) - self._lease_seconds
        return sa.select(node.c.executor_id).where(node.c.beat_at > fresh)

    def _live(self) -> None:
        last_beat = time.monotonic()
        may_judge_at = 0.0
        while not self._stop.wait(self._beat_seconds):
            try:
                if not self._identity.still_held():
                    if time.monotonic() - last_beat > self._lease_seconds:
                        log.error("the lock on executor id %s is lost; this node stops working", self._executor_id)
                        self._lost()
                        return
                    continue
                self._beat()
                woke_at, silence = time.monotonic(), time.monotonic() - last_beat
                last_beat = woke_at
                if silence > self._lease_seconds:
                    # A machine that slept finds every row stale; the others need a moment to beat again.
                    may_judge_at = woke_at + self._lease_seconds
                if self._listens and woke_at >= may_judge_at:
                    self._take_over(self.living())
            except sa.exc.DBAPIError as trouble:
                log.warning("no heartbeat: %s", trouble.orig)

    def _beat(self) -> None:
        values = {
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "listens": self._listens,
            "beat_at": now(self._database),
        }
        with self._database.begin() as connection:
            beaten = connection.execute(
                sa.update(node).where(node.c.executor_id == self._executor_id).values(beat_at=values["beat_at"])
            )
            if beaten.rowcount == 0:
                connection.execute(
                    sa.insert(node).values(executor_id=self._executor_id, started_at=now(self._database), **values)
                )
