"""The requests that a connection may make: one bucket in the database for every process, and lanes in their order of haste.

A third of a minute's requests can go at once, and two thirds flow in within a minute: no sixty seconds ever see more than
the limit. A lane leaves a share of the bucket to those before it. Cuprum has no limits and is not counted.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import httpx2
from sqlalchemy import Connection, select, update

from cuprum.connector.exchange import retry_after
from cuprum.connector.polling.feed import ANNOUNCED_BY
from cuprum.storage import dialect
from cuprum.storage.connection_tables import request_budget as budgets
from cuprum.storage.database import Database

TOO_MANY = 429
PAUSE_SECONDS = 10.0
LARGEST_BLOCK = 10
# Whoever asks again so soon takes more at once the next time; what was not used by then goes back.
SOON_SECONDS = 2.0


@dataclass(frozen=True)
class Lane:
    """`leaves` is the share of the bucket that is kept for lanes before it; so long it waits before it gives up for now."""

    name: str
    leaves: float
    patience_seconds: float


USER = Lane("user", 0.0, 30.0)
ACTION = Lane("action", 0.1, 10.0)
HOOK = Lane("hook", 0.2, 0.0)
POLL = Lane("poll", 0.3, 0.0)
OPTIONS = Lane("options", 0.4, 10.0)
# What goes through a whole account, the first sweep and a census; bulk writes, which had better wait than end half-way.
IMPORT = Lane("import", 0.5, 0.0)
BULK = replace(IMPORT, patience_seconds=60.0)


class Budget:
    """What one client takes for its connection, of so many requests a minute (0: of any number); thread-safe."""

    def __init__(self, database: Database, connection_id: int, origin: str, a_minute: int, lane: Lane) -> None:
        self._database, self._id, self._origin, self.lane = database, connection_id, origin, lane
        self._a_minute = a_minute
        self._lock = threading.Lock()
        self._held, self._block, self._taken_at = 0, 1, 0.0
        self._is_limited: bool | None = None if a_minute else False

    @property
    def is_known(self) -> bool:
        """Whether somebody has asked the server already."""
        if self._is_limited is None:
            row = self._database.read_now(_row, self._id)
            self._is_limited = row.is_limited if row and row.origin == self._origin else None
        return self._is_limited is not None

    def learn(self, is_limited: bool) -> None:
        self._is_limited = is_limited
        self._database.write_now(_learn, self._id, self._origin, is_limited, self._most)

    def wait_seconds(self) -> float:
        """0 when a request may go now, for which it is counted; else how long there will be none."""
        with self._lock:
            if paused := self._database.read_now(_paused_seconds, self._id):
                return paused
            if self._is_limited is False:
                return 0.0
            is_soon = time.monotonic() - self._taken_at < SOON_SECONDS
            if self._held and is_soon:
                self._held -= 1
                return 0.0
            self._block = min(self._block * 2, LARGEST_BLOCK) if is_soon else 1
            returned, self._held = self._held, 0
            taken, seconds = self._database.write_now(_take, self._id, self._block, returned, self.lane, self._most, self._flow)
            self._held, self._taken_at = max(0, taken - 1), time.monotonic()
            return 0.0 if taken else seconds

    def pause(self, seconds: float | None) -> None:
        """The server said that it was too much: nobody asks for a while, and not all at once after it."""
        with self._lock:
            self._held = 0
            # One that was thought to know no limits does.
            self._is_limited = bool(self._a_minute)
        lasts = PAUSE_SECONDS if seconds is None else seconds
        until = int((time.time() + lasts + random.random() * min(1.0, lasts)) * 1000)
        self._database.write_now(_pause, self._id, self._origin, until)

    def give_back(self) -> None:
        with self._lock:
            held, self._held = self._held, 0
        if held:
            self._database.write_now(_take, self._id, 0, held, self.lane, self._most, self._flow)

    @property
    def _most(self) -> int:
        return max(1_000, self._a_minute * 1_000 // 3)

    @property
    def _flow(self) -> float:
        """Thousandths of a request a millisecond."""
        return self._a_minute * 2 / 3 / 60


def remaining(connection: Connection, connection_id: int, a_minute: int) -> dict[str, Any] | None:
    """`{"a_minute", "now", "paused_seconds"}`; None for a server without limits, or one that nobody has asked yet."""
    row = _row(connection, connection_id)
    if row is None or not row.is_limited or not a_minute:
        return None
    now = _refilled(row, a_minute * 1_000 // 3, a_minute * 2 / 3 / 60)
    return {"a_minute": a_minute, "now": int(now // 1_000), "paused_seconds": _paused_seconds(connection, connection_id)}


class Budgeted(httpx2.BaseTransport):
    """A transport whose requests are counted. Where there is none left it answers 429 itself, with the seconds to wait."""

    def __init__(
        self, inner: httpx2.BaseTransport, budget: Budget, base_url: str, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._inner, self._budget, self._account, self._sleep = inner, budget, f"{base_url.rstrip('/')}/account", sleep

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if not self._budget.is_known:
            self._ask(request)
        if seconds := self._waited():
            said = {"message": "The connection waits for its turn: its requests are used up.", "status": TOO_MANY}
            return httpx2.Response(TOO_MANY, headers={"retry-after": f"{seconds:.1f}"}, json=said)
        answer = self._inner.handle_request(request)
        if answer.status_code == TOO_MANY:
            self._budget.pause(retry_after(answer.headers))
        return answer

    def close(self) -> None:
        self._budget.give_back()
        self._inner.close()

    def _waited(self) -> float:
        """Wait for a turn as long as the lane does; what is left to wait then, or 0."""
        ends = time.monotonic() + self._budget.lane.patience_seconds
        while (seconds := self._budget.wait_seconds()) and time.monotonic() + seconds <= ends:
            self._sleep(seconds)
        return seconds

    def _ask(self, request: httpx2.Request) -> None:
        """Once for a connection: a server with a change feed is one without limits."""
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _OF_THE_BODY}
        asked = httpx2.Request("GET", self._account, headers=headers, extensions=request.extensions)
        try:
            answer = self._inner.handle_request(asked)
            answer.read()
            answer.close()
        except httpx2.RequestError:
            # The request itself will meet the same trouble and say so.
            return
        if answer.status_code == 200:
            self._budget.learn(ANNOUNCED_BY not in answer.headers)


_OF_THE_BODY = ("content-length", "transfer-encoding", "idempotency-key")


def _row(connection: Connection, connection_id: int) -> Any:
    return connection.execute(select(budgets).where(budgets.c.connection_id == connection_id)).first()


def _learn(connection: Connection, connection_id: int, origin: str, is_limited: bool, most: int) -> None:
    values = {"origin": origin, "is_limited": is_limited, "tokens": most, "refilled_at": _now(), "paused_until": 0}
    put = dialect.insert(connection, budgets).values(connection_id=connection_id, **values)
    connection.execute(put.on_conflict_do_update(index_elements=["connection_id"], set_=values))


def _take(
    connection: Connection, connection_id: int, wanted: int, returned: int, lane: Lane, most: int, flow: float
) -> tuple[int, float]:
    """How many were taken, and if none, the seconds until there may be one."""
    row = connection.execute(dialect.locked(connection, select(budgets).where(budgets.c.connection_id == connection_id))).first()
    if row is None:
        return wanted, 0.0
    if row.paused_until > _now():
        return 0, (row.paused_until - _now()) / 1000
    there = min(most, _refilled(row, most, flow) + returned * 1_000)
    free = there - most * lane.leaves
    taken = max(0, min(wanted, int(free // 1_000)))
    values = {"tokens": int(there) - taken * 1_000, "refilled_at": _now()}
    connection.execute(update(budgets).where(budgets.c.connection_id == connection_id).values(**values))
    return taken, 0.0 if taken else max(0.05, (1_000 - free) / flow / 1000)


def _refilled(row: Any, most: int, flow: float) -> float:
    return min(most, row.tokens + max(0, _now() - row.refilled_at) * flow)


def _pause(connection: Connection, connection_id: int, origin: str, until: int) -> None:
    values = {"is_limited": True, "tokens": 0, "refilled_at": _now(), "paused_until": until}
    put = dialect.insert(connection, budgets).values(connection_id=connection_id, origin=origin, **values)
    connection.execute(put.on_conflict_do_update(index_elements=["connection_id"], set_=values))


def _paused_seconds(connection: Connection, connection_id: int) -> float:
    row = _row(connection, connection_id)
    return max(0.0, (row.paused_until - _now()) / 1000) if row else 0.0


def _now() -> int:
    return int(time.time() * 1000)
