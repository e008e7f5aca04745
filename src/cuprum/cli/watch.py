"""`cuprum watch`: what a trigger says, one JSON object a line."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from typing import Annotated, Any

import typer

from cuprum.cli.house import opened


def watch(
    trigger: Annotated[str, typer.Argument(help="personCreated, companyDeleted …; `cuprum catalogue` lists them.")],
    connection: Annotated[str, typer.Option("--connection", help="The connection to watch.")],
    name: Annotated[str, typer.Option(help="Its place is kept under this name.")] = "default",
    given: Annotated[str, typer.Option("--input", help="File with the trigger's inputs as JSON; - is standard input.")] = "",
) -> None:
    """Print every event of a trigger as one JSON object a line, until interrupted. Started again it goes on where it was."""
    from cuprum.automation.connections import NEEDS_REAUTHORISATION, Connections, needs_reauthorisation
    from cuprum.automation.triggers.hearing import read_inputs
    from cuprum.automation.triggers.watching import Watching
    from cuprum.cli.run import object_of
    from cuprum.connector import CopperError
    from cuprum.connector.catalogue import trigger as trigger_named
    from cuprum.connector.errors import InvalidInput

    try:
        chosen = trigger_named(trigger)
        inputs = read_inputs(chosen, object_of(given, "--input"))
    except InvalidInput as refusal:
        raise typer.BadParameter(str(refusal)) from None
    if not 1 <= len(name) <= 120:
        raise typer.BadParameter("--name must be 1 to 120 characters")
    stop = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: stop.set())
    with opened() as database:
        try:
            Watching(database, connection, chosen, inputs, name).run(stop, _emit, _tell)
        except BrokenPipeError:
            # Nobody reads any more; the line that was not read comes again.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except CopperError as trouble:
            print(json.dumps(trouble.as_json(), ensure_ascii=False), file=sys.stderr)
            if needs_reauthorisation(trouble):
                Connections(database.settings, database).mark(connection, NEEDS_REAUTHORISATION)
                _tell(f"Connection {connection} needs re-authorisation: `cuprum connection add {connection} …` renews it.")
            raise typer.Exit(1) from None


def _emit(event: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
