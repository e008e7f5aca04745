"""The workflows that an installation keeps: added from files, enabled, bound to connections."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update

from cuprum.automation import versions
from cuprum.automation.checking import check_workflow, every_task
from cuprum.automation.node_types import COPPER, MANUAL
from cuprum.automation.rewriting import rewritten
from cuprum.automation.triggers.enabling import bind, copper_triggers
from cuprum.automation.workflow_file import BadWorkflow, Trouble, as_workflow, write_workflow
from cuprum.events.log import Group
from cuprum.kit import jsonio
from cuprum.kit.errors import Conflict, Invalid, NotFound, Problem
from cuprum.storage.automation_tables import workflow as workflows
from cuprum.storage.connection_tables import connection as connections_table
from cuprum.storage.rows import inserted_id

# Whatever the name is used for: an address, a file, a word on the command line.
_NAME = re.compile(r"[\w .@:()&+-]{1,120}")
# What the change log tells of a workflow.
_LOGGED = ("name", "version", "enabled")


@dataclass(frozen=True)
class Kept:
    """A workflow of the installation; `workflow` is the file, whole, and `source` its YAML text where somebody wrote one."""

    id: int
    name: str
    workflow: dict[str, Any]
    connections: dict[str, str]
    enabled: bool
    user_id: int | None
    date_created: int
    date_modified: int
    version: int
    source: str | None

    def text(self, *, name: str) -> str:
        """The file in the form that the name asks for; YAML with the comments that it was given."""
        if self.source is not None and not name.lower().endswith(".json"):
            return self.source
        return write_workflow(self.workflow, name=name)

    def as_json(self) -> dict[str, Any]:
        triggers = [one["type"] for one in self.workflow.get("triggers") or []]
        return {
            "id": self.id, "name": self.name, "label": self.workflow.get("label") or self.name, "enabled": self.enabled,
            "triggers": triggers, "connections": self.connections, "version": self.version,
            "date_created": self.date_created, "date_modified": self.date_modified,
        }  # fmt: skip


def add(
    connection: Connection,
    read: Any,
    *,
    name: str | None = None,
    connections: Mapping[str, str] | None = None,
    inputs: Mapping[str, Any] | None = None,
    enabled: bool = False,
    user_id: int | None = None,
    text: str | None = None,
    group: Group | None = None,
) -> Kept:
    """Keep a workflow, or a new version of the one of that name; runs that are under way keep theirs.

    `inputs` are what its triggers' runs start with, `text` is the YAML that it was read from. Raises BadWorkflow with
    everything that is wrong with it, and Invalid for a name that cannot be one.
    """
    workflow = _filled_in(as_workflow(read), inputs or {})
    check_workflow(workflow)
    called = (name or str(workflow.get("label") or "")).strip()
    if not _NAME.fullmatch(called):
        raise Invalid(Problem("name", "must be 1 to 120 letters, digits, spaces or . _ - : @ ( ) & +"))
    found = connection.execute(select(workflows.c.id).where(workflows.c.name == called)).scalar()
    before = by_id(connection, found) if found is not None else None
    if before:
        values = _edition(before, workflow, text, connections) | ({"enabled": True} if enabled else {})
        _store(connection, before, values, user_id=user_id)
    else:
        now = int(time.time())
        values = {
            "name": called, "enabled": enabled, "user_id": user_id, "date_created": now, "date_modified": now, "version": 1,
            "definition": jsonio.text(workflow), "source": _source(text, workflow),
            "connections": jsonio.text(dict(connections or {})),
        }  # fmt: skip
        versions.note(connection, inserted_id(connection, workflows, values), user_id=user_id)
    return _noted(group, before, _ready(connection, by_name(connection, called)))


def by_id(connection: Connection, workflow_id: int) -> Kept:
    """Raises NotFound."""
    return _one(connection, workflows.c.id == workflow_id, str(workflow_id))


def by_name(connection: Connection, name: str) -> Kept:
    """By its name, or by its id in digits; raises NotFound."""
    found = connection.execute(select(workflows).where(workflows.c.name == name)).first()
    if found is None and name.isascii() and name.isdecimal():
        return by_id(connection, int(name[:18]))
    return _kept(found) if found else _one(connection, workflows.c.name == name, name)


def all_of(connection: Connection, *, enabled: bool | None = None, holding: str = "") -> list[Kept]:
    """By name; with `holding` only those in whose definition that text stands."""
    statement = select(workflows).order_by(workflows.c.name)
    if holding:
        statement = statement.where(workflows.c.definition.contains(holding, autoescape=True))
    if enabled is not None:
        statement = statement.where(workflows.c.enabled == enabled)
    return [_kept(row) for row in connection.execute(statement)]


def change(
    connection: Connection,
    workflow_id: int,
    *,
    enabled: bool | None = None,
    connections: Mapping[str, str] | None = None,
    name: str | None = None,
    read: Any = None,
    text: str | None = None,
    skip: bool = False,
    user_id: int | None = None,
    group: Group | None = None,
) -> Kept:
    """Change what is given; raises as `add` does. `skip`: what happened while it was disabled starts nothing.

    Another file, or other connections, are a new version.
    """
    before = by_id(connection, workflow_id)
    workflow = before.workflow
    if read is not None:
        workflow = as_workflow(read)
        check_workflow(workflow)
    values = _edition(before, workflow, text, connections)
    if enabled is not None:
        values["enabled"] = enabled
    if name is not None:
        if not _NAME.fullmatch(name):
            raise Invalid(Problem("name", "must be 1 to 120 letters, digits, spaces or . _ - : @ ( ) & +"))
        taken = connection.execute(select(workflows.c.id).where(workflows.c.name == name)).scalar()
        if taken not in (None, workflow_id):
            raise Conflict(f"There is a workflow {name} already")
        values["name"] = name
    _store(connection, before, values, user_id=user_id)
    return _noted(group, before, _ready(connection, by_id(connection, workflow_id), skip=skip))


def restore(
    connection: Connection, workflow_id: int, number: int, *, user_id: int | None = None, group: Group | None = None
) -> Kept:
    """Bring a former version back, as a new one; raises NotFound, and BadWorkflow where it could not start any more."""
    before, former = by_id(connection, workflow_id), versions.one_version(connection, workflow_id, number)
    check_workflow(former.workflow)
    values = {
        "definition": jsonio.text(former.workflow), "source": former.source, "connections": jsonio.text(former.connections),
    }  # fmt: skip
    _store(connection, before, values, user_id=user_id, restores=number)
    return _noted(group, before, _ready(connection, by_id(connection, workflow_id)))


def _edition(before: Kept, workflow: dict[str, Any], text: str | None, connections: Mapping[str, str] | None) -> dict[str, Any]:
    """What is stored of a file and its connections; comments of the former text stay with what they belong to."""
    return {
        "definition": jsonio.text(workflow),
        "source": _source(before.source if text is None else text, workflow),
        "connections": jsonio.text(dict(before.connections if connections is None else connections)),
    }


def _source(text: str | None, workflow: dict[str, Any]) -> str | None:
    # JSON says nothing that the definition does not.
    return None if text is None or text.lstrip().startswith("{") else rewritten(text, workflow)


def _store(
    connection: Connection, before: Kept, values: dict[str, Any], *, user_id: int | None, restores: int | None = None
) -> None:
    stored = {"definition": jsonio.text(before.workflow), "source": before.source, "connections": jsonio.text(before.connections)}
    is_new = any(values[name] != value for name, value in stored.items())
    # Counted by the database: of two who save at once each has a number of their own.
    number = {"version": workflows.c.version + 1} if is_new else {}
    changed = update(workflows).where(workflows.c.id == before.id)
    connection.execute(changed.values(**values, **number, date_modified=int(time.time())))
    if is_new:
        versions.note(connection, before.id, user_id=user_id, restores=restores)


def remove(connection: Connection, workflow_id: int, *, group: Group | None = None) -> None:
    """Forget a workflow; the history of its runs stays."""
    before = by_id(connection, workflow_id)
    connection.execute(delete(workflows).where(workflows.c.id == workflow_id))
    _note(group, before, None)


def _noted(group: Group | None, before: Kept | None, after: Kept) -> Kept:
    _note(group, before, after)
    return after


def _note(group: Group | None, before: Kept | None, after: Kept | None) -> None:
    """The change log tells what was done with a workflow; what stood in it is kept by its versions."""
    was, now = ({name: getattr(one, name) for name in _LOGGED} if one else {} for one in (before, after))
    changed = [name for name in _LOGGED if was.get(name) != now.get(name)]
    kept = after or before
    if group is None or kept is None or not changed:
        return
    group.label = group.label or f"Automation {kept.name} {_done(was, now, changed)}"
    kind = "new" if before is None else "delete" if after is None else "update"
    sides = ({name: side[name] for name in changed if name in side} for side in (was, now))
    group.record(workflows.name, kept.id, kind, *sides)


def _done(was: Mapping[str, Any], now: Mapping[str, Any], changed: list[str]) -> str:
    if not was or not now:
        return "added" if now else "removed"
    if "version" in changed:
        return f"saved as version {now['version']}"
    return ("turned on" if now["enabled"] else "turned off") if "enabled" in changed else "renamed"


def plain_name(label: str) -> str:
    """The label without what names cannot have."""
    return " ".join("".join(letter for letter in label if _NAME.fullmatch(letter)).split())[:100].strip()


def free_name(connection: Connection, label: str) -> str:
    """A name that nothing has yet, made of a label: names stand in addresses and on the command line."""
    plain = plain_name(label) or "Automation"
    taken = set(connection.execute(select(workflows.c.name)).scalars())
    return next(name for name in (plain, *(f"{plain} {number}" for number in range(2, len(taken) + 3))) if name not in taken)


def bound(workflow: Mapping[str, Any], given: Mapping[str, str], known: Iterable[str]) -> dict[str, str]:
    """Which connection each copper node uses: by node, else the one for all, else the only one there is.

    Raises BadWorkflow naming every node that is left without, and every connection that is not there.
    """
    there = list(known)
    troubles = [
        Trouble(f"connections.{node or 'default'}", f"there is no connection {name}")
        for node, name in given.items()
        if name not in there
    ]
    nodes = [(place, task) for place, task in every_task(workflow["tasks"]) if task["type"].startswith(COPPER)]
    nodes += copper_triggers(workflow)
    connections = with_the_only_one(given, there) if nodes else dict(given)
    for place, task in nodes:
        if not (connections.get(task["name"]) or connections.get("copper") or connections.get("")):
            troubles.append(Trouble(place, f"no connection is bound to {task['name']}; there are {', '.join(there) or 'none'}"))
    if troubles:
        raise BadWorkflow(*troubles)
    return connections


def with_the_only_one(given: Mapping[str, str], there: list[str]) -> dict[str, str]:
    """Where there is but one connection, it is the one for all that name none."""
    needs_none = "" in given or "copper" in given or len(there) != 1
    return dict(given) if needs_none else {**given, "": there[0]}


def _filled_in(workflow: dict[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """With these values as the defaults of its inputs; raises BadWorkflow for names that are none of them."""
    if not inputs:
        return workflow
    declared = [one for one in workflow.get("inputs") or [] if isinstance(one, dict)]
    if unknown := [name for name in inputs if name not in [one.get("name") for one in declared]]:
        raise BadWorkflow(*(Trouble(f"inputs.{name}", "is no input of this workflow") for name in unknown))
    filled = [{**one, "defaultValue": inputs[one["name"]]} if one.get("name") in inputs else one for one in declared]
    return {**workflow, "inputs": filled}


def _ready(connection: Connection, kept: Kept, *, skip: bool = False) -> Kept:
    """The same, its Copper triggers bound; raises BadWorkflow for one that is enabled and cannot start: the write is undone."""
    if kept.enabled:
        _refuse_incomplete(connection, kept)
    bind(connection, kept, skip=skip)
    return kept


def _refuse_incomplete(connection: Connection, kept: Kept) -> None:
    bound(kept.workflow, kept.connections, connection.execute(select(connections_table.c.name)).scalars())
    triggers = [one for one in kept.workflow.get("triggers") or [] if one["type"] not in MANUAL]
    empty = [
        one["name"] for one in kept.workflow.get("inputs") or [] if one.get("required") and one.get("defaultValue") in (None, "")
    ]
    if triggers and empty:
        reason = "is required and no trigger fills it in: add the workflow with --input, or give it a defaultValue"
        raise BadWorkflow(*(Trouble(f"inputs.{name}", reason) for name in empty))


def _one(connection: Connection, condition: Any, called: str) -> Kept:
    row = connection.execute(select(workflows).where(condition)).first()
    if row is None:
        raise NotFound(f"There is no workflow {called}")
    return _kept(row)


def _kept(row: Any) -> Kept:
    return Kept(
        row.id,
        row.name,
        jsonio.decode(row.definition),
        jsonio.decode(row.connections),
        row.enabled,
        row.user_id,
        row.date_created,
        row.date_modified,
        row.version,
        row.source,
    )
