"""Runs: all, or of one automation; each with its steps, what went wrong, and the ways on from there."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from cuprum.automation import history, workflows
from cuprum.automation.checking import every_task
from cuprum.automation.showing import run_json, summary
from cuprum.automation.words import kind_in_words, step_in_words
from cuprum.kit import jsonio
from cuprum.kit.errors import CuprumError, Invalid, NotFound, Problem
from cuprum.records.work import Work
from cuprum.web.desk import State, View
from cuprum.web.pages.automations.guard import only_admins
from cuprum.web.pages.automations.marks import FAILED_STATES, mark_of, mark_of_step
from cuprum.web.visit import GoTo, Page, Unchanged, Visit

_SHOWN = 50
_OPEN = (history.QUEUED, history.RUNNING)


def runs(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page | Unchanged:
    """Newest first; a script that watches them asks again with what it has seen."""
    only_admins(work)
    asked = visit.query
    chosen = asked.get("workflow", "")
    kept = workflows.all_of(work.connection)
    one = next((one for one in kept if str(one.id) == chosen), None)
    state = asked["state"] if asked.get("state") in history.STATES else None
    try:
        rows = history.list_runs(
            work.connection,
            workflow_id=one.id if one else None,
            state=state,
            before=asked.get("before") or None,
            limit=_SHOWN + 1,
        )
    except NotFound:
        # The run that the last page ended with is forgotten by now.
        rows = history.list_runs(work.connection, workflow_id=one.id if one else None, state=state, limit=_SHOWN + 1)
    shown = [{**summary(row), "mark": mark_of(row.state, row.reason), "seconds": _seconds(row)} for row in rows[:_SHOWN]]
    seen = sha256(repr([(row["id"], row["state"], row["attempt"]) for row in shown]).encode()).hexdigest()[:16]
    if visit.is_part and visit.query.get("seen") == seen:
        return Unchanged()
    words = {
        "seen": seen, "is_first": "before" not in asked,
        "runs": shown, "kept": kept, "one": one, "state": state, 
        "states": [(name, mark_of(name).word) for name in history.STATES],
        "earlier": shown[-1]["id"] if len(rows) > _SHOWN else None, "trouble": trouble,
        "dead": any(row["state"] in FAILED_STATES for row in shown),
    }  # fmt: skip
    return Page("automations/runs.html", words, part="rows", status=trouble.status if trouble else 200)


def _seconds(row: Any) -> float | None:
    began = row.started_at or row.created_at
    return None if row.finished_at is None else max(0, row.finished_at - began) / 1000


def run(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page | Unchanged:
    """One run; a script that watches it asks again with what it has seen."""
    only_admins(work)
    found = run_json(work.connection, visit.parameters["id"])
    ended = max((one["finished_at"] or 0 for one in found["steps"]), default=0)
    seen = f"{found['attempt']}-{found['state']}-{len(found['steps'])}-{ended}"
    if visit.is_part and not visit.form and visit.query.get("seen") == seen:
        return Unchanged()
    row = history.one_run(work.connection, found["id"])
    arguments = jsonio.decode(row.arguments)
    labels = {task["name"]: step_in_words(task) for _, task in every_task(arguments.get("tasks"))}
    steps = [
        {
            **one,
            "number": number,
            "words": labels.get(one["node"]) or kind_in_words(one["type"]),
            "kind": kind_in_words(one["type"]),
            "mark": mark_of_step(one["state"]),
            "seconds": _between(one),
        }
        for number, one in enumerate(found["steps"], 1)
    ]
    error = {"message": "", "details": {}, "connection": None, **(found["error"] or {})}
    failed = next((one for one in steps if one["place"] == error.get("place")), None)
    names = arguments.get("names") or {}
    typed = visit.fields.get("input")
    words = {
        "run": found, "mark_": mark_of(found["state"], found["reason"]), "steps": steps, "error": error,
        "failed": failed, "seen": seen,
        "seconds": _seconds(row), "names": names, "is_open": found["state"] in _OPEN, "trouble": trouble,
        "input": typed if typed is not None else _text(failed["input"]) if failed else "",
    }  # fmt: skip
    return Page("automations/run.html", words, part="run", status=trouble.status if trouble else 200)


def _between(step: dict[str, Any]) -> float | None:
    return None if step["finished_at"] is None else max(0, step["finished_at"] - step["started_at"]) / 1000


def _text(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, indent=2)


def retry(state: State, visit: Visit) -> View:
    """From the step that failed; with `input` in the place of its input, with `repeat` though it may have happened."""
    fields = visit.fields
    given = _object(fields["input"]) if "input" in fields else None
    state.starter().retry(visit.parameters["id"], given=given, repeat=fields.get("repeat") == "1")
    address = f"/automations/runs/{visit.parameters['id']}"
    return lambda work, visit: GoTo(address, done="")


def _object(text: str) -> dict[str, Any]:
    try:
        given = jsonio.decode_untrusted(text.encode("utf-8"))
    except (CuprumError, UnicodeEncodeError) as trouble:
        raise Invalid(Problem("input", f"cannot be read: {trouble}")) from None
    if not isinstance(given, dict):
        raise Invalid(Problem("input", "must be an object: { … }"))
    return given


def retry_all(state: State, visit: Visit) -> View:
    """All that failed or are parked, of one automation where that is asked."""
    chosen = visit.fields.get("workflow", "")
    only = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19 else None
    starter = state.starter()
    for run_id in state.database.read_now(history.dead_runs, workflow_id=only, state=None, reason=None):
        try:
            starter.retry(run_id)
        except CuprumError:
            # Somebody else was faster.
            continue
    there = visit.next("/automations/runs")
    return lambda work, visit: GoTo(there, done="")


def discard(work: Work, visit: Visit) -> GoTo:
    only_admins(work)
    history.discard(work.connection, visit.parameters["id"])
    return GoTo(f"/automations/runs/{visit.parameters['id']}", done="")
