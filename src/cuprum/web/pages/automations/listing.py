"""The automations of the account: what starts each, whether it is on, how its last runs went; new, on, off, gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cuprum.automation import doors, history, workflows
from cuprum.automation.connections import stored_connections
from cuprum.automation.node_types import MANUAL
from cuprum.automation.starting import Beginning
from cuprum.automation.templates import BLANK, TEMPLATES
from cuprum.automation.triggers.enabling import copper_triggers
from cuprum.automation.words import trigger_in_words
from cuprum.automation.workflow_file import BadWorkflow
from cuprum.automation.workflows import Kept
from cuprum.kit.errors import CuprumError
from cuprum.records.work import Work
from cuprum.web.desk import State, View
from cuprum.web.pages.automations.guard import only_admins
from cuprum.web.pages.automations.marks import Mark, mark_of
from cuprum.web.visit import GoTo, Page, Visit

_EACH = 5


@dataclass(frozen=True)
class Row:
    """`dead` are the runs that wait for somebody."""

    kept: Kept
    label: str
    starts: str
    addresses: list[str]
    runs: list[tuple[Any, Mark]]
    dead: int
    may_start: bool
    has_other_name: bool


def automations(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    only_admins(work)
    kept = workflows.all_of(work.connection)
    last, dead = history.last_runs(work.connection, _EACH), history.dead_counts(work.connection)
    rows = [_row(work, visit.address, one, last.get(one.id, []), dead.get(one.id, 0)) for one in kept]
    told = trouble.troubles if isinstance(trouble, BadWorkflow) else [trouble] if trouble else []
    about = next((row for row in rows if trouble and str(row.kept.id) == visit.parameters.get("id")), None)
    words = {"rows": rows, "troubles": told, "about": about, "others_dead": dead.get(None, 0)}
    return Page("automations/list.html", words, status=trouble.status if trouble else 200)


def _row(work: Work, address: str, kept: Kept, last: list[Any], dead: int) -> Row:
    triggers = kept.workflow.get("triggers") or []
    starts = "; ".join(map(trigger_in_words, triggers)) or "When it is started by hand"
    only_by_hand = all(one.get("type") in MANUAL for one in triggers)
    runs = [(run, mark_of(run.state, run.reason)) for run in last]
    addresses = list(doors.addresses(work.settings, kept, at=address).values())
    label = str(kept.workflow.get("label") or kept.name)
    return Row(kept, label, starts, addresses, runs, dead, only_by_hand, kept.name not in (label, workflows.plain_name(label)))


def new(work: Work, visit: Visit) -> Page:
    """Where to begin: from a template, from nothing, or from a file."""
    only_admins(work)
    shown = [(one, "; ".join(map(trigger_in_words, one.workflow["triggers"]))) for one in TEMPLATES]
    return Page("automations/new.html", {"templates": shown, "blank": BLANK})


def switch(work: Work, visit: Visit) -> GoTo:
    """On or off. `skip`: what happened meanwhile starts nothing."""
    only_admins(work)
    is_on = visit.fields.get("on") == "1"
    kept = workflows.by_id(work.connection, visit.id)
    # The only connection that there is becomes its own: another one that comes later changes nothing.
    known = [one.name for one in stored_connections(work.connection)]
    bound = workflows.bound(kept.workflow, kept.connections, known) if is_on else None
    skip = visit.fields.get("skip") == "1"
    workflows.change(
        work.connection, visit.id, enabled=is_on, connections=bound, skip=skip, user_id=work.actor.user_id, group=work.group
    )
    return GoTo(visit.next("/automations"), done="")


def start(state: State, visit: Visit) -> View:
    """By hand, what has no other trigger."""
    kept = state.database.read_now(workflows.by_id, visit.id)
    names = [one["name"] for one in kept.workflow.get("triggers") or []]
    run_id = state.starter().start_run(kept.id, Beginning({}, names[0] if names else None, None))
    return lambda work, visit: GoTo(f"/automations/runs/{run_id}", done="")


def ask_to_remove(work: Work, visit: Visit) -> Page:
    only_admins(work)
    kept = workflows.by_id(work.connection, visit.id)
    listens = bool(list(copper_triggers(kept.workflow))) and kept.enabled
    return Page("automations/remove.html", {"kept": kept, "listens": listens})


def remove(work: Work, visit: Visit) -> GoTo:
    only_admins(work)
    workflows.remove(work.connection, visit.id, group=work.group)
    return GoTo("/automations", done="")
