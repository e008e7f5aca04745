"""`cuprum connection`: accounts at Copper, at this server or at another one."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from cuprum.cli.house import opened

app = typer.Typer(help="Connections to Copper-shaped APIs, by API key or OAuth 2.0.", no_args_is_help=True)


@app.command()
def add(
    name: str,
    api_key_stdin: Annotated[bool, typer.Option("--api-key-stdin", help="Read the API key from standard input.")] = False,
    email: Annotated[str, typer.Option(help="E-mail address of the key's owner.")] = "",
    oauth: Annotated[bool, typer.Option("--oauth", help="Connect by OAuth 2.0.")] = False,
    client_id: Annotated[str, typer.Option(help="The app's client id.")] = "",
    client_secret_stdin: Annotated[
        bool, typer.Option("--client-secret-stdin", help="Read the app's secret from standard input.")
    ] = False,
    base_url: Annotated[str, typer.Option(help="Where the API is; Copper's cloud when left out.")] = "",
    oauth_url: Annotated[
        str, typer.Option(help="Where users authorise, if the server does not say: https://login.example.com/oauth.")
    ] = "",
    redirect_uri: Annotated[str, typer.Option(help="The registered callback; one on this machine when left out.")] = "",
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address to open.")] = False,
) -> None:
    """Add a connection, or renew one of that name."""
    if api_key_stdin == oauth:
        raise typer.BadParameter("say either --api-key-stdin with --email, or --oauth with --client-id")
    if oauth and not client_id:
        raise typer.BadParameter("--oauth needs --client-id")
    if api_key_stdin:
        from cuprum.automation.connections import Connections

        with opened() as database:
            Connections(database.settings, database).add_api_key(name, email=email, key=_line(), base_url=base_url)
    else:
        secret = _line() if client_secret_stdin else ""
        _add_oauth(name, client_id, secret, base_url, oauth_url=oauth_url, redirect_uri=redirect_uri, open_browser=not no_browser)
    print(f"Connection {name} is stored.", file=sys.stderr)


def _line() -> str:
    return sys.stdin.readline().strip()


def _add_oauth(name: str, client_id: str, secret: str, base_url: str, **where: Any) -> None:
    from cuprum.automation.connections import Connections, name_problems, whole_base_url
    from cuprum.cli.authorizing import authorized
    from cuprum.connector.errors import CopperError
    from cuprum.kit.errors import Invalid, Refused

    if problems := name_problems(name):
        raise Invalid(*problems)
    try:
        app, endpoints, token = authorized(client_id, secret, base_url=whole_base_url(base_url), **where)
    except CopperError as error:
        raise Refused(error.message) from error
    with opened() as database:
        stored = Connections(database.settings, database)
        stored.add_oauth(name, app=app, endpoints=endpoints, token=token, base_url=base_url)


@app.command("list")
def list_connections() -> None:
    """List the connections: name, kind, state, base URL, whose."""
    from cuprum.automation.connections import Connections

    with opened() as database:
        for one in Connections(database.settings, database).all():
            whose = one.public.get("username") or one.public.get("client_id", "")
            print(f"{one.name}\t{one.kind}\t{one.state}\t{one.base_url}\t{whose}")


@app.command()
def test(name: str) -> None:
    """Try a connection and print, as JSON, which step worked and how triggers hear of changes; exit 1 when one failed."""
    from dataclasses import asdict

    from cuprum.automation.budget import USER, remaining
    from cuprum.automation.connections import Connections
    from cuprum.automation.triggers import hooks
    from cuprum.automation.triggers.reach import reach

    triggers = None
    with opened() as database:
        stored = Connections(database.settings, database)
        tested, one = stored.test(name), stored.one(name)
        if tested.ok:
            with stored.open(name, lane=USER) as copper:
                subscriptions = database.read_now(hooks.of_connection, one.id)
                triggers = reach(database.settings, copper.changes.announced().path, subscriptions)
        budget = database.read_now(remaining, one.id, database.settings.requests_a_minute)
    print(json.dumps({**asdict(tested), "triggers": triggers, "budget": budget}, ensure_ascii=False))
    if not tested.ok:
        raise typer.Exit(1)


@app.command()
def remove(name: str) -> None:
    """Forget a connection, its secrets and everything that listens through it."""
    from cuprum.automation.connections import Connections
    from cuprum.automation.triggers.hooks import take_all_back
    from cuprum.connector.errors import CopperError

    with opened() as database:
        stored = Connections(database.settings, database)
        try:
            take_all_back(database, stored, name)
        except CopperError as trouble:
            print(f"The server still has subscriptions that call this one: {trouble}", file=sys.stderr)
        stored.remove(name)
    print(f"Connection {name} is removed.")
