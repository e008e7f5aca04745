"""The imports there were and are: who brought in which file, when, how far it is, and its undo."""

from __future__ import annotations

from typing import Any

from cuprum.entities import ENTITIES
from cuprum.entities.reading import LARGEST_ID
from cuprum.records.work import Work
from cuprum.transfer import imports
from cuprum.transfer.decide import CHANGED, NEW, REFUSED, REPEATED, SAME
from cuprum.web.visit import Page, Visit

_MOST = 50
WORDS = {NEW: "new", CHANGED: "changed", SAME: "there already", REPEATED: "repeated", REFUSED: "refused"}


def imports_page(work: Work, visit: Visit) -> Page:
    before = visit.query.get("before", "")
    known = before.isascii() and before.isdecimal() and len(before) < 20 and int(before) <= LARGEST_ID
    found = imports.newest(work.connection, work.actor, int(before) if known else None, _MOST + 1)
    groups = imports.groups_of(work.connection, found)
    words = {
        "imports": [shown(work, job, groups) for job in found[:_MOST]], "outcomes": WORDS,
        "before": found[_MOST - 1].id if len(found) > _MOST else None,
    }  # fmt: skip
    return Page("imports/list.html", words)


def shown(work: Work, job: imports.Job, groups: dict[str, str | None]) -> dict[str, Any]:
    """An import as its pages show it; `group` is that of its changes, as long as it can be undone."""
    user = work.vocabulary.words["user"].get(job.user_id)
    group = job.uid if job.uid in groups and groups[job.uid] is None else None
    return {
        "job": job, "who": user["name"] if user else "Somebody", "plural": ENTITIES[job.plan.entity].plural, "group": group,
        "is_undone": groups.get(job.uid) is not None, "is_open": job.state in imports.OPEN,
        "is_planned": job.state == imports.PLANNED,
    }  # fmt: skip
