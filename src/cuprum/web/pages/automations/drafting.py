"""What a pressed button does to a draft: steps that come, go and move, the check, the try-out, and saving."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from cuprum.automation import editing, passing, starting, workflows
from cuprum.automation.checking import check_workflow, every_task, not_filled_in
from cuprum.automation.connections import stored_connections
from cuprum.automation.words import step_in_words
from cuprum.automation.workflow_file import BadWorkflow
from cuprum.kit.errors import Conflict, CuprumError, Malformed
from cuprum.kit.uuid7 import uuid7
from cuprum.records.work import Work
from cuprum.web.desk import State, View, told, work_of
from cuprum.web.pages.automations import editor
from cuprum.web.pages.automations.brought import draft_of
from cuprum.web.pages.automations.draft import Draft
from cuprum.web.pages.automations.files import edition
from cuprum.web.pages.automations.guard import only_admins
from cuprum.web.pages.automations.nodes import nodes_of
from cuprum.web.pages.automations.picking import picking, take_picked
from cuprum.web.pages.automations.samples import event_of
from cuprum.web.pages.automations.tried import in_words
from cuprum.web.visit import GoTo, Page, Visit


def change(state: State, visit: Visit) -> View:
    """What the pressed button says, done to the draft; nothing is kept yet."""
    draft = draft_of(visit)
    verb, _, rest = visit.fields.get("do", "").partition("|")
    match verb:
        case "pick":
            path, _, page = rest.rpartition("|")
            draft.picking = picking(state, draft, path, int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1)
        case "picked":
            take_picked(draft, rest)
        case _:
            _do(draft, verb, rest.split("|"))
    return editor.shown(draft)


def _do(draft: Draft, verb: str, what: list[str]) -> None:
    workflow, place = draft.workflow, what[0]
    number = int(what[1]) if len(what) > 1 and what[1].isascii() and what[1].isdecimal() and len(what[1]) < 7 else 0
    match verb:
        case "choose":
            draft.choosing = ("step", place, number)
        case "choose-trigger":
            draft.choosing = ("trigger", "triggers", number)
        case "put" if len(what) == 3:
            draft.focus, draft.is_new_there = editing.add_step(workflow, place, number, what[2]), True
        case "set-trigger" if len(what) == 3:
            editing.set_trigger(workflow, number, what[2])
            draft.focus, draft.is_new_there = f"triggers[{number}]", True
        case "remove":
            editing.remove(workflow, place)
        case "up" | "down":
            draft.focus = editing.move(workflow, place, -1 if verb == "up" else 1)
        case "rename":
            draft.focus = place
        case "case":
            editing.add_case(workflow, place)
        case "or":
            editing.add_alternative(workflow, place)
        case "formula":
            editing.by_formula(workflow, place)
        case "compare":
            editing.by_comparisons(workflow, place)


def check(state: State, visit: Visit) -> View:
    """What is wrong with it as it stands."""
    draft = draft_of(visit)
    return editor.shown(draft, part="checked")


def again(work: Work, visit: Visit, trouble: CuprumError) -> Page:
    only_admins(work)
    if isinstance(trouble, Malformed):
        return told(trouble)(work, visit)  # type: ignore[return-value]
    page: Page = editor.shown(draft_of(visit), trouble=trouble)(work, visit)  # type: ignore[assignment]
    return page


def save(work: Work, visit: Visit) -> GoTo:
    """Keep it: a new one, or a new version; runs that are under way keep theirs."""
    only_admins(work)
    draft = draft_of(visit)
    if draft.troubles:
        raise BadWorkflow(*draft.troubles)
    db = work.connection
    # With one connection there is nothing to choose.
    there = [one.name for one in stored_connections(db)]
    if len(there) == 1 and not draft.connections.get("copper"):
        draft.connections.setdefault("", there[0])
    if draft.id is None:
        label = str(draft.workflow.get("label") or "")
        kept = workflows.add(
            db,
            draft.workflow,
            name=workflows.free_name(db, label),
            connections=draft.connections,
            user_id=work.actor.user_id,
            group=work.group,
        )
    else:
        before = workflows.by_id(db, draft.id)
        if edition(before) != draft.was:
            raise Conflict(
                "Somebody else saved this automation meanwhile. What you typed is still here: "
                "open the automation in another tab to see theirs."
            )
        shown = {"", *(node.name for one in (before.workflow, draft.workflow) for node in nodes_of(one, {}))}
        # What the form says nothing of stays.
        known = {name: value for name, value in before.connections.items() if name not in shown}
        connections = {**known, **draft.connections}
        read = copy.deepcopy(draft.workflow)
        kept = workflows.change(db, draft.id, read=read, connections=connections, user_id=work.actor.user_id, group=work.group)
    return GoTo(f"/automations/{kept.id}?saved=1", done="")


def try_out(state: State, visit: Visit) -> View:
    """Go through it with a sample, write nothing, and show each step."""
    draft = draft_of(visit)
    check_workflow(draft.workflow)
    listed = [*draft.troubles, *not_filled_in(draft.workflow)]
    if listed:
        raise BadWorkflow(*listed)
    there = [one.name for one in state.database.read_now(stored_connections)]
    bound = workflows.bound(draft.workflow, draft.connections, there)
    event, about = state.database.read_now(_sample, state, visit, draft)
    triggers = draft.workflow.get("triggers") or []
    beginning = starting.Beginning({}, triggers[0]["name"] if triggers else None, event)
    zone = state.database.read_now(starting.zone_of_account)
    order = starting.order_for(draft.workflow, beginning, run_id=uuid7(), connections=bound, zone=zone)
    ended, steps = passing.dry_run(state.database, order)
    labels = {task["name"]: step_in_words(task) for _, task in every_task(draft.workflow.get("tasks"))}
    told = [{"output": None, "error": None, "words": labels.get(one["node"]), **one} for one in steps]
    for one in told:
        connection = editor.connection_of_node(str(one["node"]), draft.connections, there)
        one["would"] = _would(state, connection, one)
    return editor.shown(draft, tried={"ended": {"error": None, **ended}, "steps": told, "event": event, "about": about})


def _would(state: State, connection: str, step: Mapping[str, Any]) -> dict[str, Any] | None:
    """The call that a step would make, and what it would say; None for one that writes nothing."""
    output = step["output"]
    would = output.get("would") if isinstance(output, dict) else None
    if would is None:
        return None
    said = would.get("parameters", would)
    return {"call": would.get("call") or would.get("method"), "said": in_words(state.database, connection, step["type"], said)}


def _sample(db: Connection, state: State, visit: Visit, draft: Draft) -> tuple[Any, str]:
    work, _ = work_of(db, state, visit)
    triggers: list[Mapping[str, Any]] = draft.workflow.get("triggers") or []
    return event_of(work, triggers[0] if triggers else {}, visit.fields, draft.workflow)
