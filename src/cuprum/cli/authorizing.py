"""The walk through the browser for `cuprum connection add --oauth`: a callback on this machine, or a code pasted by hand."""

from __future__ import annotations

import queue
import sys
import threading
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import typer

if TYPE_CHECKING:
    from cuprum.connector.oauth import App, Endpoints, Token

WAITS_SECONDS = 600


def authorized(
    client_id: str, secret: str, *, base_url: str, oauth_url: str, redirect_uri: str, open_browser: bool
) -> tuple[App, Endpoints, Token]:
    """Send the user to the server and return what came of it; raises AuthorizationFailed, or another CopperError."""
    from cuprum.connector.oauth import COPPER_ENDPOINTS, App, Endpoints, begin, code_from, oauth_client

    client = oauth_client()
    at = oauth_url.rstrip("/")
    endpoints = Endpoints(f"{at}/authorize", f"{at}/token") if at else client.discover(base_url)
    with _callback_for(redirect_uri) as callback:
        app = App(client_id, secret, callback.redirect_uri if callback else redirect_uri)
        pending = begin(app, endpoints)
        print(pending.url, flush=True)
        if open_browser:
            import webbrowser

            webbrowser.open(pending.url)
        came = _what_came(callback)
        # Whoever pastes a bare code vouches for it; Copper does not promise to send the state along.
        may_lack_state = came.keys() == {"code"} or endpoints == COPPER_ENDPOINTS
        code = code_from(came, pending, state_may_be_missing=may_lack_state, issuer=endpoints.issuer)
    return app, endpoints, client.token_for(app, endpoints, pending, code)


def _callback_for(redirect_uri: str) -> Any:
    """A callback on this machine where the address is here; elsewhere the code comes back by hand."""
    from cuprum.connector.local_callback import LocalCallback

    if not redirect_uri:
        return LocalCallback()
    try:
        asked = urlsplit(redirect_uri)
        host, port = asked.hostname, asked.port
    except ValueError:
        host = None
    if not host or asked.scheme not in ("http", "https"):
        raise typer.BadParameter("--redirect-uri must be an address such as http://127.0.0.1:8765/callback")
    if asked.scheme == "https" or host not in ("127.0.0.1", "::1", "localhost"):
        return nullcontext(None)
    # Of an address by number the server takes any port (RFC 8252); a name stands for what was registered.
    return LocalCallback(port or (80 if host == "localhost" else 0), asked.path or "/", host=host)


def _what_came(callback: Any) -> dict[str, str]:
    """What the browser brought, or what was pasted on standard input: a code, or the whole address it came in."""
    from cuprum.connector.errors import AuthorizationFailed

    received: queue.Queue[dict[str, str]] = queue.Queue() if callback is None else callback.received

    def pasted() -> None:
        if line := sys.stdin.readline().strip():
            fields = dict(parse_qsl(urlsplit(line).query))
            received.put(fields if fields.keys() & {"code", "error"} else {"code": line})

    threading.Thread(target=pasted, daemon=True).start()
    try:
        return received.get(timeout=WAITS_SECONDS)
    except queue.Empty:
        raise AuthorizationFailed("Nobody came back from the browser in time.") from None
