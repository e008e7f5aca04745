"""The editor: a workflow file as a form, its steps in their order and what each of them asks."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from cuprum.automation import workflows
from cuprum.automation.connections import stored_connections
from cuprum.automation.offering import names_of
from cuprum.automation.paths import at
from cuprum.automation.rewriting import comments_lost, rewritten
from cuprum.automation.templates import template
from cuprum.automation.triggers.enabling import connection_of
from cuprum.automation.words import kind_in_words
from cuprum.automation.workflow_file import BadWorkflow
from cuprum.automation.workflows import Kept
from cuprum.connector.given import is_blank
from cuprum.kit import jsonio
from cuprum.kit.errors import CuprumError, NotFound
from cuprum.records.work import Work
from cuprum.web.desk import State, View
from cuprum.web.pages.automations import comparisons, outputs, troubles
from cuprum.web.pages.automations.choices import choices
from cuprum.web.pages.automations.draft import Draft
from cuprum.web.pages.automations.files import edition
from cuprum.web.pages.automations.nodes import Node, nodes_of, steps_of, triggers_of
from cuprum.web.pages.automations.samples import entity_of, example_of
from cuprum.web.visit import Page, Visit


def begin(state: State, visit: Visit) -> View:
    """A kept automation, or a new one from a template."""
    if "id" in visit.parameters:
        kept = state.database.read_now(workflows.by_id, visit.id)
        draft = Draft(kept.workflow, kept.id, edition(kept), dict(kept.connections))
    else:
        chosen = template(visit.query.get("template", "blank"))
        if chosen is None:
            raise NotFound
        draft = Draft(copy.deepcopy(chosen.workflow))
    draft.names |= _names(state, draft)
    return shown(draft)


def _names(state: State, draft: Draft) -> dict[str, str]:
    """What the numbers in the file are called, asked once for each connection."""
    there = [one.name for one in state.database.read_now(stored_connections)]
    wanted: dict[str, list[tuple[str, str, Mapping[str, Any], str]]] = {}
    places: dict[tuple[str, str], list[str]] = {}
    for node in nodes_of(draft.workflow, {}):
        connection = connection_of_node(node.name, draft.connections, there)
        for one in node.all_fields():
            if one.source and connection and one.value.isascii() and one.value.isdecimal():
                given = at(draft.workflow, f"{node.place}.parameters") or {}
                wanted.setdefault(connection, []).append((*one.source, given, one.value))
                places.setdefault((one.source[1], one.value), []).append(one.path)
    found: dict[str, str] = {}
    for connection, asked in wanted.items():
        for (path, value), label in names_of(state.database, connection, asked).items():
            found |= {f"{place}={value}": label for place in places.get((path, value), [])}
    return found


def connection_of_node(node: str, given: Mapping[str, str], there: list[str]) -> str:
    name = connection_of(node, given, there)
    return name if name in there else ""


def shown(draft: Draft, *, trouble: CuprumError | None = None, part: str = "editor", tried: dict[str, Any] | None = None) -> View:
    def view(work: Work, visit: Visit) -> Page:
        return page_of(work, visit, draft, trouble, part, tried)

    return view


def page_of(
    work: Work,
    visit: Visit,
    draft: Draft,
    trouble: CuprumError | None = None,
    part: str = "editor",
    tried: dict[str, Any] | None = None,
) -> Page:
    workflow, db = draft.workflow, work.connection
    kept = workflows.by_id(db, draft.id) if draft.id is not None else None
    wrong, unfilled = troubles.troubles_of(workflow)
    wrong = [*draft.troubles, *wrong]
    wrong += [one for one in troubles.of_refusal(trouble, wrong) if one not in unfilled]
    # What is not filled in yet is no mistake before somebody has had the time to.
    told = [*wrong, *(unfilled if trouble else ())]
    triggers = [troubles.with_troubles(one, told) for one in triggers_of(workflow, draft.names)]
    steps = [troubles.with_troubles(one, told) for one in steps_of(workflow, draft.names)]
    there = stored_connections(db)
    listed = workflow.get("triggers")
    first = listed[0] if isinstance(listed, list) and listed else {}
    entity = entity_of(first)
    words = {
        "draft": draft, "draft_text": jsonio.text(workflow), "names_text": jsonio.text(draft.names), "kept": kept,
        "workflow": workflow, "triggers": triggers, "steps_": steps, "connections": there, "operations": comparisons.OPERATIONS,
        "step_words": kind_in_words,
        "default_connection": draft.connections.get("") or draft.connections.get("copper") or "",
        "wrong": troubles.located(wrong, [*triggers, *steps]), "unfilled": troubles.located(unfilled, [*triggers, *steps]),
        "trouble": None if isinstance(trouble, BadWorkflow) else trouble,
        "renamed": {one.now: (one.before, _words(one.places, [*triggers, *steps])) for one in draft.renamed},
        "outputs": outputs.of(workflow, triggers, steps),
        "choosing": draft.choosing, "groups": choices(draft) if draft.choosing else [],
        "tried": tried, "sample": visit.fields.get("sample", ""), "sample_entity": entity,
        "sample_event": visit.fields.get("sample_event") or _example(first, workflow),
        "problems_of_sample": troubles.of_sample(trouble),
        "lost": _lost(kept, workflow),
        "saved": visit.query.get("saved") == "1", "others": _others(workflow),
    }  # fmt: skip
    return Page("automations/edit.html", words, part=part, status=trouble.status if trouble else 200)


def _lost(kept: Kept | None, workflow: dict[str, Any]) -> list[str]:
    """The comments of the kept text that have no place in it any more."""
    if kept is None or kept.source is None or "#" not in kept.source or kept.workflow == workflow:
        return []
    return comments_lost(kept.source, rewritten(kept.source, workflow))


def _words(places: list[str], nodes: list[Node]) -> list[str]:
    return list(dict.fromkeys(troubles.where(place, nodes)[0] for place in places))


def _example(trigger: Mapping[str, Any], workflow: Mapping[str, Any]) -> str:
    example = example_of(trigger, workflow)
    return json.dumps(example, ensure_ascii=False, indent=2) if example is not None else ""


def _others(workflow: Mapping[str, Any]) -> list[str]:
    """What the file holds beside what the form shows."""
    shown_here = ("label", "description", "triggers", "tasks")
    return [key for key, value in workflow.items() if key not in shown_here and not is_blank(value)]
