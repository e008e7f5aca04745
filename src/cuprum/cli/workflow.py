"""`cuprum workflow`: the workflows of the installation, their runs, and what to do with those that failed."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cuprum.cli.house import opened

if TYPE_CHECKING:
    from cuprum.storage.database import Database

app = typer.Typer(help="Workflows and their runs.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Its name or id.")]
MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"]
RunIds = Annotated[list[str] | None, typer.Argument(metavar="[RUN]...", help="Their ids, as `cuprum workflow runs` shows them.")]
Every = Annotated[bool, typer.Option("--all", help="All that are parked or failed, 500 at a time.")]
OfWorkflow = Annotated[str, typer.Option("--workflow", help="With --all: only of this workflow.")]
OfReason = Annotated[str, typer.Option("--reason", help="With --all: only parked as unavailable, needs_reauth or ambiguous.")]
RunId = Annotated[str, typer.Argument(metavar="RUN", help="The id that `cuprum workflow runs` shows.")]


@app.command()
def add(
    file: Annotated[str, typer.Argument(help="A workflow file, JSON or YAML.")],
    name: Annotated[str, typer.Option(help="What to call it; else its label.")] = "",
    connection: Annotated[list[str] | None, typer.Option(help="[NODE=]NAME: the connection of a node, or of all.")] = None,
    given: Annotated[str, typer.Option("--input", help="File with the inputs that its triggers' runs start with.")] = "",
    enable: Annotated[bool, typer.Option("--enable", help="Let its triggers start it from now on.")] = False,
) -> None:
    """Keep a workflow, or a new version of the one of that name. Exit 2: bad file."""
    from cuprum.automation import workflows
    from cuprum.automation.checking import check_workflow
    from cuprum.automation.connections import Connections
    from cuprum.automation.workflow_file import BadWorkflow, read_workflow
    from cuprum.cli.run import BAD_FILE, bindings, object_of, text_of

    try:
        read = read_workflow(text_of(file), name=file)
        check_workflow(read)
        with opened() as database:
            known = [one.name for one in Connections(database.settings, database).all()]
            connections = workflows.bound(read, bindings(connection or []), known)
            called = name or str(read.get("label") or Path(file).stem)
            inputs = object_of(given, "--input")
            kept = database.write_now(workflows.add, read, name=called, connections=connections, inputs=inputs, enabled=enable)
    except BadWorkflow as bad:
        print(f"{file} cannot run:\n{bad}", file=sys.stderr)
        raise typer.Exit(BAD_FILE) from None
    print(kept.id)


@app.command("list")
def list_workflows() -> None:
    """List the workflows: id, state, name, triggers, addresses of webhooks."""
    from cuprum.automation import doors, workflows

    with opened() as database:
        for kept in database.read_now(workflows.all_of):
            triggers = ", ".join(kept.as_json()["triggers"]) or "none"
            addresses = " ".join(doors.addresses(database.settings, kept).values())
            print(f"{kept.id}\t{'enabled' if kept.enabled else 'disabled'}\t{kept.name}\t{triggers}\t{addresses}")


@app.command()
def export(
    name: Name, file: Annotated[str, typer.Argument(help="Where to: .json, else YAML; - is standard output.")] = "-"
) -> None:
    """Write a workflow as the file that it was added from, with every key that it had."""
    from cuprum.automation import workflows
    from cuprum.automation.workflow_file import write_workflow

    with opened() as database:
        text = write_workflow(database.read_now(workflows.by_name, name).workflow, name="x.json" if file == "-" else file)
    if file == "-":
        print(text, end="")
    else:
        Path(file).write_text(text, "utf-8")


@app.command()
def enable(
    name: Name,
    skip: Annotated[bool, typer.Option("--skip", help="What happened while it was disabled starts nothing.")] = False,
) -> None:
    """Let the triggers of a workflow start it; what happened while it was disabled is caught up with."""
    _switch(name, enabled=True, skip=skip)


@app.command()
def disable(name: Name) -> None:
    """Start it no more; runs that are under way end as they would."""
    _switch(name, enabled=False)


@app.command()
def runs(
    name: Annotated[str, typer.Argument(help="Only of this workflow.")] = "",
    state: Annotated[str, typer.Option(help="Only in this state: queued, running, done, failed, parked, discarded.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 50,
) -> None:
    """List runs, newest first: id, state, when, workflow, what went wrong."""
    from cuprum.automation import history, workflows
    from cuprum.kit import jsonio

    if state and state not in history.STATES:
        raise typer.BadParameter(f"--state must be one of {', '.join(history.STATES)}")
    with opened() as database:
        only = database.read_now(workflows.by_name, name).id if name else None
        for row in database.read_now(history.list_runs, workflow_id=only, state=state or None, limit=limit):
            at = datetime.fromtimestamp(row.created_at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
            error = jsonio.decode(row.error) if row.error else None
            trouble = _trouble(error) if error else ""
            print(f"{row.id}\t{row.state}\t{at}\t{row.name}\t{trouble}")


def _trouble(error: dict[str, Any]) -> str:
    """Where and what in one line; what an expression has no value for says where by itself."""
    place, message = error["place"], error["message"].splitlines()[0] if error["message"] else ""
    return message if not place or message.startswith(f"{place}: ") else f"{place}: {message}"


@app.command()
def show(run_id: RunId) -> None:
    """Print a run as JSON, with every step's input, output and time."""
    from cuprum.automation.showing import run_json

    with opened() as database:
        print(json.dumps(database.read_now(run_json, run_id), ensure_ascii=False, indent=2))


@app.command()
def retry(
    run_ids: RunIds = None,
    given: Annotated[str, typer.Option("--input", help="File with what the failed step gets instead of its input.")] = "",
    repeat: Annotated[bool, typer.Option("--repeat", help="Send the write again although it may have happened.")] = False,
    every: Every = False,
    name: OfWorkflow = "",
    reason: OfReason = "",
) -> None:
    """Go on with parked or failed runs from the step that failed. Exit as `cuprum run`, with several as the worst."""
    from cuprum.automation.passing import passing_engine
    from cuprum.cli.run import object_of, told

    edited = object_of(given, "--input") if given else None
    with opened() as database:
        chosen = _chosen(database, run_ids, every, name, reason)
        with passing_engine(database) as (engine, starter):
            for attempt in [starter.retry(run_id, given=edited, repeat=repeat) for run_id in chosen]:
                engine.wait(attempt)
        code = max([told(database, run_id) for run_id in chosen], default=0)
    raise typer.Exit(code)


@app.command()
def replay(
    name: Name,
    since: Annotated[datetime, typer.Option(formats=MOMENTS, help="From this moment on, in UTC.")],
    until: Annotated[datetime | None, typer.Option(formats=MOMENTS, help="Up to this moment; now when left out.")] = None,
) -> None:
    """Start a workflow once more by the events of a time, and print the ids of the runs once they have ended."""
    from cuprum.automation import workflows
    from cuprum.automation.passing import passing_engine
    from cuprum.automation.triggers.replaying import replay as replayed

    last = until or datetime.now(UTC)
    first_second, last_second = (int(moment.replace(tzinfo=UTC).timestamp()) for moment in (since, last))
    with opened() as database:
        kept = database.read_now(workflows.by_name, name)
        with passing_engine(database) as (engine, starter):
            started = replayed(database, starter, kept.id, since=first_second, until=last_second)
            for run_id in started:
                engine.wait(run_id)
    for run_id in started:
        print(run_id)


@app.command()
def discard(run_ids: RunIds = None, every: Every = False, name: OfWorkflow = "", reason: OfReason = "") -> None:
    """Give up parked or failed runs."""
    from cuprum.automation import history

    with opened() as database:
        for run_id in _chosen(database, run_ids, every, name, reason):
            database.write_now(history.discard, run_id)
            print(f"Run {run_id} is discarded.")


def _chosen(database: Database, run_ids: list[str] | None, every: bool, name: str, reason: str) -> list[str]:
    """The runs that are named, or with --all what is parked or failed."""
    from cuprum.automation import history, workflows

    if bool(run_ids) == every:
        raise typer.BadParameter("name runs, or give --all")
    if run_ids:
        return run_ids
    if reason and reason not in history.REASONS:
        raise typer.BadParameter(f"--reason must be one of {', '.join(history.REASONS)}")
    only = database.read_now(workflows.by_name, name).id if name else None
    return database.read_now(history.dead_runs, workflow_id=only, state=None, reason=reason or None)


def _switch(name: str, *, enabled: bool, skip: bool = False) -> None:
    from cuprum.automation import workflows

    with opened() as database:
        kept = database.read_now(workflows.by_name, name)
        database.write_now(workflows.change, kept.id, enabled=enabled, skip=skip)
    print(f"{kept.name} is {'enabled' if enabled else 'disabled'}.")
