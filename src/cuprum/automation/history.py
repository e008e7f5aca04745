"""What is known of runs and their steps: written by the run itself, read by whoever looks, kept when the engine has forgotten."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, tuple_, update

from cuprum.automation.node_types import ANSWER
from cuprum.automation.nodes.outcome import Wrote
from cuprum.connector.resources.base import as_number
from cuprum.kit import jsonio
from cuprum.kit.errors import Conflict, NotFound
from cuprum.storage import dialect
from cuprum.storage.automation_tables import automation_run as runs
from cuprum.storage.automation_tables import automation_step as steps
from cuprum.storage.automation_tables import automation_write as writes

# Of a run. `queued`: to be started, `parked`: something outside must change first, `failed`: it was refused.
QUEUED, RUNNING, DONE, FAILED, PARKED, DISCARDED = "queued", "running", "done", "failed", "parked", "discarded"
STATES = (QUEUED, RUNNING, DONE, FAILED, PARKED, DISCARDED)
# Of a step. `handled`: it failed, and an on-error node took it from there.
STEP_RUNNING, STEP_AGAIN, STEP_DONE, STEP_FAILED, STEP_HANDLED = "running", "again", "done", "failed", "handled"
# Why a run is parked.
UNAVAILABLE, NEEDS_REAUTH, AMBIGUOUS = "unavailable", "needs_reauth", "ambiguous"
REASONS = (UNAVAILABLE, NEEDS_REAUTH, AMBIGUOUS)

# A run's row holds what its steps said, within reason; the whole went to the next step.
LONGEST_SHOWN = 200_000
MOST_AT_A_TIME = 500


def milliseconds() -> int:
    return int(time.time() * 1000)


# --- runs


def add_run(
    connection: Connection, run_id: str, *, name: str, arguments: dict[str, Any], workflow_id: int | None, depth: int
) -> bool:
    """Note a run that is to start; False when the same id is there already."""
    values = {
        "id": run_id, "workflow_id": workflow_id, "name": name, "state": QUEUED, "attempt": 1, "depth": depth,
        "arguments": jsonio.text(arguments), "created_at": milliseconds(),
    }  # fmt: skip
    added = dialect.insert(connection, runs).values(**values).on_conflict_do_nothing().returning(runs.c.id)
    return connection.execute(added).first() is not None


def one_run(connection: Connection, run_id: str) -> Any:
    """The row; raises NotFound."""
    row = connection.execute(select(runs).where(runs.c.id == run_id)).first()
    if row is None:
        raise NotFound(f"There is no run {run_id}")
    return row


def list_runs(
    connection: Connection,
    *,
    workflow_id: int | None = None,
    state: str | None = None,
    reason: str | None = None,
    limit: int = 50,
    before: str | None = None,
) -> list[Any]:
    """Newest first; `before` is the id of the last run of the page before. Raises NotFound when it is gone."""
    statement = select(runs).order_by(runs.c.created_at.desc(), runs.c.id.desc()).limit(limit)
    if workflow_id is not None:
        statement = statement.where(runs.c.workflow_id == workflow_id)
    if state is not None:
        statement = statement.where(runs.c.state == state)
    if reason is not None:
        statement = statement.where(runs.c.reason == reason)
    if before is not None:
        last = one_run(connection, before)
        statement = statement.where(tuple_(runs.c.created_at, runs.c.id) < tuple_(last.created_at, last.id))
    return list(connection.execute(statement))


def dead_runs(connection: Connection, *, workflow_id: int | None, state: str | None, reason: str | None) -> list[str]:
    """The ids of what is parked or failed, the oldest first."""
    statement = select(runs.c.id).where(runs.c.state.in_((state,) if state else (PARKED, FAILED)))
    if workflow_id is not None:
        statement = statement.where(runs.c.workflow_id == workflow_id)
    if reason is not None:
        statement = statement.where(runs.c.reason == reason)
    return list(connection.execute(statement.order_by(runs.c.created_at).limit(MOST_AT_A_TIME)).scalars())


def last_runs(connection: Connection, each: int) -> dict[int, list[Any]]:
    """The last runs of every workflow, newest first: (id, workflow_id, state, reason, created_at)."""
    order = func.row_number().over(partition_by=runs.c.workflow_id, order_by=(runs.c.created_at.desc(), runs.c.id.desc()))
    shown = (runs.c.id, runs.c.workflow_id, runs.c.state, runs.c.reason, runs.c.created_at)
    ranked = select(*shown, order.label("number")).where(runs.c.workflow_id.is_not(None)).subquery()
    found: dict[int, list[Any]] = {}
    for row in connection.execute(select(ranked).where(ranked.c.number <= each).order_by(ranked.c.number)):
        found.setdefault(row.workflow_id, []).append(row)
    return found


def dead_counts(connection: Connection) -> dict[int | None, int]:
    """How many runs of each workflow are parked or failed."""
    statement = select(runs.c.workflow_id, func.count()).where(runs.c.state.in_((PARKED, FAILED))).group_by(runs.c.workflow_id)
    return {row[0]: row[1] for row in connection.execute(statement)}


def queued_runs(connection: Connection, before: int | None = None) -> list[tuple[str, int]]:
    """Runs that have not begun: (id, attempt), the oldest first; with `before` those made before that millisecond."""
    statement = select(runs.c.id, runs.c.attempt).where(runs.c.state == QUEUED).order_by(runs.c.created_at)
    if before is not None:
        statement = statement.where(runs.c.created_at < before).limit(MOST_AT_A_TIME)
    return [(row.id, row.attempt) for row in connection.execute(statement)]


def waiting_for(connection: Connection, working: Iterable[str]) -> list[str]:
    """Runs that are parked until a connection is authorised again, where that is one of the `working`."""
    parked = select(runs.c.id, runs.c.error).where(runs.c.state == PARKED, runs.c.reason == NEEDS_REAUTH)
    names = set(working)
    found = connection.execute(parked.order_by(runs.c.created_at).limit(MOST_AT_A_TIME))
    return [row.id for row in found if jsonio.decode(row.error or "{}").get("connection") in names]


def begin(connection: Connection, run_id: str, prefix: str) -> dict[str, Any]:
    """The moment it begins, the one at which it first did, and what is done already of the places that start so."""
    now = milliseconds()
    if not prefix:
        connection.execute(
            update(runs)
            .where(runs.c.id == run_id)
            .values(
                state=RUNNING, started_at=func.coalesce(runs.c.started_at, now),
                finished_at=None, reason=None, error=None, place=None,
            )
        )  # fmt: skip
    started_at = connection.execute(select(runs.c.started_at).where(runs.c.id == run_id)).scalar() or now
    kept = select(steps).where(steps.c.run_id == run_id, steps.c.state.in_((STEP_DONE, STEP_HANDLED)))
    if prefix:
        kept = kept.where(steps.c.place.startswith(prefix, autoescape=True))
    done = {
        row.place: {
            "state": row.state,
            "output": jsonio.decode(row.output or "null"),
            "error": jsonio.decode(row.error or "null"),
            "at": row.finished_at / 1000,
        }
        for row in connection.execute(kept)
    }
    return {"at": now / 1000, "started_at": started_at / 1000, "done": done}


def finish(connection: Connection, run_id: str, values: dict[str, Any]) -> Any:
    """Note how a run ended; its row, or None when that was noted before, or somebody gave it up."""
    ended = (
        update(runs)
        .where(runs.c.id == run_id, runs.c.state.in_((QUEUED, RUNNING)))
        .values(
            state=values["state"],
            reason=values.get("reason"),
            outputs=jsonio.text(values["outputs"]) if values.get("outputs") is not None else None,
            error=jsonio.text(values["error"]) if values.get("error") else None,
            place=(values.get("error") or {}).get("place"),
            finished_at=milliseconds(),
        )
    )
    return connection.execute(ended.returning(*runs.c)).first()


def reopen(connection: Connection, run_id: str, *, given: dict[str, Any] | None, repeat: bool) -> int:
    """Queue a parked or failed run again from the step that failed; returns the number of the attempt.

    `given` takes the place of the step's input. `repeat` sends a write again although it may have happened.
    """
    row = connection.execute(dialect.locked(connection, select(runs).where(runs.c.id == run_id))).first()
    if row is None:
        raise NotFound(f"There is no run {run_id}")
    if row.state not in (FAILED, PARKED):
        raise Conflict(f"Run {run_id} is {row.state}: only what failed or is parked can be tried again")
    arguments = jsonio.decode(row.arguments)
    if given is not None:
        if not row.place:
            raise Conflict(f"Run {run_id} did not fail in a step whose input could be edited")
        edits = arguments.setdefault("edits", {})
        edits[row.place] = {"input": given, "edition": edits.get(row.place, {}).get("edition", 0) + 1}
    if row.place and (repeat or given is not None):
        connection.execute(update(steps).where(*_at(run_id, row.place)).values(sent_at=None))
    attempt = row.attempt + 1
    values = {"state": QUEUED, "attempt": attempt, "arguments": jsonio.text(arguments)}
    connection.execute(update(runs).where(runs.c.id == run_id).values(**values))
    return attempt


def discard(connection: Connection, run_id: str) -> None:
    """Give a parked or failed run up."""
    row = one_run(connection, run_id)
    if row.state not in (FAILED, PARKED):
        raise Conflict(f"Run {run_id} is {row.state}: only what failed or is parked can be discarded")
    connection.execute(update(runs).where(runs.c.id == run_id).values(state=DISCARDED))


def forget_old(connection: Connection, before: int, most: int = 200) -> int:
    """Delete finished runs that were made before that millisecond, at most so many; the number deleted."""
    old = select(runs.c.id).where(runs.c.created_at < before, runs.c.state.in_((DONE, DISCARDED))).limit(most)
    ids = list(connection.execute(old).scalars())
    if ids:
        connection.execute(delete(runs).where(runs.c.id.in_(ids)))
    return len(ids)


# --- steps


@dataclass(frozen=True)
class Begun:
    """What is known of a step that begins: the second at which an earlier attempt sent a write whose outcome is unknown;
    or what it said and when, where it was done already."""

    sent_at: int | None = None
    said: dict[str, Any] | None = None


def begin_step(connection: Connection, run_id: str, step: dict[str, Any]) -> Begun:
    """Note that a step begins, unless it was done: the process may have been killed before the engine heard of it."""
    row = connection.execute(select(steps).where(*_at(run_id, step["place"]))).first()
    if row and row.state == STEP_DONE:
        return Begun(said={"output": jsonio.decode(row.output or "null"), "at": row.finished_at / 1000})
    values = {"state": STEP_RUNNING, "input": _shown(step.get("input")), "attempts": (row.attempts if row else 0) + 1}
    if row:
        connection.execute(update(steps).where(*_at(run_id, step["place"])).values(**values))
        return Begun(row.sent_at)
    fixed = {"run_id": run_id, "place": step["place"], "node": step["node"], "type": step["type"], "started_at": milliseconds()}
    connection.execute(insert(steps).values(**fixed, **values))
    return Begun()


def note_sent(connection: Connection, run_id: str, place: str) -> None:
    """A write goes out now: from here on it may have happened."""
    connection.execute(update(steps).where(*_at(run_id, place), steps.c.sent_at.is_(None)).values(sent_at=int(time.time())))


def end_step(
    connection: Connection, run_id: str, place: str, output: Any, wrote: Iterable[Wrote] = (), group: str | None = None
) -> float:
    """Note what a step put out and what it wrote; the second at which it ended."""
    now = milliseconds()
    said = {"state": STEP_DONE, "output": jsonio.text(output), "error": None, "sent_at": None, "finished_at": now}
    connection.execute(update(steps).where(*_at(run_id, place)).values(**said, wrote_group=group))
    for one in wrote:
        key = {"run_id": run_id, "place": place, "entity": one.entity, "record_id": one.record_id}
        values = {"version": one.version, "custom_fields": jsonio.text(one.custom_fields)}
        put = dialect.insert(connection, writes).values(**key, **values)
        connection.execute(put.on_conflict_do_update(index_elements=list(key), set_=values))
    return now / 1000


def fail_step(connection: Connection, run_id: str, place: str, state: str, error: Any, *, may_have_happened: bool) -> None:
    values: dict[str, Any] = {"state": state, "error": jsonio.text(error), "finished_at": milliseconds()}
    if not may_have_happened:
        values["sent_at"] = None
    connection.execute(update(steps).where(*_at(run_id, place)).values(**values))


def handle_step(connection: Connection, run_id: str, place: str, state: str) -> None:
    """The failure of the step at this place is taken care of (or, with `failed`, that was taken back)."""
    connection.execute(update(steps).where(*_at(run_id, place)).values(state=state, finished_at=milliseconds()))


def steps_of(connection: Connection, run_id: str) -> list[Any]:
    """In the order in which they began."""
    return list(connection.execute(select(steps).where(steps.c.run_id == run_id).order_by(steps.c.started_at, steps.c.place)))


def one_step(connection: Connection, run_id: str, place: str) -> Any:
    """The row, or None."""
    return connection.execute(select(steps).where(*_at(run_id, place))).first()


def answering_step(connection: Connection, run_id: str) -> Any:
    """The first step done whose output is the answer to whoever called the run's webhook, or None."""
    done = select(steps).where(steps.c.run_id == run_id, steps.c.type == ANSWER, steps.c.state == STEP_DONE)
    return connection.execute(done.order_by(steps.c.finished_at).limit(1)).first()


def author_of(connection: Connection, entity: str, record_id: int, version: int | None) -> Any:
    """The run (id, workflow_id, depth) that wrote this version of a record (None: that deleted it), or None."""
    statement = (
        select(runs.c.id, runs.c.workflow_id, runs.c.depth)
        .join(writes, writes.c.run_id == runs.c.id)
        .where(writes.c.entity == entity, writes.c.record_id == record_id, writes.c.version == (version or 0))
        .order_by(runs.c.created_at.desc())
        .limit(1)
    )
    return connection.execute(statement).first()


@dataclass(frozen=True)
class Write:
    """What a step was given (None where it was too long to be kept), the custom fields that it sent (None where that was not
    noted), and the record as its answer showed it."""

    given: Any
    custom_fields: frozenset[str] | None
    record: dict[str, Any]


def writes_of(connection: Connection, entity: str, record_id: int, version: int) -> list[Write]:
    """What runs wrote to a record within the hour up to that version, the latest first."""
    recent = writes.c.version.between(max(1, version - 3_600), version)
    found = (
        select(steps.c.input, steps.c.output, writes.c.custom_fields)
        .join(steps, (steps.c.run_id == writes.c.run_id) & (steps.c.place == writes.c.place))
        .where(writes.c.entity == entity, writes.c.record_id == record_id, recent)
    )
    return [_write(row, record_id) for row in connection.execute(found.order_by(writes.c.version.desc()).limit(100))]


def _write(row: Any, record_id: int) -> Write:
    given, output = jsonio.decode(row.input or "null"), jsonio.decode(row.output or "null")
    is_whole = not (isinstance(given, dict) and given.keys() == {"left_out"})
    sent = jsonio.decode(row.custom_fields or "null")
    custom_fields = None if sent is None else frozenset(map(str, sent))
    return Write(given if is_whole else None, custom_fields, _record_in((output or {}).get("raw"), record_id))


def _record_in(raw: Any, record_id: int) -> dict[str, Any]:
    """The record in an answer, which may hold several."""
    held = raw if isinstance(raw, list) else [raw, *raw.values()] if isinstance(raw, dict) else []
    return next((one for one in held if isinstance(one, dict) and as_number(one.get("id")) == record_id), {})


def author_of_group(connection: Connection, group: str) -> Any:
    """The run (id, workflow_id, depth) that made these changes, or None."""
    statement = select(runs.c.id, runs.c.workflow_id, runs.c.depth).join(steps, steps.c.run_id == runs.c.id)
    return connection.execute(statement.where(steps.c.wrote_group == group).limit(1)).first()


def writing(connection: Connection, entity: str) -> set[tuple[str, str]]:
    """The steps (run, place) that may be writing a record of that entity at this moment."""
    statement = (
        select(steps.c.run_id, steps.c.place, steps.c.type)
        .join(runs, runs.c.id == steps.c.run_id)
        .where(runs.c.state == RUNNING, steps.c.state == STEP_RUNNING, steps.c.type.startswith("copper/"))
        .where(steps.c.started_at > milliseconds() - 60_000)
    )
    return {(row.run_id, row.place) for row in connection.execute(statement) if entity in row.type.lower()}


def _at(run_id: str, place: str) -> tuple[Any, Any]:
    return steps.c.run_id == run_id, steps.c.place == place


def _shown(value: Any) -> str | None:
    if value is None:
        return None
    text = jsonio.text(value)
    return text if len(text) <= LONGEST_SHOWN else jsonio.text({"left_out": f"{len(text):,} characters"})
