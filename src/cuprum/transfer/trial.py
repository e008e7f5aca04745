"""The dry run: what an import would do with every row, by the rules of the import itself, and nothing written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cuprum.records.work import Work
from cuprum.transfer.decide import OUTCOMES, Outcome, decide
from cuprum.transfer.matches import Seen
from cuprum.transfer.plan import Plan
from cuprum.transfer.sheet import Row, Sheet
from cuprum.transfer.targets import targets

# How many rows of each outcome are shown.
MOST_SHOWN = 100
_AT_ONCE = 500


@dataclass
class Trial:
    """`counts` by outcome, and the first rows of each."""

    total: int
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    rows: dict[str, list[tuple[Row, Outcome]]] = field(default_factory=lambda: {kind: [] for kind in OUTCOMES})

    def as_json(self) -> dict[str, Any]:
        """The rows with line, reason, record and cells."""
        shown = {
            kind: [
                {"line": row.line, "reason": outcome.reason, "record_id": outcome.record_id, "cells": row.cells}
                for row, outcome in some
            ]
            for kind, some in self.rows.items()
        }
        return {"total": self.total, "counts": self.counts, "rows": shown}


def try_out(work: Work, plan: Plan, sheet: Sheet) -> Trial:
    """Look at every row; `work` may be a reader's."""
    trial, seen, known = Trial(len(sheet.rows)), Seen(), targets(plan.entity, work.vocabulary)
    for start in range(0, len(sheet.rows), _AT_ONCE):
        part = sheet.rows[start : start + _AT_ONCE]
        for row, outcome in zip(part, decide(work, plan, known, part, seen, write=False), strict=True):
            trial.counts[outcome.kind] += 1
            if len(trial.rows[outcome.kind]) < MOST_SHOWN:
                trial.rows[outcome.kind].append((row, outcome))
    return trial
