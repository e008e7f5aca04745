"""`cuprum app`: programs of others that may ask users for access."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from cuprum.cli.house import opened

app = typer.Typer(help="Apps that ask users for access by OAuth 2.0.", no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The name that users see when they are asked.")],
    redirect_uri: Annotated[list[str], typer.Option(help="Where the browser takes the answer; may be given several times.")],
    kind: Annotated[str, typer.Option(help="standard, or copper: form POST callback, tokens without expiry.")] = "standard",
    scope: Annotated[list[str] | None, typer.Option(help="The most that it may ask for; everything when left out.")] = None,
    public: Annotated[bool, typer.Option("--public", help="It can keep no secret: a program on its user's own device.")] = False,
    allow_http: Annotated[
        bool, typer.Option("--allow-http", help="Let the answer travel unencrypted, in a network you trust.")
    ] = False,
) -> None:
    """Register an app; its id and secret are printed once, as JSON."""
    from cuprum.auth.scopes import ALL
    from cuprum.records.apps import add_app
    from cuprum.records.people_of_account import logged_by_command

    facts = {"name": name, "redirect_uris": redirect_uri, "kind": kind, "scopes": scope or [ALL]}
    with opened() as database:
        made = database.write_now(
            logged_by_command(add_app, f"cuprum app add {name}"), **facts, is_public=public, allow_http=allow_http
        )
    print(json.dumps({"client_id": made.client_id, "client_secret": made.client_secret, **facts}))


@app.command("list")
def list_apps() -> None:
    """List the apps: id, kind, for how many users it can act, name."""
    from cuprum.records.apps import apps

    with opened() as database:
        for one in database.read_now(apps):
            print(f"{one.client_id}\t{one.kind}\t{one.users}\t{one.name}")


@app.command()
def remove(client_id: str) -> None:
    """Remove an app: whatever it was granted ends at once."""
    from cuprum.records.apps import remove_app
    from cuprum.records.people_of_account import logged_by_command

    with opened() as database:
        database.write_now(logged_by_command(remove_app, f"cuprum app remove {client_id}"), client_id=client_id)
    print(f"{client_id} is removed.")
