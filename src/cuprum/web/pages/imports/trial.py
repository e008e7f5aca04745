"""The dry run as a page: how many rows would be new, changed, there already, repeated and refused, with examples of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cuprum.entities import ENTITIES, field, kinds
from cuprum.records.naming import names_of
from cuprum.records.person_name import PARTS
from cuprum.records.wire_values import wire_of
from cuprum.records.work import Work
from cuprum.transfer import imports
from cuprum.transfer.decide import CHANGED, NEW, Outcome
from cuprum.transfer.trial import Trial, try_out
from cuprum.web.facts import Fact, facts_of
from cuprum.web.pages.imports.listed import WORDS
from cuprum.web.visit import Answer, GoTo, Page, Visit

_EXAMPLES = {NEW: 3, CHANGED: 5}
_REASONS = 20
# A file of more is looked at while the page shows that this takes a while.
_AT_ONCE = 500


def trial_page(work: Work, visit: Visit) -> Answer:
    job = imports.one(work.connection, work.actor, visit.id)
    if job.state != imports.PLANNED or not job.total:
        return GoTo(f"/imports/{job.id}")
    is_asked = visit.is_part or "now" in visit.query or job.total <= _AT_ONCE
    trial = try_out(work, job.plan, imports.sheet_of(work.connection, job)) if is_asked else None
    words = {
        "job": job, "trial": trial, "outcomes": WORDS, "plural": ENTITIES[job.plan.entity].plural,
        "record": ENTITIES[job.plan.entity], "examples": _examples(work, job, trial) if trial else {},
    }  # fmt: skip
    return Page("imports/trial.html", words, part="trial")


def _examples(work: Work, job: imports.Job, trial: Trial) -> dict[str, list[dict[str, Any]]]:
    """The first rows of each outcome: what would change, or why nothing does."""
    names = _names(work, job, trial)
    return {
        kind: [
            {
                "line": row.line, "cells": list(filter(None, row.cells))[:4], "reason": outcome.reason,
                "id": outcome.record_id, "name": names.get(outcome.record_id),
                "changes": list(_changes(work, job.plan.entity, outcome)),
            }
            for row, outcome in rows[: _EXAMPLES.get(kind, _REASONS)]
        ]
        for kind, rows in trial.rows.items()
        if rows
    }  # fmt: skip


def _names(work: Work, job: imports.Job, trial: Trial) -> dict[int | None, str]:
    ids = {outcome.record_id for rows in trial.rows.values() for _, outcome in rows[:_REASONS] if outcome.record_id}
    return {record_id: name for (_, record_id), name in names_of(work, {(job.plan.entity, one) for one in ids}).items()}


def _changes(work: Work, entity: str, outcome: Outcome) -> Iterator[tuple[Fact, Fact]]:
    """Each fact that changes, as it stands and as it would be."""
    if not outcome.after:
        return
    before = {one.name: one for one in facts_of(work, entity, _wire(work, entity, outcome.before))}
    for fact in facts_of(work, entity, _wire(work, entity, {**outcome.before, **outcome.after})):
        if fact.name in PARTS:
            # They follow from the whole name, which is shown.
            continue
        if fact.made_by and outcome.after.get(fact.made_by):
            # A company that the import makes is known by its name alone.
            fact = replace(fact, control="text", value=f"{outcome.after[fact.made_by]} (new)")
        if fact.value != before[fact.name].value and not (fact.is_blank and before[fact.name].is_blank):
            yield before[fact.name], fact


def _wire(work: Work, entity: str, values: Mapping[str, Any]) -> dict[str, Any]:
    record = ENTITIES[entity]
    known = {name: value for name, value in values.items() if name in record.model_fields}
    stored = {name: value for name, value in known.items() if not isinstance(field(record, name).kind, kinds.Joined)}
    return {name: wire_of(work, entity, name, value) for name, value in stored.items()}
