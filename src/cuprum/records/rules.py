"""Which rules each entity has beside the general ones: one file an entity, listed here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cuprum.records import activity, company, lead, opportunity, person, project, task
from cuprum.records.draft import Draft
from cuprum.records.unique import Held
from cuprum.records.work import Work


def _nothing_unique(work: Work, values: Mapping[str, Any], record_id: int) -> Iterable[Held]:
    return ()


@dataclass(frozen=True)
class Rules:
    """`prepare` completes and checks a draft before it is written, `follow` does what a write brings with it.

    `held(work, values, record_id)` names the unique ones among `values` that a record other than `record_id` holds.
    """

    prepare: Callable[[Draft], None]
    follow: Callable[[Draft, int], None]
    held: Callable[[Work, Mapping[str, Any], int], Iterable[Held]] = _nothing_unique


RULES = {
    "lead": Rules(lead.prepare, lead.follow),
    "person": Rules(person.prepare, person.follow, person.held),
    "company": Rules(company.prepare, company.follow, company.held),
    "opportunity": Rules(opportunity.prepare, opportunity.follow),
    "project": Rules(project.prepare, project.follow),
    "task": Rules(task.prepare, task.follow),
    "activity": Rules(activity.prepare, activity.follow),
}
