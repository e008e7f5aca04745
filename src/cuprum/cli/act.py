"""`cuprum act`, `options` and `catalogue`: the connector's operations, one at a time."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from cuprum.cli.house import opened

Input = Annotated[str, typer.Option("--input", help="File with the parameters as a JSON object; - is standard input.")]
Through = Annotated[str, typer.Option("--connection", help="The connection to use.")]

UNKNOWN = 3


def act(operation: str, connection: Through, given: Input) -> None:
    """Run an action and print its output as one JSON object. Exit 1: refused, 2: wrong usage, 3: outcome unknown."""
    parameters = _parameters(given)
    _known(operation, "action")
    with _client(connection) as copper:
        print(json.dumps(copper.act(operation, parameters), ensure_ascii=False))


def options(
    operation: str,
    property_path: Annotated[str, typer.Argument(metavar="PROPERTY")],
    connection: Through,
    given: Input = "",
    search: Annotated[str, typer.Option(help="Only what has this text.")] = "",
    page: Annotated[int, typer.Option(min=1, help="Which page.")] = 1,
) -> None:
    """Print what a property's picker offers: {"options": [{"label", "value"}], "more": bool}."""
    parameters = _parameters(given) if given else {}
    _known(operation, "operation")
    with _client(connection, picks=True) as copper:
        found = copper.options(operation, property_path, parameters, search=search, page=page)
    print(json.dumps(found, ensure_ascii=False))


def samples(
    trigger: Annotated[str, typer.Argument(help="personCreated, companyDeleted …; `cuprum catalogue` lists them.")],
    connection: Annotated[str, typer.Option("--connection", help="The connection whose latest records to show.")],
    given: Annotated[str, typer.Option("--input", help="File with the trigger's inputs as JSON; - is standard input.")] = "",
) -> None:
    """Print what a trigger would emit for three of the latest records and for a made-up one; nobody's place moves."""
    inputs = _parameters(given) if given else {}
    _known(trigger, "trigger")
    with _client(connection, picks=True) as copper:
        found = copper.samples(trigger, inputs)
    print(json.dumps(found, ensure_ascii=False))


def catalogue(as_json: Annotated[bool, typer.Option("--json", help="The whole component definition as JSON.")] = False) -> None:
    """List every action and trigger; needs no server."""
    from cuprum.connector.catalogue import catalogue as whole

    component = whole()
    if as_json:
        print(json.dumps(component, ensure_ascii=False))
        return
    for kind in ("actions", "triggers"):
        print(kind.capitalize())
        for one in component[kind]:
            print(f"  {one['name']:32} {one.get('description') or one.get('title') or ''}")


def _known(name: str, kind: str) -> None:
    """A name that is not in the catalogue is wrong usage, as a command that there is not."""
    from cuprum.connector.catalogue import action, operation, trigger
    from cuprum.connector.errors import InvalidInput

    try:
        match kind:
            case "action":
                action(name)
            case "trigger":
                trigger(name)
            case _:
                operation(name)
    except InvalidInput as refusal:
        raise typer.BadParameter(str(refusal)) from None


def _parameters(given: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if given == "-" else Path(given).read_text()
        parameters = json.loads(text)
    except (OSError, ValueError) as trouble:
        raise typer.BadParameter(f"--input cannot be read as JSON: {trouble}") from None
    if not isinstance(parameters, dict):
        raise typer.BadParameter("--input must hold a JSON object")
    # A node of a workflow file is taken as it is: its parameters are what counts.
    return parameters["parameters"] if isinstance(parameters.get("parameters"), dict) and "type" in parameters else parameters


@contextmanager
def _client(name: str, *, picks: bool = False) -> Iterator[Any]:
    """The connection's client, in the lane of users or of their pickers; what is refused goes to standard error as JSON."""
    from cuprum.automation.budget import OPTIONS, USER
    from cuprum.automation.connections import NEEDS_REAUTHORISATION, Connections, needs_reauthorisation
    from cuprum.connector import CopperError, OutcomeUnknown
    from cuprum.kit.errors import NotFound

    with opened() as database:
        stored = Connections(database.settings, database)
        try:
            stored.one(name)
        except NotFound as missing:
            print(json.dumps({"error": "NotFound", "message": str(missing)}, ensure_ascii=False), file=sys.stderr)
            raise typer.Exit(1) from None
        try:
            with stored.open(name, lane=OPTIONS if picks else USER) as copper:
                yield copper
        except CopperError as trouble:
            if needs_reauthorisation(trouble):
                stored.mark(name, NEEDS_REAUTHORISATION)
            print(json.dumps(trouble.as_json(), ensure_ascii=False), file=sys.stderr)
            raise typer.Exit(UNKNOWN if isinstance(trouble, OutcomeUnknown) else 1) from None
