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
        _add_oauth(name, client_id, secret, base_url, redirect_uri, open_browser=not no_browser)
    print(f"Connection {name} is stored.", file=sys.stderr)


def _line() -> str:
    return sys.stdin.readline().strip()


def _add_oauth(name: str, client_id: str, secret: str, base_url: str, redirect_uri: str, *, open_browser: bool) -> None:
    from urllib.parse import urlsplit

    from cuprum.automation.connections import Connections, whole_base_url
    from cuprum.connector.local_callback import LocalCallback
    from cuprum.connector.oauth import App, begin, code_from, oauth_client

    asked = urlsplit(redirect_uri)
    is_ours = not redirect_uri or asked.hostname in ("127.0.0.1", "localhost")
    with LocalCallback(asked.port or 0, asked.path or "/callback") if is_ours else _nowhere() as callback:
        client = oauth_client()
        endpoints = client.discover(whole_base_url(base_url))
        registered = App(client_id, secret, redirect_uri or callback.redirect_uri)
        pending = begin(registered, endpoints)
        print(pending.url, flush=True)
        if open_browser:
            import webbrowser

            webbrowser.open(pending.url)
        code = code_from(_callback(callback), pending, state_may_be_missing=True)
        token = client.token_for(registered, endpoints, pending, code)
    with opened() as database:
        stored = Connections(database.settings, database)
        stored.add_oauth(name, app=registered, endpoints=endpoints, token=token, base_url=base_url)


def _nowhere() -> Any:
    """A callback elsewhere: the code comes back by hand."""
    from contextlib import nullcontext

    return nullcontext(None)


def _callback(callback: Any) -> dict[str, str]:
    """What the browser brought, or a code (or the callback's whole address) pasted on standard input."""
    import queue
    import threading
    from urllib.parse import parse_qsl, urlsplit

    received: queue.Queue[dict[str, str]] = queue.Queue() if callback is None else callback.received

    def pasted() -> None:
        if line := _line():
            fields = dict(parse_qsl(urlsplit(line).query))
            received.put(fields if fields.keys() & {"code", "error"} else {"code": line})

    threading.Thread(target=pasted, daemon=True).start()
    try:
        return received.get(timeout=600)
    except queue.Empty:
        from cuprum.connector.errors import AuthorizationFailed

        raise AuthorizationFailed("Nobody came back from the browser in time.") from None


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
    from cuprum.automation.connections import NEEDS_REAUTHORISATION, OK, Connections
    from cuprum.automation.triggers import hooks
    from cuprum.automation.triggers.reach import reach

    triggers = None
    with opened() as database:
        stored = Connections(database.settings, database)
        with stored.open(name, lane=USER) as copper:
            tested = copper.test()
            if tested.ok:
                subscriptions = database.read_now(hooks.of_connection, stored.one(name).id)
                triggers = reach(database.settings, copper.changes.announced().path, subscriptions)
        if not tested.ok and tested.steps[-1].get("status") == 401:
            stored.mark(name, NEEDS_REAUTHORISATION)
        elif tested.ok:
            stored.mark(name, OK)
        budget = database.read_now(remaining, stored.one(name).id, database.settings.requests_a_minute)
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
