"""The clock: starts runs by cron or interval, each due time once, whichever node fires it."""

from __future__ import annotations

import logging
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from cuprum.jobs.tables import schedule as table
from cuprum.kit import jsonio

log = logging.getLogger("cuprum.jobs")
# How long a change made on another node may go unnoticed.
_LOOK_AGAIN_SECONDS = 10.0


@dataclass(frozen=True)
class Schedule:
    """Start `workflow(*args)` by a cron expression in a time zone, or every so many seconds.

    The run's id is `NAME@DUE` with the due time in UTC. Due times missed while nothing ran are made up for by one run.
    A due time is skipped while the run before is still open, unless it `overlaps`.
    With `tells_time` the due time (ISO 8601) comes before the other arguments.
    A time that the clocks jump over is due when they have jumped; one that comes twice is due once, unless its hour is `*`.
    """

    name: str
    workflow: str
    args: list[Any] = field(default_factory=list)
    cron: str | None = None
    every_seconds: int | None = None
    zone: str = "UTC"
    queue: str | None = None
    partition: str | None = None
    overlaps: bool = False
    tells_time: bool = False

    def __post_init__(self) -> None:
        if (self.cron is None) == (self.every_seconds is None):
            raise ValueError("a schedule has either cron or every_seconds")
        if self.every_seconds is not None and self.every_seconds < 1:
            raise ValueError("every_seconds is at least 1")
        if self.cron is not None:
            from croniter import croniter

            if not croniter.is_valid(self.cron, second_at_beginning=True):
                raise ValueError(f"not a cron expression: {self.cron}")
        ZoneInfo(self.zone)

    def last_due(self, at: float) -> float:
        """The latest due time not after `at`, in epoch seconds."""
        if self.every_seconds is not None:
            return self._offset + (at - self._offset) // self.every_seconds * self.every_seconds
        return self._once(self._cron(at + 1e-3).get_prev)

    def next_due(self, at: float) -> float:
        """The first due time after `at`, in epoch seconds."""
        if self.every_seconds is not None:
            return self.last_due(at) + self.every_seconds
        return self._once(self._cron(at).get_next)

    @property
    def _offset(self) -> int:
        # Otherwise all that happen each minute would happen in the same second.
        assert self.every_seconds is not None
        return zlib.crc32(self.name.encode()) % self.every_seconds

    def _once(self, step: Callable[[type[float]], float]) -> float:
        assert self.cron is not None
        fields = self.cron.split()
        is_hourly = "*" in fields[1 if len(fields) == 5 else 2]
        due = step(float)
        # `fold`: the second time that the clocks show this hour.
        while not is_hourly and datetime.fromtimestamp(due, ZoneInfo(self.zone)).fold:
            due = step(float)
        return due

    def _cron(self, at: float) -> Any:
        from croniter import croniter

        start = datetime.fromtimestamp(at, ZoneInfo(self.zone))
        return croniter(self.cron, start, second_at_beginning=True)


class Clock:
    """One thread for all schedules. Firing is idempotent by the run's id, so every listening node may run one."""

    def __init__(self, database: sa.Engine, start: Callable[..., str], is_open: Callable[[str], bool]) -> None:
        self._database = database
        self._start_run = start
        self._is_open = is_open
        self._stop = threading.Event()
        self._changed = threading.Event()
        self._thread = threading.Thread(target=self._tick, name="jobs-clock", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._changed.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def put(self, schedule: Schedule, since: float | None = None) -> None:
        values = {**_row(schedule), "last_at": time.time() if since is None else since}
        with self._database.begin() as connection:
            before = connection.execute(sa.select(table).where(table.c.name == schedule.name)).one_or_none()
            if before is None:
                connection.execute(sa.insert(table).values(**values))
            elif _schedule(before) != schedule:
                # A new rhythm must not make up for due times that it never had.
                values["last_at"] = max(before.last_at, values["last_at"])
                connection.execute(sa.update(table).where(table.c.name == schedule.name).values(**values))
        self._changed.set()

    def remove(self, name: str) -> None:
        with self._database.begin() as connection:
            connection.execute(sa.delete(table).where(table.c.name == name))
        self._changed.set()

    def all(self) -> list[Schedule]:
        with self._database.begin() as connection:
            return [_schedule(row) for row in connection.execute(sa.select(table).order_by(table.c.name))]

    def _tick(self) -> None:
        while not self._stop.is_set():
            self._changed.clear()
            wait_seconds = _LOOK_AGAIN_SECONDS
            try:
                with self._database.begin() as connection:
                    rows = connection.execute(sa.select(table)).all()
                for row in rows:
                    schedule, now = _schedule(row), time.time()
                    if (due := schedule.last_due(now)) > row.last_at:
                        self._fire(schedule, due, row.last_id)
                    wait_seconds = min(wait_seconds, schedule.next_due(now) - time.time())
            except Exception:
                log.exception("the clock stumbled; it looks again soon")
                wait_seconds = 1.0
            self._changed.wait(max(0.0, wait_seconds))

    def _fire(self, schedule: Schedule, due: float, last_id: str | None) -> None:
        due_text = datetime.fromtimestamp(due, UTC).isoformat().replace("+00:00", "Z")
        run_id = f"{schedule.name}@{due_text}"
        if last_id and not schedule.overlaps and last_id != run_id and self._is_open(last_id):
            run_id = last_id
        else:
            args = [due_text, *schedule.args] if schedule.tells_time else schedule.args
            self._start_run(schedule.workflow, run_id, *args, queue=schedule.queue, partition=schedule.partition)
        with self._database.begin() as connection:
            connection.execute(
                sa.update(table).where(table.c.name == schedule.name, table.c.last_at < due).values(last_at=due, last_id=run_id)
            )


def _row(schedule: Schedule) -> dict[str, Any]:
    return {**schedule.__dict__, "args": jsonio.text(schedule.args)}


def _schedule(row: Any) -> Schedule:
    names = Schedule.__dataclass_fields__
    return Schedule(**{**{name: row._mapping[name] for name in names}, "args": jsonio.decode(row.args)})
