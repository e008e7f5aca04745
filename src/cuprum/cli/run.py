"""`cuprum run`: a workflow file, once, to its end."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cuprum.cli.house import opened

if TYPE_CHECKING:
    from cuprum.storage.database import Database

FAILED, BAD_FILE, PARKED = 1, 2, 3


def run(
    file: Annotated[str, typer.Argument(help="A workflow file, JSON or YAML, or a single task node.")],
    given: Annotated[str, typer.Option("--input", help="File with the inputs as a JSON object; - is standard input.")] = "",
    trigger: Annotated[str, typer.Option("--trigger", help="File with what the trigger says, as JSON.")] = "",
    connection: Annotated[list[str] | None, typer.Option(help="[NODE=]NAME: the connection of a node, or of all.")] = None,
    dry: Annotated[bool, typer.Option("--dry-run", help="Show what would be written, and write nothing.")] = False,
    lenient: Annotated[bool, typer.Option(help="Leave expressions without a value as they are written.")] = False,
) -> None:
    """Run a workflow once and print its outputs. Exit 0: done, 1: failed, 2: bad file, 3: parked."""
    from cuprum.automation.checking import check_workflow
    from cuprum.automation.connections import Connections
    from cuprum.automation.starting import Beginning, names_of
    from cuprum.automation.workflow_file import BadWorkflow, read_workflow
    from cuprum.automation.workflows import bound

    inputs, event = object_of(given, "--input"), _read(trigger, "--trigger")
    try:
        workflow = read_workflow(text_of(file), name=file)
        if lenient:
            workflow = {**workflow, "lenient": True}
        check_workflow(workflow, given=inputs)
        beginning = Beginning(inputs, _trigger_name(workflow, bool(trigger)), event)
        names_of(workflow, beginning)
        with opened() as database:
            known = [one.name for one in Connections(database.settings, database).all()]
            connections = bound(workflow, bindings(connection or []), known)
            name = str(workflow.get("label") or Path(file).stem)
            code = (
                _shown(database, workflow, beginning, connections)
                if dry
                else _ran(database, workflow, beginning, connections, name)
            )
    except BadWorkflow as bad:
        print(f"{file} cannot run:\n{bad}", file=sys.stderr)
        raise typer.Exit(BAD_FILE) from None
    raise typer.Exit(code)


def told(database: Database, run_id: str) -> int:
    """Print how a run ended, and return the exit code that says so."""
    from cuprum.automation import history
    from cuprum.kit import jsonio

    row = database.read_now(history.one_run, run_id)
    if row.state == history.DONE:
        print(json.dumps(jsonio.decode(row.outputs or "{}"), ensure_ascii=False))
        return 0
    error = jsonio.decode(row.error) if row.error else None
    print(
        json.dumps({"run": run_id, "state": row.state, "reason": row.reason, "error": error}, ensure_ascii=False),
        file=sys.stderr,
    )
    return PARKED if row.state == history.PARKED else FAILED


def _ran(database: Database, workflow: dict[str, Any], beginning: Any, connections: dict[str, str], name: str) -> int:
    from cuprum.automation.passing import passing_engine

    with passing_engine(database) as (engine, starter):
        run_id = starter.start_given(workflow, beginning, name=name, connections=connections)
        engine.wait(run_id)
    return told(database, run_id)


def _shown(database: Database, workflow: dict[str, Any], beginning: Any, connections: dict[str, str]) -> int:
    from cuprum.automation.passing import dry_run
    from cuprum.automation.starting import order_for
    from cuprum.automation.zone import zone_of_account
    from cuprum.kit.uuid7 import uuid7

    zone = database.read_now(zone_of_account)
    ended, steps = dry_run(database, order_for(workflow, beginning, run_id=uuid7(), connections=connections, zone=zone))
    print(json.dumps({**ended, "steps": steps}, ensure_ascii=False, indent=2))
    return 0 if ended["state"] == "done" else PARKED if ended["state"] == "parked" else FAILED


def _trigger_name(workflow: dict[str, Any], is_given: bool) -> str | None:
    """The trigger that an event is for: the file's first, as the editor writes only one."""
    triggers = workflow.get("triggers") or []
    if triggers:
        return str(triggers[0]["name"])
    return "trigger_1" if is_given else None


def bindings(given: list[str]) -> dict[str, str]:
    """`main` is for every node, `copper_1=main` for one."""
    pairs = (one.rpartition("=") for one in given)
    return {node: name for node, _, name in pairs}


def object_of(file: str, option: str) -> dict[str, Any]:
    read = _read(file, option)
    if read is not None and not isinstance(read, dict):
        raise typer.BadParameter(f"{option} must hold a JSON object")
    return read or {}


def _read(file: str, option: str) -> Any:
    if not file:
        return None
    try:
        return json.loads(text_of(file))
    except ValueError as trouble:
        raise typer.BadParameter(f"{option} cannot be read as JSON: {trouble}") from None


def text_of(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text()
    except (OSError, UnicodeDecodeError) as trouble:
        raise typer.BadParameter(f"{file} cannot be read: {trouble}") from None
