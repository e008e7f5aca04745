"""DBOS Transact, and what we change in it: the only file that knows its insides.

We lean on more than its public API, so the dependency is pinned to 3.4.x and `tests/promises` watches each seam:
queue threads are woken by bells, workflows run on daemon threads, waits can be interrupted, and long waits are parked.
"""

from __future__ import annotations

import contextvars
import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from cuprum.jobs.bells import Bells
from cuprum.jobs.crew import Crew
from cuprum.jobs.errors import Interrupted
from cuprum.jobs.history import Failure, stored_failure
from cuprum.jobs.plain import plain
from cuprum.storage.held_word import ENGINE_TABLES, held_word

if TYPE_CHECKING:
    from cuprum.jobs.queues import Queue

log = logging.getLogger("cuprum.jobs")
T = TypeVar("T")
_INTERNAL_QUEUE = "_dbos_internal_queue"
_FOREVER_SECONDS = 3600.0
# The bell of the thread that starts a thread for each queue.
_ANY_QUEUE = "any queue"
# Queues are looked at when their bell rings; this only catches a bell that nobody rang.
_SELDOM_SECONDS = 30.0
# How long a run may lie in a queue unseen that another process put there, or whose delay or limit has passed.
_LOOK_OUT_SECONDS = 1.0


class Transact:
    """One launched DBOS; a process has at most one."""

    def __init__(
        self,
        database: sa.Engine,
        *,
        application: str,
        schema: str,
        executor_id: str,
        application_version: str,
        listens: bool,
        park_after_seconds: float,
    ) -> None:
        self.bells = Bells()
        self.stopping = threading.Event()
        # Runs that ended in this process, for those who wait.
        self.ended = 0
        self._an_end = threading.Condition()
        self._database = database
        self._application = application
        self._schema = schema
        self._executor_id = executor_id
        self._version = application_version
        self._listens = listens
        # A process that serves no queue could not wake what it parks, so it waits on its threads.
        self._park_after_seconds = park_after_seconds if listens else float("inf")
        self._functions: dict[str, Callable[..., Any]] = {}
        self._replaced: list[tuple[ModuleType, str, Any]] = []

    # --- from launch to stop

    def launch(self, bodies: dict[str, Callable[..., Any]], queues: list[Queue]) -> None:
        _quieten()
        # Set, it would make DBOS look for its cloud as soon as it is imported.
        os.environ.pop("DBOS__CLOUD", None)

        from dbos import DBOS, DBOSPortableJSONSerializer, _dbos, _queue

        self.dbos = DBOS(
            config={
                "name": self._application,
                "system_database_url": self._database.url.render_as_string(hide_password=False),
                "system_database_engine": self._database,
                "dbos_system_schema": self._schema,
                "executor_id": self._executor_id,
                "application_version": self._version,
                "serializer": DBOSPortableJSONSerializer(),
                "enable_otlp": False,
                "log_level": "WARNING",
                # Our own clock starts what is scheduled.
                "scheduler_polling_interval_sec": _FOREVER_SECONDS,
                # The default wakes a thread a hundred times a second for published values.
                "notification_coalesce_sec": 0.1,
            }
        )
        for name, body in bodies.items():
            # No limit of recoveries: a parked run is recovered at each waking, a long one at each restart.
            self._functions[name] = DBOS.workflow(name=name, max_recovery_attempts=None)(body)
        DBOS.listen_queues([queue.name for queue in queues] if self._listens else [])
        self.dbos._registry._register_internal_queue(
            _INTERNAL_QUEUE,
            # Recovered, resumed and forked runs come through this queue. One who passes by takes none of them.
            worker_concurrency=None if self._listens else 0,
        )
        self._give_bells(_dbos, "queue_thread", lambda dbos: _ANY_QUEUE)
        self._give_bells(_queue, "queue_worker_thread", lambda dbos, queue: queue.name)
        if self._database.dialect.name == "sqlite":
            _keep_milliseconds()
        with self._tables_to_ourselves():
            DBOS.launch()
        self.system = self.dbos._sys_db
        self.system.recv = self._interruptible_receive  # type: ignore[method-assign,assignment]
        self._first_executor = self.dbos._executor_field
        self.dbos._executor_field = Crew(self._after)  # type: ignore[assignment]
        for queue in queues:
            self._register(queue)
        if self._listens:
            names = [queue.name for queue in queues]
            self.bells.ring(_ANY_QUEUE)
            threading.Thread(target=self._look_out, args=(names,), name="jobs-lookout", daemon=True).start()

    def _tables_to_ourselves(self) -> AbstractContextManager[None]:
        """No backup looks at the tables while DBOS makes or changes them; where it need not, nobody waits."""
        if self._database.dialect.name == "sqlite":
            return nullcontext()
        from dbos._migration import should_migrate

        # Listening changes a migration, not how many there are.
        if not should_migrate(self._database, self._schema, use_listen_notify=True):
            return nullcontext()
        return held_word(self._database, ENGINE_TABLES)

    def drain(self, timeout_seconds: float) -> list[str]:
        """Take no more work, let steps in hand finish, and give every open run back; the ids of those still busy."""
        self.stopping.set()
        with self._an_end:
            self._an_end.notify_all()
        for stop in self.dbos.background_thread_stop_events:
            stop.set()
        self.bells.ring_all()
        for _, _, event in self.system.notifications_map.snapshot():
            event.set()
        deadline = time.monotonic() + timeout_seconds
        while (busy := self.dbos._active_workflows_set.activeList()) and time.monotonic() < deadline:
            self.wait_for_an_end(self.ended, 0.1)
        try:
            ws = self.system.tables.workflow_status
            self._queue_again(ws.c.executor_id == self._executor_id, ws.c.workflow_uuid.not_in(busy))
        except sa.exc.DBAPIError as trouble:
            log.warning("open runs stay with %s until it is back: %s", self._executor_id, trouble.orig)
        if self._first_executor is not None:
            self._first_executor.shutdown(wait=False)
        self.abandon()
        return busy

    def abandon(self) -> None:
        """Let go of DBOS, launched or half launched, so that this process may launch another."""
        from dbos import DBOS

        self.stopping.set()
        self.bells.ring_all()
        DBOS.destroy(destroy_registry=True)
        while self._replaced:
            setattr(*self._replaced.pop())

    def take_over(self, living: sa.Select[tuple[str]]) -> None:
        """Queue again the open runs of every executor that is not among the living."""
        ws = self.system.tables.workflow_status
        taken = self._queue_again(ws.c.executor_id.not_in(living), ws.c.executor_id != self._executor_id)
        for executor_id, runs in Counter(taken).items():
            log.warning("took over %d runs of %s, which is gone", runs, executor_id)

    # --- starting

    def start(
        self,
        name: str,
        run_id: str,
        args: list[Any],
        *,
        queue: str | None,
        partition: str | None,
        priority: int | None,
        delay_seconds: float | None,
        unique: str | None,
    ) -> str:
        from dbos import SetEnqueueOptions, SetWorkflowID
        from dbos._core import start_workflow

        if delay_seconds and queue is None:
            queue = _INTERNAL_QUEUE
        with ExitStack() as options:
            options.enter_context(SetWorkflowID(run_id))
            if queue is not None:
                options.enter_context(
                    SetEnqueueOptions(
                        deduplication_id=unique,
                        duplication_policy="return-existing" if unique else None,
                        priority=priority,
                        queue_partition_key=partition,
                        delay_seconds=delay_seconds,
                    )
                )
            handle = start_workflow(
                self.dbos, self._functions[name], tuple(args), {}, queue_name=queue, execute_workflow=queue is None
            )
        if queue is not None and not delay_seconds:
            self.bells.ring(queue)
        return handle.get_workflow_id()

    # --- inside a workflow

    def checkpoint(self, name: str, call: Callable[[], Any]) -> Any:
        from dbos import DBOS

        self.stop_here_when_stopping()
        return DBOS.run_step({"name": name}, call)

    def is_replayed(self, error: BaseException) -> bool:
        from dbos import PortableWorkflowError

        return isinstance(error, PortableWorkflowError)

    def failure(self, error: Exception) -> Failure:
        """A live error as it will read when it is replayed."""
        from dbos._serialization import exception_to_workflow_error_data

        if self.is_replayed(error):
            return stored_failure(error)
        stored = exception_to_workflow_error_data(error)
        return Failure(stored["name"], stored["message"], stored.get("code"), plain(stored.get("data")))

    def sleep(self, seconds: float) -> None:
        from dbos._context import snapshot_step_context
        from dbos._core import record_sleep

        self.stop_here_when_stopping()
        remaining = record_sleep(self.dbos, snapshot_step_context(), seconds)
        if remaining > self._park_after_seconds:
            self._park(remaining)
        if self.stopping.wait(remaining):
            raise Interrupted

    def receive(self, topic: str, timeout_seconds: float) -> Any:
        from dbos import DBOS

        self.stop_here_when_stopping()
        return DBOS.recv(topic, timeout_seconds)

    def publish(self, key: str, value: Any) -> None:
        from dbos import DBOS

        self.stop_here_when_stopping()
        DBOS.set_event(key, value)

    def current_id(self) -> str:
        from dbos import DBOS

        assert DBOS.workflow_id is not None
        return DBOS.workflow_id

    def stop_here_when_stopping(self) -> None:
        if self.stopping.is_set():
            raise Interrupted

    # --- from outside a workflow

    def resume(self, run_id: str) -> None:
        self.system.resume_workflows([run_id])
        self.bells.ring(_INTERNAL_QUEUE)

    def rewind(self, run_id: str, step: int) -> None:
        self.system.rewind_workflow(run_id, step)
        self.bells.ring(_INTERNAL_QUEUE)

    def fork(self, run_id: str, new_id: str, step: int) -> None:
        self.system.fork_workflow([run_id], [new_id], [step], application_version=self._version)
        self.bells.ring(_INTERNAL_QUEUE)

    def published(self, run_id: str, key: str) -> Any:
        return self.system.get_all_events(run_id).get(key)

    def send(self, run_id: str, topic: str, message: Any, message_id: str | None) -> None:
        from dbos import DBOS

        DBOS.send(run_id, message, topic, idempotency_key=message_id)
        # A parked run is woken; one that has not begun yet keeps its delay.
        ws, outputs = self.system.tables.workflow_status, self.system.tables.operation_outputs
        with self.system.engine.begin() as connection:
            woken = connection.execute(
                sa.update(ws)
                .where(ws.c.workflow_uuid == run_id, ws.c.status == "DELAYED")
                .where(sa.exists().where(outputs.c.workflow_uuid == run_id))
                .values(status="ENQUEUED", delay_until_epoch_ms=None)
                .returning(ws.c.queue_name)
            ).scalar()
        if woken:
            self.bells.ring(woken)
        for _, (destination, heard_topic, _), event in self.system.notifications_map.snapshot():
            if (destination, heard_topic) == (run_id, topic):
                event.set()

    def wait_for_an_end(self, ended: int, timeout_seconds: float) -> None:
        """Wait until more than `ended` runs have ended here, or for the time."""
        with self._an_end:
            if self.ended == ended:
                self._an_end.wait(timeout_seconds)

    # --- helpers

    def _interruptible_receive(
        self, run_id: str, function_id: int, timeout_function_id: int, topic: str, timeout_seconds: float = 60
    ) -> Any:
        """DBOS's own `recv`, but a stop ends the wait without recording a time-out, and a long wait is parked."""
        setup = self.system.recv_setup(run_id, function_id, timeout_function_id, topic, timeout_seconds)
        if setup[0]:
            return setup[1]
        _, event, remaining, payload, started_at = setup
        try:
            deadline = time.monotonic() + remaining
            if not event.wait(min(remaining, self._park_after_seconds)) and not self.stopping.is_set():
                left = deadline - time.monotonic()
                if left > self._park_after_seconds:
                    self._park(left, unless_message_on=topic)
                    self.system.recv_check(run_id, topic, event)
                    if not event.is_set():
                        raise Interrupted
                while (left := deadline - time.monotonic()) > 0 and not event.is_set():
                    event.wait(min(left, 5.0))
                    self.system.recv_check(run_id, topic, event)
            self.stop_here_when_stopping()
            return self.system.recv_consume(run_id, function_id, topic, started_at)
        finally:
            self.system.notifications_map.pop(payload, event)

    def _park(self, seconds: float, unless_message_on: str | None = None) -> None:
        """Put the run down as delayed and end this execution.

        With `unless_message_on` it returns when that could not be done: a message is there, or the run is not ours.
        """
        from dbos._context import current_owner_xid

        run_id = self.current_id()
        ws, mail = self.system.tables.workflow_status, self.system.tables.notifications
        statement = (
            sa.update(ws)
            .where(ws.c.workflow_uuid == run_id, ws.c.status == "PENDING")
            .where(ws.c.owner_xid == current_owner_xid(run_id))
            .values(
                status="DELAYED",
                owner_xid=None,
                started_at_epoch_ms=None,
                delay_until_epoch_ms=int((time.time() + seconds) * 1000),
                queue_name=sa.func.coalesce(ws.c.queue_name, _INTERNAL_QUEUE),
            )
        )
        if unless_message_on is not None:
            waiting = sa.exists().where(
                mail.c.destination_uuid == run_id, mail.c.topic == unless_message_on, mail.c.consumed.is_(False)
            )
            statement = statement.where(~waiting)
        with self.system.engine.begin() as connection:
            parked = connection.execute(statement).rowcount
        if parked or unless_message_on is None:
            # A sleeper that could not be parked is cancelled, or somebody else's by now: this execution is over.
            raise Interrupted

    def _give_bells(self, module: ModuleType, thread_body: str, bell_of: Callable[..., str]) -> None:
        """Let a thread of DBOS that polls between looks at its stop event sleep on a bell instead."""
        original = getattr(module, thread_body)
        sleeps_seconds = _SELDOM_SECONDS if self._listens else _FOREVER_SECONDS

        def body(stop_event: threading.Event, *args: Any) -> None:
            original(self.bells.stop_event(bell_of(*args), stop_event, sleeps_seconds=sleeps_seconds), *args)

        setattr(module, thread_body, body)
        self._replaced.append((module, thread_body, original))

    def _look_out(self, queues: list[str]) -> None:
        """Ring for every queue where something waits: one cheap statement a second, not several for each queue."""
        ws = self.system.tables.workflow_status
        statement = sa.union_all(
            *(
                sa.select(sa.literal(queue)).where(
                    sa.exists().where(
                        ws.c.queue_name == queue,
                        ws.c.status == "ENQUEUED",
                        # SQLite uses the partial index only where its condition stands word for word.
                        sa.literal_column("status IN ('ENQUEUED', 'PENDING')"),
                    )
                )
                for queue in (_INTERNAL_QUEUE, *queues)
            )
        )
        while not self.stopping.wait(_LOOK_OUT_SECONDS):
            try:
                with self.system.engine.begin() as connection:
                    waiting = list(connection.execute(statement).scalars())
            except sa.exc.DBAPIError as trouble:
                log.warning("the queues cannot be looked at: %s", trouble.orig)
            else:
                for queue in waiting:
                    self.bells.ring(queue)

    def _register(self, queue: Queue) -> None:
        from dbos import DBOS

        DBOS.register_queue(
            queue.name,
            global_concurrency=queue.concurrency,
            worker_concurrency=queue.node_concurrency,
            limiter={"limit": queue.rate.limit, "period": queue.rate.seconds} if queue.rate else None,
            partition_concurrency=queue.partition_concurrency,
            partition_limiter=(
                {"limit": queue.partition_rate.limit, "period": queue.partition_rate.seconds} if queue.partition_rate else None
            ),
            on_conflict="always_update",
        )

    def _after(self, args: tuple[Any, ...]) -> None:
        """A run ended here: tell who waits for it, and let its queue fill the place."""
        with self._an_end:
            self.ended += 1
            self._an_end.notify_all()
        if len(args) > 1 and isinstance(args[1], dict) and args[1].get("queue_name"):
            self.bells.ring(args[1]["queue_name"])

    def _queue_again(self, *whose: sa.ColumnElement[bool]) -> list[str]:
        """Make running runs eligible for any listening node, in one statement; the executors they are taken from.

        An execution that still goes on somewhere has lost its token with this and ends at its next checkpoint.
        """
        ws = self.system.tables.workflow_status
        statement = (
            sa.update(ws)
            # The literal lets both databases use their partial index of running runs.
            .where(sa.literal_column("status") == sa.literal_column("'PENDING'"))
            .where(ws.c.application_version == self._version, *whose)
            .values(
                status="ENQUEUED",
                owner_xid=None,
                started_at_epoch_ms=None,
                updated_at=int(time.time() * 1000),
                queue_name=sa.func.coalesce(ws.c.queue_name, _INTERNAL_QUEUE),
            )
            .returning(ws.c.executor_id)
        )
        with self.system.engine.begin() as connection:
            connection.execution_options(schema_translate_map=self._both_schemas())
            taken = list(connection.execute(statement).scalars())
        if taken:
            self.bells.ring_all()
        return taken

    def _both_schemas(self) -> dict[str, str | None]:
        """The engine's tables and ours in one statement."""
        mine = self._database.get_execution_options()["schema_translate_map"]
        return {**self.system.engine.get_execution_options()["schema_translate_map"], **mine}


def detached(call: Callable[[], T]) -> T:
    """Call outside of whatever workflow or step this thread is in, so that nothing is recorded as its child or step."""
    from dbos._context import _set_local_dbos_context

    def alone() -> T:
        _set_local_dbos_context(None)
        return call()

    return contextvars.copy_context().run(alone)


def _keep_milliseconds() -> None:
    """Before Python 3.12 DBOS writes whole seconds on SQLite, which blurs rates and the order of queues and messages.

    It guesses the SQLite from the Python; ours is new enough for milliseconds on each.
    """
    from dbos._migration import sqlite_migrations
    from dbos._sys_db_sqlite import SQLiteSystemDatabase

    fine = "unixepoch('subsec') * 1000"
    sqlite_migrations[:] = [text.replace("strftime('%s','now') * 1000", fine) for text in sqlite_migrations]
    SQLiteSystemDatabase._now_ms_sql = lambda self: sa.cast(sa.literal_column(f"({fine})"), sa.BigInteger)  # type: ignore[method-assign]


def _quieten() -> None:
    """Let the engine's warnings go where ours go, without its console handler and its traceback of every failed run."""
    dbos_log = logging.getLogger("dbos")
    if not dbos_log.handlers:
        dbos_log.addHandler(logging.NullHandler())
        dbos_log.addFilter(lambda record: "Exception encountered in background workflow" not in str(record.msg))
