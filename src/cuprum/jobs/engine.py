"""The running engine: start, wait, list, cancel, resume, schedule, stop."""

from __future__ import annotations

import functools
import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from cuprum.jobs.clock import Clock, Schedule
from cuprum.jobs.database import open_postgres, open_sqlite
from cuprum.jobs.errors import NoSuchRun
from cuprum.jobs.history import FINISHED, RunInfo, State, StepInfo, run_info, step_info
from cuprum.jobs.identity import AdvisoryIdentity, FileIdentity, Identity
from cuprum.jobs.lease import Lease
from cuprum.jobs.plain import plain
from cuprum.jobs.queues import Queue
from cuprum.jobs.run import Run
from cuprum.jobs.tables import create_tables
from cuprum.jobs.transact import Transact, detached
from cuprum.jobs.workflow import Workflow
from cuprum.kit.errors import Unavailable

log = logging.getLogger("cuprum.jobs")
P = ParamSpec("P")
R = TypeVar("R")


def launch(
    database: Path | str,
    *,
    executor_id: str,
    workflows: Iterable[Workflow],
    queues: Iterable[Queue] = (),
    listens: bool = True,
    application_version: str = "1",
    schema: str = "jobs",
    sqlite_synchronous: str = "FULL",
    wait_for_identity_seconds: float | None = None,
    beat_seconds: float = 5.0,
    lease_seconds: float = 20.0,
    park_after_seconds: float = 10.0,
    keep_finished_days: float | None = 30.0,
    on_lost: Callable[[], None] = lambda: None,
) -> Engine:
    """Start the engine on a SQLite file (a Path) or a PostgreSQL address (a str), once in a process.

    `listens` is for servers: they work off the queues, fire the schedules and take over the runs of the dead.
    Others run only what they start themselves, under an id of their own (`passing_id`).
    Raises NodeTaken when a live process has the executor id: at once on SQLite; on PostgreSQL after one lease,
    because a server that lost its machine may hold the lock that long. `on_lost` is called when another process got
    the id while our connection to PostgreSQL was down: the engine has then ended its runs, and the process should end.
    """
    wait_seconds = wait_for_identity_seconds
    identity: Identity
    if isinstance(database, Path):
        storage = open_sqlite(database, synchronous=sqlite_synchronous)
        identity = FileIdentity(database, executor_id)
        wait_seconds = 0.0 if wait_seconds is None else wait_seconds
    else:
        storage = open_postgres(database, schema=schema)
        identity = AdvisoryIdentity(storage, schema, executor_id)
        wait_seconds = lease_seconds if wait_seconds is None else wait_seconds
    create_tables(storage)
    transact = Transact(
        storage,
        application="cuprum",
        schema=schema,
        executor_id=executor_id,
        application_version=application_version,
        listens=listens,
        park_after_seconds=park_after_seconds,
    )
    engine = Engine(transact, list(workflows), list(queues))

    def lost() -> None:
        transact.stopping.set()
        on_lost()

    lease = Lease(
        storage,
        identity,
        executor_id,
        listens=listens,
        beat_seconds=beat_seconds,
        lease_seconds=lease_seconds,
        take_over=transact.take_over,
        lost=lost,
    )
    try:
        lease.enter(wait_seconds)
    except BaseException:
        storage.dispose()
        raise
    try:
        transact.launch(engine.bodies, engine.queues)
    except BaseException:
        transact.abandon()
        lease.leave(work_left=False)
        storage.dispose()
        raise
    lease.start()
    clock = Clock(storage, engine.start, engine.is_open)
    if listens:
        clock.start()
    engine.attach(lease, clock, storage.dispose, keep_finished_days if listens else None)
    return engine


def outside(method: Callable[P, R]) -> Callable[P, R]:
    """For calls that may come from inside a step: they are no part of its workflow."""

    @functools.wraps(method)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        return detached(lambda: method(*args, **kwargs))

    return alone


class Engine:
    """What `launch` returns. Its methods wait for the database: call them from a thread, not from the event loop."""

    def __init__(self, transact: Transact, workflows: list[Workflow], queues: list[Queue]) -> None:
        names = [workflow.name for workflow in workflows]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"workflows declared twice: {', '.join(sorted(twice))}")
        self.transact = transact
        self.queues = queues
        self.bodies = {workflow.name: self._body(workflow) for workflow in workflows}
        self._queue_of = {queue.name: queue for queue in queues}

    # --- starting

    @outside
    def start(
        self,
        workflow: Workflow | str,
        run_id: str,
        *args: Any,
        queue: str | None = None,
        partition: str | None = None,
        priority: int | None = None,
        delay_seconds: float | None = None,
        unique: str | None = None,
    ) -> str:
        """Start a run exactly once: when this returns it is durable, and starting the same id again does nothing.

        Without a queue it runs at once on a thread of this process; use a queue for what may come in crowds.
        Of the runs in a queue that are not finished, at most one has the same `unique`: its id is returned.
        Lower `priority` comes first (0 is the default and the highest).
        """
        return self.begin(
            workflow,
            run_id,
            args,
            queue=queue,
            partition=partition,
            priority=priority,
            delay_seconds=delay_seconds,
            unique=unique,
        )

    def begin(
        self,
        workflow: Workflow | str,
        run_id: str,
        args: Sequence[Any],
        *,
        queue: str | None,
        partition: str | None,
        priority: int | None,
        delay_seconds: float | None,
        unique: str | None,
    ) -> str:
        """`start`, but as a child when called inside a workflow."""
        if self.transact.stopping.is_set():
            raise Unavailable("The engine is stopping")
        name = workflow if isinstance(workflow, str) else workflow.name
        if name not in self.bodies:
            raise ValueError(f"no workflow {name} was declared at launch")
        if queue is None and (partition or priority or unique):
            raise ValueError("partition, priority and unique belong to a queue")
        if queue is not None and self._queue_of[queue].is_partitioned != (partition is not None):
            raise ValueError(f"queue {queue} {'needs' if partition is None else 'has no'} partitions")
        return self.transact.start(
            name,
            run_id,
            plain(list(args)),
            queue=queue,
            partition=partition,
            priority=priority,
            delay_seconds=delay_seconds,
            unique=unique,
        )

    # --- looking

    @outside
    def get(self, run_id: str) -> RunInfo:
        found = self.transact.system.list_workflows(workflow_ids=[run_id])
        if not found:
            raise NoSuchRun(run_id)
        return run_info(found[0])

    @outside
    def runs(
        self,
        *,
        workflow: str | None = None,
        states: Iterable[State] = (),
        queue: str | None = None,
        id_prefix: str | None = None,
        parent_id: str | None = None,
        limit: int = 100,
        offset: int = 0,
        with_payload: bool = False,
    ) -> list[RunInfo]:
        """Newest first; arguments and outputs only `with_payload`."""
        found = self.transact.system.list_workflows(
            name=workflow,
            status=[state.value for state in states] or None,
            queue_name=queue,
            workflow_id_prefix=id_prefix,
            parent_workflow_id=parent_id,
            limit=limit,
            offset=offset,
            sort_desc=True,
            load_input=with_payload,
            load_output=with_payload,
        )
        return [run_info(status) for status in found]

    @outside
    def steps(self, run_id: str) -> list[StepInfo]:
        return [step_info(step) for step in self.transact.system.list_workflow_steps(run_id)]

    @outside
    def state(self, run_id: str) -> State:
        """How far the run is, without its payload."""
        found = self.transact.system.list_workflows(workflow_ids=[run_id], load_input=False, load_output=False)
        if not found:
            raise NoSuchRun(run_id)
        return State(found[0].status)

    def is_open(self, run_id: str) -> bool:
        try:
            return self.state(run_id).is_open
        except NoSuchRun:
            return False

    def wait(self, run_id: str, timeout_seconds: float | None = None) -> RunInfo:
        """The run once it is finished (noticed at once when it runs here); raises TimeoutError after the time."""
        deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
        while True:
            ended = self.transact.ended
            if not (state := self.state(run_id)).is_open:
                return self.get(run_id)
            left = 1.0 if deadline is None else min(1.0, deadline - time.monotonic())
            if left <= 0:
                raise TimeoutError(f"run {run_id} is still {state.name.lower()}")
            self.transact.wait_for_an_end(ended, left)
            if self.transact.stopping.is_set():
                raise Unavailable("The engine is stopping")

    @outside
    def published(self, run_id: str, key: str) -> Any:
        """The last value that the run published under the key, or None."""
        return self.transact.published(run_id, key)

    # --- steering

    @outside
    def send(self, run_id: str, topic: str, message: Any, *, message_id: str | None = None) -> None:
        """Send a message that `run.receive(topic)` will get, once for each `message_id`; raises NoSuchRun."""
        self.state(run_id)
        self.transact.send(run_id, topic, plain(message), message_id)

    @outside
    def cancel(self, run_id: str) -> None:
        """End an open run before its next step."""
        self.state(run_id)
        self.transact.system.cancel_workflows([run_id], cancel_children=True)

    @outside
    def resume(self, run_id: str) -> None:
        """Go on with a cancelled run from its last checkpoint."""
        self.state(run_id)
        self.transact.resume(run_id)

    @outside
    def retry(self, run_id: str, *, from_step: int | None = None) -> None:
        """Open a finished run again, under its own id, from a step on (default: the one that failed it)."""
        self.transact.rewind(run_id, self._step_number(run_id, from_step))

    @outside
    def fork(self, run_id: str, new_id: str, *, from_step: int | None = None) -> None:
        """A new run with the same arguments and the checkpoints before `from_step` (default: the one that failed it).

        Does nothing when `new_id` was started before.
        """
        try:
            self.state(new_id)
        except NoSuchRun:
            self.transact.fork(run_id, new_id, self._step_number(run_id, from_step))

    @outside
    def forget(self, run_ids: Sequence[str]) -> None:
        """Delete runs with all their checkpoints; the same ids may start again."""
        self.transact.system.delete_workflows(list(run_ids))

    @outside
    def collect_garbage(self, *, older_than: timedelta, chunk: int = 200) -> int:
        """Forget runs that finished before `older_than` ago, in short transactions; the number forgotten."""
        before = (datetime.now(UTC) - older_than).isoformat()
        forgotten = 0
        while not self.transact.stopping.is_set():
            old = self.transact.system.list_workflows(
                status=[state.value for state in FINISHED],
                completed_before=before,
                limit=chunk,
                load_input=False,
                load_output=False,
            )
            if not old:
                break
            self.transact.system.delete_workflows([status.workflow_id for status in old])
            forgotten += len(old)
        return forgotten

    # --- schedules

    def schedule(self, schedule: Schedule, *, since: float | None = None) -> None:
        """Add a schedule or change the one of that name; the same schedule again changes nothing.

        Its due times count from the Unix second `since` on, or from now.
        """
        if schedule.workflow not in self.bodies:
            raise ValueError(f"no workflow {schedule.workflow} was declared at launch")
        self._clock.put(schedule, since)

    def unschedule(self, name: str) -> None:
        self._clock.remove(name)

    def schedules(self) -> list[Schedule]:
        return self._clock.all()

    # --- ending

    def attach(self, lease: Lease, clock: Clock, dispose: Callable[[], None], keep_finished_days: float | None) -> None:
        self._lease, self._clock, self._dispose = lease, clock, dispose
        if keep_finished_days is not None:
            threading.Thread(target=self._tidy, args=(timedelta(days=keep_finished_days),), name="jobs-tidy", daemon=True).start()

    def stop(self, timeout_seconds: float = 15.0) -> list[str]:
        """Finish the steps in hand and leave every open run resumable; the ids of runs that were still in a step.

        Runs that stopped in time are free for other nodes at once, the others when this node's lease is over.
        """
        self._clock.stop()
        busy = self.transact.drain(timeout_seconds)
        self._lease.leave(work_left=bool(busy))
        self._dispose()
        if busy:
            log.warning("stopped with %d runs inside a step: %s", len(busy), ", ".join(busy[:10]))
        return busy

    # --- helpers

    def _body(self, workflow: Workflow) -> Callable[..., Any]:
        def body(*args: Any) -> Any:
            run = Run(self, self.transact.current_id())
            try:
                return plain(workflow.body(run, *args))
            except Exception as error:
                log.warning("run %s of %s failed: %s", run.id, workflow.name, error)
                raise

        return body

    def _step_number(self, run_id: str, from_step: int | None) -> int:
        if from_step is not None:
            return from_step
        self.state(run_id)
        steps = self.steps(run_id)
        if not steps:
            return 1
        # When the last step was fine, it was the body after it that raised.
        return steps[-1].number if steps[-1].failure else steps[-1].number + 1

    def _tidy(self, older_than: timedelta) -> None:
        while not self.transact.stopping.wait(3600):
            try:
                self.collect_garbage(older_than=older_than)
            except Exception:
                log.exception("garbage collection failed; it is tried again in an hour")
