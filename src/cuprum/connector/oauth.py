"""The client's side of OAuth 2.0: authorisation code, callback by GET or by form POST, PKCE where the server has it.

Copper's cloud authorises on another host than its API, posts the code as a form, and gives tokens that neither expire nor
refresh (`copper-api/part1.md §2`). Other servers say what they can in their metadata (RFC 8414).
"""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic
from urllib.parse import urlencode, urlsplit

import httpx2

from cuprum.connector.connections import COPPER_CLOUD
from cuprum.connector.credentials import Bearer
from cuprum.connector.drive import Awaiting, Awaits, Blocking, Blocks, Bound, M, Wire, call
from cuprum.connector.errors import AuthorizationFailed, CopperError
from cuprum.connector.exchange import Call, Effect, Flow, Session, exchange
from cuprum.connector.resources.base import as_number

SCOPE = "developer/v1/all"


@dataclass(frozen=True)
class Endpoints:
    """Where a server authorises, whether it knows PKCE, and as whom it signs its answers (RFC 9207), if it does."""

    authorize_url: str
    token_url: str
    has_pkce: bool = False
    issuer: str | None = None


COPPER_ENDPOINTS = Endpoints("https://app.copper.com/oauth/authorize", "https://app.copper.com/oauth/token")


@dataclass(frozen=True)
class App:
    """What was registered with the server; the secret is empty for an app that can keep none."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    scope: str = SCOPE


@dataclass(frozen=True)
class Pending:
    """An authorisation under way: the URL for the browser, and what must be remembered until the callback."""

    url: str
    state: str
    verifier: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Token:
    """`expires_at` is None for a token that never expires, as Copper's; then there is nothing to refresh either."""

    access_token: str = field(repr=False)
    scope: str = ""
    refresh_token: str | None = field(default=None, repr=False)
    expires_at: float | None = None

    def is_stale(self, now: float, margin_seconds: float = 60) -> bool:
        return self.expires_at is not None and now >= self.expires_at - margin_seconds


def begin(app: App, endpoints: Endpoints) -> Pending:
    """A fresh state, a fresh verifier where PKCE is known, and the URL that carries them."""
    state = secrets.token_urlsafe(24)
    asked = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_uri,
        "scope": app.scope,
        "state": state,
    }
    verifier = secrets.token_urlsafe(48) if endpoints.has_pkce else None
    if verifier:
        hashed = hashlib.sha256(verifier.encode()).digest()
        asked |= {
            "code_challenge": base64.urlsafe_b64encode(hashed).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
    return Pending(f"{endpoints.authorize_url}?{urlencode(asked)}", state, verifier)


def code_from(
    callback: Mapping[str, str], pending: Pending, *, state_may_be_missing: bool = False, issuer: str | None = None
) -> str:
    """The code out of the callback's query or form fields. Raises AuthorizationFailed.

    Copper's documentation does not promise to echo the state; a state that comes must be ours, and so must an issuer.
    """
    if issuer and callback.get("iss", issuer) != issuer:
        raise AuthorizationFailed(f"The callback comes from another server: {callback['iss']}.")
    if callback.get("error"):
        detail = callback.get("error_description") or callback["error"]
        raise AuthorizationFailed(f"The authorisation was refused: {detail}.")
    given = callback.get("state", "")
    if not (given == "" and state_may_be_missing) and not hmac.compare_digest(given.encode(), pending.state.encode()):
        raise AuthorizationFailed("The callback does not belong to this authorisation: its state is another.")
    if not callback.get("code"):
        raise AuthorizationFailed("The callback brings no code.")
    return callback["code"]


class OAuthClient(Bound[M], Generic[M]):
    """Talks to an authorisation server."""

    @call
    def discover(self, base_url: str) -> Flow[Endpoints]:
        """The endpoints for an API: Copper's for Copper's cloud, else those of the metadata, else /oauth on its host."""
        if base_url.rstrip("/") == COPPER_CLOUD:
            return COPPER_ENDPOINTS
        parts = urlsplit(base_url)
        origin = f"{parts.scheme}://{parts.netloc}"
        fallback = Endpoints(f"{origin}/oauth/authorize", f"{origin}/oauth/token")
        try:
            answer = yield from exchange(self._session, Call("GET", f"{origin}/.well-known/oauth-authorization-server"))
        except CopperError as error:
            if error.status is None:
                raise
            return fallback
        said = answer.json()
        if not isinstance(said, dict) or "authorization_endpoint" not in said:
            return fallback
        methods = said.get("code_challenge_methods_supported") or []
        token_url = said.get("token_endpoint", fallback.token_url)
        issuer = said.get("issuer") if said.get("authorization_response_iss_parameter_supported") else None
        return Endpoints(said["authorization_endpoint"], token_url, "S256" in methods, issuer)

    @call
    def token_for(self, app: App, endpoints: Endpoints, pending: Pending, code: str) -> Flow[Token]:
        """Exchange the code. Raises AuthorizationFailed when it is not accepted."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": app.redirect_uri}
        if pending.verifier:
            form["code_verifier"] = pending.verifier
        return (yield from ask_for_token(self._session, app, endpoints, form))

    @call
    def refreshed(self, app: App, endpoints: Endpoints, token: Token) -> Flow[Token]:
        """A new token for the refresh token. Raises AuthorizationFailed when there is none or it is not accepted."""
        if not token.refresh_token:
            raise AuthorizationFailed("This token cannot be refreshed; authorise again.")
        form = {"grant_type": "refresh_token", "refresh_token": token.refresh_token}
        fresh = yield from ask_for_token(self._session, app, endpoints, form)
        if fresh.refresh_token:
            return fresh
        # A server that does not rotate answers without one.
        return Token(fresh.access_token, fresh.scope, token.refresh_token, fresh.expires_at)


def ask_for_token(session: Session, app: App, endpoints: Endpoints, form: dict[str, str]) -> Flow[Token]:
    # An empty secret is another thing than none.
    own = {"client_id": app.client_id} | ({"client_secret": app.client_secret} if app.client_secret else {})
    body = urlencode(form | own).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    try:
        answer = yield from exchange(session, Call("POST", endpoints.token_url, content=body, headers=kind, effect=Effect.SAME))
    except CopperError as error:
        if error.status is None or not error.permanent:
            raise
        raise AuthorizationFailed(f"The server gives no token: {error.message}", status=error.status) from error
    return token_from(answer.json())


def token_from(said: Any) -> Token:
    if not isinstance(said, dict) or not said.get("access_token"):
        raise AuthorizationFailed("The server's answer holds no token.")
    seconds = as_number(said.get("expires_in"))
    expires_at = time.time() + seconds if seconds is not None else None
    return Token(str(said["access_token"]), str(said.get("scope") or ""), said.get("refresh_token"), expires_at)


# The calls below are absolute, so nothing is ever added to them; a code is good for one try.
NOWHERE = Wire("", Bearer(""), {})


def oauth_client(client: httpx2.Client | None = None) -> OAuthClient[Blocking]:
    http = client or httpx2.Client(timeout=30.0)
    return OAuthClient(Session(attempts=1), Blocks(http, NOWHERE))


def async_oauth_client(client: httpx2.AsyncClient | None = None) -> OAuthClient[Awaiting]:
    http = client or httpx2.AsyncClient(timeout=30.0)
    return OAuthClient(Session(attempts=1), Awaits(http, NOWHERE))
