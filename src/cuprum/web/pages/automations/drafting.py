"""What is being edited: the file as it goes along with the form, changed by what was typed and by which button was pressed."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from cuprum.automation import editing, passing, renaming, starting, workflows
from cuprum.automation.checking import check_workflow, not_filled_in
from cuprum.automation.connections import stored_connections
from cuprum.automation.offering import offered
from cuprum.automation.paths import at
from cuprum.automation.workflow_file import BadWorkflow, Trouble
from cuprum.kit import jsonio
from cuprum.kit.errors import Conflict, CuprumError, Malformed
from cuprum.kit.uuid7 import uuid7
from cuprum.records.work import Work
from cuprum.web.desk import State, View, told, work_of
from cuprum.web.pages.automations import comparisons, editor
from cuprum.web.pages.automations.draft import Draft, Renamed
from cuprum.web.pages.automations.files import edition
from cuprum.web.pages.automations.guard import only_admins
from cuprum.web.pages.automations.nodes import cases_of, nodes_of
from cuprum.web.pages.automations.samples import event_of
from cuprum.web.pages.automations.typed import take
from cuprum.web.visit import GoTo, Page, Visit


def draft_of(visit: Visit) -> Draft:
    """The file of the form with everything that was typed put into it."""
    fields = visit.fields
    workflow = _object(fields.get("draft", ""))
    names = {key: value for key, value in _object(fields.get("names", "") or "{}").items() if isinstance(value, str)}
    number = fields.get("id", "")
    typed: dict[str, list[str]] = {}
    for name, value in visit.form:
        typed.setdefault(name, []).append(value)
    made = Draft(
        workflow, int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else None, fields.get("was", "")
    )
    made.names = names
    made.connections = {
        name.removeprefix("connections."): value for name, value in visit.form if name.startswith("connections.") and value
    }
    for key in ("label", "description"):
        if key in fields and fields[key].strip() != (workflow.get(key) or ""):
            workflow[key] = fields[key].strip()
    for node in nodes_of(workflow, names):
        label = fields.get(f"{node.place}.label")
        task = at(workflow, node.place)
        if label is not None and isinstance(task, dict) and label.strip() != (task.get("label") or ""):
            task["label"] = label.strip()
        take(workflow, [*node.fields, *cases_of(node)], typed, names)
        if node.comparisons is not None:
            comparisons.take(workflow, f"{node.place}.parameters", node.comparisons, typed)
    _take_names(made, fields)
    return made


def _take_names(draft: Draft, fields: Mapping[str, str]) -> None:
    """Last of all: what was typed elsewhere says the former names."""
    for node in nodes_of(draft.workflow, {}):
        name = fields.get(f"{node.place}.name", node.name).strip()
        if name == node.name:
            continue
        if refusal := renaming.refusal_of_name(draft.workflow, node.place, name):
            draft.misnamed[node.place] = name
            draft.troubles.append(Trouble(f"{node.place}.name", refusal))
            continue
        draft.renamed.append(Renamed(node.name, name, renaming.rename(draft.workflow, node.place, name)))
        if chosen := draft.connections.pop(node.name, None):
            draft.connections[name] = chosen


def _object(text: str) -> dict[str, Any]:
    try:
        read = jsonio.decode_untrusted(text.encode())
    except UnicodeEncodeError:
        raise Malformed("This form cannot be read: it holds halves of characters.") from None
    if not isinstance(read, dict):
        raise Malformed("This form is not whole. Go back, load the page again and try once more.")
    return read


def change(state: State, visit: Visit) -> View:
    """What the pressed button says, done to the draft; nothing is kept yet."""
    draft = draft_of(visit)
    verb, _, rest = visit.fields.get("do", "").partition("|")
    what = rest.split("|")
    _do(draft, verb, what)
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
            draft.focus = editing.add_step(workflow, place, number, what[2])
        case "set-trigger" if len(what) == 3:
            editing.set_trigger(workflow, number, what[2])
            draft.focus = f"triggers[{number}]"
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
            db, draft.workflow, name=workflows.free_name(db, label), connections=draft.connections, user_id=work.actor.user_id
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
        kept = workflows.change(db, draft.id, read=read, connections=connections, user_id=work.actor.user_id)
    return GoTo(f"/automations/{kept.id}?saved=1", done="")


def options(state: State, visit: Visit) -> View:
    """What the picker of one field offers, for what is filled in beside it."""
    draft = draft_of(visit)
    path, search = visit.fields.get("of", ""), visit.fields.get("search", "")[:200].replace("\0", "")
    found: list[tuple[str, str]] = []
    for node in nodes_of(draft.workflow, draft.names):
        chosen = next((one for one in node.all_fields() if one.path == path and one.source), None)
        if chosen and chosen.source:
            there = state.database.read_now(stored_connections)
            connection = editor.connection_of_node(node.name, draft.connections, [one.name for one in there])
            given = at(draft.workflow, f"{node.place}.parameters") or {}
            if connection:
                offers = offered(state.database, connection, chosen.source[0], chosen.source[1], given, search=search)["options"]
                found = [(str(one["label"]), str(one["value"])) for one in offers]
    shown = [label if label == value else f"{label} (#{value})" for label, value in found]
    return lambda work, visit: Page("suggestions.html", {"options": shown}, part="options")


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
    told = [{"output": None, "error": None, **one} for one in steps]
    return editor.shown(draft, tried={"ended": {"error": None, **ended}, "steps": told, "event": event, "about": about})


def _sample(db: Connection, state: State, visit: Visit, draft: Draft) -> tuple[Any, str]:
    work, _ = work_of(db, state, visit)
    triggers: list[Mapping[str, Any]] = draft.workflow.get("triggers") or []
    return event_of(work, triggers[0] if triggers else {}, visit.fields, draft.workflow)
