"""What apps ask of the OAuth 2.0 server themselves: tokens, their end, what they are, and what the server can do."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cuprum.api.answers import json_answer
from cuprum.api.state import State
from cuprum.auth.oauth.kinds import RESPONSE_MODES
from cuprum.auth.scopes import SCOPES
from cuprum.kit.errors import CuprumError, Malformed
from cuprum.kit.forms import Pairs, read_form

# RFC 6749 §5.1: nobody on the way may keep a token.
_UNKEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_SECRET_METHODS = ["client_secret_basic", "client_secret_post"]


def routes() -> list[Route]:
    return [
        Route("/oauth/token", _endpoint(_token), methods=["POST"]),
        Route("/oauth/revoke", _endpoint(_revocation), methods=["POST"]),
        Route("/oauth/introspect", _endpoint(_introspection), methods=["POST"]),
        Route("/.well-known/oauth-authorization-server", metadata, methods=["GET"]),
    ]


def _endpoint(ask: Callable[[Any, Any], Any]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        state: State = request.app.state.cuprum
        try:
            pairs = await read_form(request)
            _check_basic(request.headers.get("authorization", ""))
        except CuprumError as error:
            return _refusal("invalid_request", str(error), error.status)
        return await state.database.write(_answered, pairs, dict(request.headers), issuer_of(request), ask)

    return endpoint


def _answered(
    connection: Connection, pairs: Pairs, headers: dict[str, str], issuer: str, ask: Callable[[Any, Any], Any]
) -> Response:
    # The library takes a while to load, and few requests are about tokens.
    from authlib.oauth2.rfc6749 import OAuth2Error

    from cuprum.auth.oauth.server import Server, app_request

    # Refusals are answers rather than exceptions: what a refusal writes, such as the end of a grant, is to be committed.
    try:
        answer = ask(Server(connection, issuer), app_request(pairs, {"Authorization": headers.get("authorization", "")}))
    except OAuth2Error as error:
        return _refusal(error.error, error.description, error.status_code)
    kept = {name: value for name, value in answer.headers if name == "WWW-Authenticate"}
    return json_answer(answer.body, answer.status, _UNKEPT | kept)


def _token(server: Any, request: Any) -> Any:
    return server.create_token_response(request)


def _revocation(server: Any, request: Any) -> Any:
    return server.create_endpoint_response("revocation", request)


def _introspection(server: Any, request: Any) -> Any:
    return server.create_endpoint_response("introspection", request)


def _check_basic(header: str) -> None:
    """Raises Malformed for credentials that are no text, which Authlib would stumble over."""
    scheme, _, given = header.partition(" ")
    if scheme.lower() == "basic":
        try:
            base64.b64decode(given).decode()
        except (binascii.Error, ValueError):
            raise Malformed("Malformed request: the Authorization header cannot be read") from None


def _refusal(error: str | None, description: str | None, status: int) -> Response:
    return json_answer({"error": error, "error_description": description}, status, _UNKEPT)


def issuer_of(request: Request) -> str:
    """The address of this server, as others know it."""
    settings = request.app.state.cuprum.settings
    return (settings.public_url or str(request.base_url)).rstrip("/")


async def metadata(request: Request) -> Response:
    """RFC 8414: what this server can do."""
    issuer = issuer_of(request)
    known = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth/authorize",
        "token_endpoint": f"{issuer}/oauth/token",
        "revocation_endpoint": f"{issuer}/oauth/revoke",
        "introspection_endpoint": f"{issuer}/oauth/introspect",
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": list(RESPONSE_MODES),
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": [*_SECRET_METHODS, "none"],
        "revocation_endpoint_auth_methods_supported": [*_SECRET_METHODS, "none"],
        "introspection_endpoint_auth_methods_supported": _SECRET_METHODS,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "service_documentation": f"{issuer}/api",
    }
    return json_answer(known, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "max-age=300"})
