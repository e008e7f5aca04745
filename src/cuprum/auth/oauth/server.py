"""Authlib's authorization server over one connection: which grants there are, and how tokens are made and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Payload, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidRequestError, UnsupportedResponseTypeError
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from sqlalchemy import Connection

from cuprum.auth.digests import new_secret
from cuprum.auth.oauth.client import Client, find_client
from cuprum.auth.oauth.endpoints import Introspection, Revocation
from cuprum.auth.oauth.grants import AuthorizationCode, KnownResponseMode, OnlyS256, RefreshToken
from cuprum.auth.oauth.stored import ACCESS_SECONDS, REFRESH_SECONDS, store_token
from cuprum.auth.scopes import SCOPES

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What goes back to an app, before it is HTTP."""

    status: int
    body: Any
    headers: list[tuple[str, str]]


class Server(AuthorizationServer):
    def __init__(self, connection: Connection, issuer: str) -> None:
        super().__init__(scopes_supported=list(SCOPES))
        self.connection, self.issuer = connection, issuer
        self.register_token_generator("default", BearerTokenGenerator(_random, _random, _lifetime))
        self.register_grant(AuthorizationCode, [OnlyS256(required=True), KnownResponseMode()])
        self.register_grant(RefreshToken)
        self.register_endpoint(Revocation)
        self.register_endpoint(Introspection)

    def query_client(self, client_id: str) -> Client | None:
        return find_client(self.connection, client_id)

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        """Store both tokens under the grant that they came from. A refresh token keeps the whole scope of its grant."""
        source = request.authorization_code or request.refresh_token
        store_token(self.connection, token["access_token"], "access", source.grant_id, token["scope"], token.get("expires_in"))
        if "refresh_token" in token:
            store_token(self.connection, token["refresh_token"], "refresh", source.grant_id, source.get_scope(), REFRESH_SECONDS)

    def get_authorization_grant(self, request: Any) -> Any:
        # Authlib's own refusal breaks on a response type that its error may not repeat.
        if request.payload.response_type != "code":
            client = self.query_client(request.payload.client_id or "")
            uri = request.payload.redirect_uri or (client and client.get_default_redirect_uri())
            is_known = client is not None and uri and client.check_redirect_uri(uri)
            raise UnsupportedResponseTypeError(
                "code", "The response type must be code.", redirect_uri=uri if is_known else None, state=request.payload.state
            )
        return super().get_authorization_grant(request)

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        return request

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Answer:
        return Answer(status, body, headers)

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""


class _Payload(OAuth2Payload):
    def __init__(self, pairs: Pairs) -> None:
        self._data, self._lists = dict(pairs), {}  # type: dict[str, str], dict[str, list[str]]
        for name, value in pairs:
            self._lists.setdefault(name, []).append(value)

    @property
    def data(self) -> dict[str, str]:
        return self._data

    @property
    def datalist(self) -> Any:
        return self._lists


class AppRequest(OAuth2Request):
    """A request of an app: its query or its form as pairs."""

    def __init__(self, method: str, pairs: Pairs, headers: Mapping[str, str]) -> None:
        # Authlib refuses plain http beyond loopback. Whether a server is reached so is for whoever runs it to say; the
        # sign-in page warns.
        super().__init__(method, "https://localhost/", headers=headers)
        self.payload = _Payload(pairs)

    @property
    def args(self) -> dict[str, str]:
        return self.payload.data

    @property
    def form(self) -> dict[str, str]:
        return self.payload.data


def app_request(pairs: Pairs, headers: Mapping[str, str]) -> AppRequest:
    """A POST of an app. Raises InvalidRequestError for a parameter that comes twice (RFC 6749 §3.2)."""
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise InvalidRequestError("A parameter comes more than once.")
    return AppRequest("POST", pairs, headers)


def _random(**_: Any) -> str:
    return new_secret()


def _lifetime(client: Client, grant_type: str) -> int:
    # Nothing that expires is announced for the tokens of Copper's kind.
    return ACCESS_SECONDS if client.is_standard else 0
