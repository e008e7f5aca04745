"""Imports as they are kept: added with their file, planned, started, looked at, cancelled."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from cuprum.auth.actor import Actor
from cuprum.kit import jsonio
from cuprum.kit.errors import Conflict, NotFound
from cuprum.records.inbox import IMPORTED, tell
from cuprum.records.visible import visible
from cuprum.storage.dialect import locked
from cuprum.storage.event_tables import change_group
from cuprum.storage.import_tables import import_job as jobs
from cuprum.storage.import_tables import import_row as rows
from cuprum.storage.rows import inserted_id
from cuprum.storage.tables import TABLES
from cuprum.transfer.decide import NEW, OUTCOMES
from cuprum.transfer.kept_files import kept_file
from cuprum.transfer.plan import Plan, from_json
from cuprum.transfer.sheet import Sheet, read_sheet

PLANNED, QUEUED, RUNNING, DONE, FAILED, CANCELLED = "planned", "queued", "running", "done", "failed", "cancelled"
STATES = (PLANNED, QUEUED, RUNNING, DONE, FAILED, CANCELLED)
OPEN = (QUEUED, RUNNING)
MOST_SHOWN = 200
SAMPLES = 3


@dataclass(frozen=True)
class Job:
    """One import. `uid` is its name in the engine, among the kept files and in the change log."""

    id: int
    uid: str
    file_name: str
    headers: list[str]
    samples: list[list[str]]
    plan: Plan
    state: str
    total: int
    counts: dict[str, int]
    error: str | None
    user_id: int
    face: str
    via: str | None
    created_at: int
    started_at: int | None
    finished_at: int | None

    @property
    def through(self) -> int:
        return sum(self.counts.values())

    def as_json(self, group: str | None = None) -> dict[str, Any]:
        """`group` is that of its changes, once it has any."""
        return {
            "id": self.id, "entity": self.plan.entity, "file_name": self.file_name, "state": self.state, "total": self.total,
            "through": self.through, "counts": self.counts, "error": self.error, "group": group, "user_id": self.user_id,
            "created_at": self.created_at, "started_at": self.started_at, "finished_at": self.finished_at,
        }  # fmt: skip


def sheet_of(connection: Connection, job: Job) -> Sheet:
    """The kept file, read as planned; raises Gone when it is there no more."""
    return read_sheet(kept_file(connection, job.uid), encoding=job.plan.encoding, delimiter=job.plan.delimiter)


def add(connection: Connection, actor: Actor, uid: str, file_name: str, sheet: Sheet, plan: Plan) -> Job:
    values = {
        "uid": uid, "entity": plan.entity, "file_name": file_name, "headers": jsonio.text(sheet.headers),
        "samples": jsonio.text(_samples(sheet)), "plan": jsonio.text(plan.as_json()), "state": PLANNED, "total": len(sheet.rows),
        "counts": jsonio.text(dict.fromkeys(OUTCOMES, 0)), "user_id": actor.user_id, "face": actor.face, "via": actor.via,
        "created_at": int(time.time()),
    }  # fmt: skip
    return one(connection, actor, inserted_id(connection, jobs, values))


def _samples(sheet: Sheet) -> list[list[str]]:
    """The first cells of each column, for people to see what it holds."""
    return [[row.cells[place] for row in sheet.rows[:SAMPLES]] for place in range(len(sheet.headers))]


def one(connection: Connection, actor: Actor | None, job_id: int, *, lock: bool = False) -> Job:
    """Raises NotFound for what is not there, and for those of others unless an admin asks; `actor` None asks for all."""
    statement = select(jobs).where(jobs.c.id == job_id)
    row = connection.execute(locked(connection, statement) if lock else statement).one_or_none()
    if row is None or not (actor is None or actor.is_admin or row.user_id == actor.user_id):
        raise NotFound(f"There is no import {job_id}")
    return _job(row)


def newest(connection: Connection, actor: Actor, before: int | None = None, limit: int = 50) -> list[Job]:
    statement = select(jobs).order_by(jobs.c.id.desc()).limit(min(limit, MOST_SHOWN))
    if not actor.is_admin:
        statement = statement.where(jobs.c.user_id == actor.user_id)
    if before is not None:
        statement = statement.where(jobs.c.id < before)
    return [_job(row) for row in connection.execute(statement)]


def queued(connection: Connection) -> list[tuple[int, str]]:
    """(id, uid) of those that nobody has taken up yet."""
    found = connection.execute(select(jobs.c.id, jobs.c.uid).where(jobs.c.state == QUEUED).order_by(jobs.c.id))
    return [(row.id, row.uid) for row in found]


def group_of(connection: Connection, job: Job) -> str | None:
    return connection.execute(select(change_group.c.id).where(change_group.c.id == job.uid)).scalar()


def groups_of(connection: Connection, some: Sequence[Job]) -> dict[str, str | None]:
    """Of those that changed anything: the uid, and the group that undid it."""
    groups = select(change_group.c.id, change_group.c.undone_by).where(change_group.c.id.in_([job.uid for job in some]))
    return {row.id: row.undone_by for row in connection.execute(groups)}


def plan_anew(connection: Connection, actor: Actor, job_id: int, plan: Plan, sheet: Sheet) -> Job:
    """Keep another plan for a file that has not begun, with the file as it is read by it."""
    job = _planned(connection, actor, job_id)
    read = {
        "headers": jsonio.text(sheet.headers), "samples": jsonio.text(_samples(sheet)), "total": len(sheet.rows),
        "plan": jsonio.text(plan.as_json()),
    }  # fmt: skip
    connection.execute(update(jobs).where(jobs.c.id == job.id).values(**read))
    return one(connection, actor, job.id)


def queue(connection: Connection, actor: Actor, job_id: int) -> Job:
    """Let it begin as soon as the engine has time; raises Conflict when it has begun before."""
    job = _planned(connection, actor, job_id)
    connection.execute(update(jobs).where(jobs.c.id == job.id).values(state=QUEUED))
    return one(connection, actor, job.id)


def _planned(connection: Connection, actor: Actor, job_id: int) -> Job:
    job = one(connection, actor, job_id, lock=True)
    if job.state != PLANNED:
        raise Conflict(f"Import {job.id} is {job.state}: it starts once. Upload the file again for another import.")
    return job


def cancel(connection: Connection, actor: Actor, job_id: int) -> Job:
    """Bring in no more of it: what is in stays, and can be undone. Raises Conflict when it has ended."""
    job = one(connection, actor, job_id, lock=True)
    if job.state not in (PLANNED, *OPEN):
        raise Conflict(f"Import {job.id} is {job.state} already.")
    end(connection, job.id, CANCELLED)
    return one(connection, actor, job.id)


def begin(connection: Connection, job_id: int) -> bool:
    """Whether it is to run."""
    started = update(jobs).where(jobs.c.id == job_id, jobs.c.state == QUEUED)
    connection.execute(started.values(state=RUNNING, started_at=int(time.time())))
    return one(connection, None, job_id).state == RUNNING


def end(connection: Connection, job_id: int, state: str, error: str | None = None) -> None:
    """Note how it ended; what has ended stays as it is."""
    ended = update(jobs).where(jobs.c.id == job_id, jobs.c.state.in_((PLANNED, *OPEN)))
    now = int(time.time())
    if connection.execute(ended.values(state=state, error=error, finished_at=now)).rowcount and state in (DONE, FAILED):
        _tell(connection, one(connection, None, job_id), now)


def _tell(connection: Connection, job: Job, now: int) -> None:
    """Whoever started it has gone on with something else by now."""
    counts = ", ".join(f"{count:,} {outcome}" for outcome, count in job.counts.items() if count)
    words = (
        f"The import of {job.file_name} "
        + ("failed" if job.state == FAILED else "is finished")
        + (f": {counts}" if counts else "")
    )
    tell(connection, IMPORTED, job.uid, job.user_id, at=now, words=words, path=f"/imports/{job.id}")


def note_rows(connection: Connection, job: Job, noted: Sequence[dict[str, Any]]) -> None:
    """What became of some rows, in the transaction that wrote them."""
    counts = dict(job.counts)
    for row in noted:
        counts[row["outcome"]] += 1
    connection.execute(insert(rows), [{"job_id": job.id, **row} for row in noted])
    connection.execute(update(jobs).where(jobs.c.id == job.id).values(counts=jsonio.text(counts)))


def records_of(connection: Connection, job: Job) -> list[Row[Any]]:
    """`line` and `record_id` of the rows that are through and about a record."""
    known = select(rows.c.line, rows.c.record_id).where(rows.c.job_id == job.id, rows.c.record_id.is_not(None))
    return list(connection.execute(known.order_by(rows.c.line)))


def left_out(connection: Connection, job: Job, outcomes: Sequence[str], after: int = 0, limit: int = 1_000) -> list[Row[Any]]:
    """Rows of these outcomes in the order of the file, behind the line `after`."""
    statement = select(rows).where(rows.c.job_id == job.id, rows.c.outcome.in_(outcomes), rows.c.line > after)
    return list(connection.execute(statement.order_by(rows.c.line).limit(limit)))


def still_there(connection: Connection, actor: Actor, job: Job, limit: int) -> list[int]:
    """The records that it made and that are not deleted, as far as the actor sees them."""
    records = TABLES[job.plan.entity]
    made = select(records.c.id).join(rows, rows.c.record_id == records.c.id)
    made = made.where(rows.c.job_id == job.id, rows.c.outcome == NEW, visible(actor, job.plan.entity))
    return list(connection.execute(made.order_by(rows.c.line).limit(limit)).scalars())


def forget(connection: Connection, actor: Actor, job_id: int) -> Job:
    """Forget an import that does not run, with what became of its rows; the records stay. Raises Conflict."""
    job = one(connection, actor, job_id, lock=True)
    if job.state in OPEN:
        raise Conflict(f"Import {job.id} is {job.state}: cancel it first.")
    connection.execute(delete(rows).where(rows.c.job_id == job.id))
    connection.execute(delete(jobs).where(jobs.c.id == job.id))
    return job


def _job(row: Row[Any]) -> Job:
    return Job(
        row.id, row.uid, row.file_name, jsonio.decode(row.headers), jsonio.decode(row.samples),
        from_json(jsonio.decode(row.plan)), row.state, row.total, jsonio.decode(row.counts), row.error, row.user_id, row.face,
        row.via, row.created_at, row.started_at, row.finished_at,
    )  # fmt: skip
