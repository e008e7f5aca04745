"""Reminders of tasks: whoever has a task is told when its reminder is due, once for each time that was set.

What is due is looked up and started as a run of its own id; starting it twice is starting it once, and what it writes has a
key, so that a process that dies anywhere, or a second one beside it, neither loses nor doubles a reminder.
"""

from __future__ import annotations

import time

from sqlalchemy import BindParameter, Connection, String, bindparam, cast, exists, literal, select

from cuprum.entities import Task, field
from cuprum.jobs import Engine, Queue, Run, Workflow, exponential
from cuprum.kit.errors import Unavailable
from cuprum.records.inbox import REMINDER, tell
from cuprum.records.visible import behind_the_scenes
from cuprum.storage.account_tables import user
from cuprum.storage.database import Database
from cuprum.storage.dialect import locked
from cuprum.storage.inbox_tables import notification
from cuprum.storage.tables import TABLES

# Its name and arguments stay: open runs outlive an upgrade.
REMIND = "remind"
# A day's reminders may all be set to nine o'clock.
QUEUES = [Queue(REMIND, node_concurrency=2)]
# What nobody was told of for so long, because no server ran or the task came from an old file, is no reminder any more.
LATEST_SECONDS = 7 * 24 * 3600
_AT_ONCE = 100
_STATUSES: tuple[str, ...] = field(Task, "status").kind.options  # type: ignore[attr-defined]
# Written out, for an index of the open ones alone is only used where the statement says so itself.
_OPEN: BindParameter[int] = bindparam(None, _STATUSES.index("Open"), literal_execute=True)
_PATIENCE = exponential(attempts=10, first_seconds=1, longest_seconds=60, when=lambda error: isinstance(error, Unavailable))
tasks = TABLES["task"].c


def reminder_workflow(database: Database) -> Workflow:
    """`remind(task id, the reminder's date)`."""

    def give(task_id: int, reminder_date: int) -> bool:
        return database.write_now(remind, task_id, reminder_date)

    def body(run: Run, task_id: int, reminder_date: int) -> bool:
        told: bool = run.step(give, task_id, reminder_date, retry=_PATIENCE)
        return told

    return Workflow(REMIND, body)


def start_due(database: Database, engine: Engine | None) -> None:
    """Start a run for every reminder that is due; without an engine they wait for one."""
    if engine is not None:
        for task_id, reminder_date in database.read_now(due, int(time.time())):
            engine.start(REMIND, f"{REMIND} {task_id}@{reminder_date}", task_id, reminder_date, queue=REMIND)


def due(connection: Connection, now: int) -> list[tuple[int, int]]:
    """`(task id, reminder date)` of open tasks that somebody has and was not reminded of, the longest due first."""
    key = literal(f"{REMINDER} ") + cast(tasks.id, String) + literal("@") + cast(tasks.reminder_date, String)
    told = select(notification.c.id).where(notification.c.key == key)
    # Who is no user any more is told nothing.
    has_it = select(user.c.id).where(user.c.id == tasks.assignee_id, user.c.disabled_at.is_(None))
    found = select(tasks.id, tasks.reminder_date).where(
        tasks.deleted_at.is_(None), tasks.status == _OPEN, tasks.reminder_date.is_not(None),
        tasks.reminder_date.between(now - LATEST_SECONDS, now), exists(has_it), ~exists(told),
    )  # fmt: skip
    found = behind_the_scenes(found.order_by(tasks.reminder_date, tasks.id).limit(_AT_ONCE), "each owner is told of their own")
    return [(row.id, row.reminder_date) for row in connection.execute(found)]


def remind(connection: Connection, task_id: int, reminder_date: int) -> bool:
    """Tell whoever has the task, if it still waits to be done and its reminder was not moved meanwhile."""
    wanted = tasks.id == task_id, tasks.deleted_at.is_(None), tasks.status == _OPEN, tasks.reminder_date == reminder_date
    # Locked: whoever completes it now does so before, or after, and is not reminded in between.
    found = behind_the_scenes(locked(connection, select(tasks.assignee_id).where(*wanted)), "its owner is told")
    assignee = connection.execute(found).scalar()
    if assignee is None:
        return False
    key = f"{task_id}@{reminder_date}"
    return tell(connection, REMINDER, key, assignee, at=int(time.time()), about=("task", task_id))
