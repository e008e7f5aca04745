"""A registered app as Authlib asks about it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from authlib.oauth2.rfc6749 import ClientMixin
from sqlalchemy import Connection, select

from cuprum.auth.digests import hashed, same
from cuprum.auth.oauth.kinds import FORM_POST, STANDARD
from cuprum.auth.scopes import covers
from cuprum.kit import jsonio
from cuprum.storage.oauth_tables import oauth_app

# On a native app's own machine the system picks the port (RFC 8252 §7.3).
_ANY_PORT = ("127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Client(ClientMixin):
    id: int
    client_id: str
    secret_hash: str | None
    name: str
    kind: str
    redirect_uris: tuple[str, ...]
    scope: str

    @property
    def is_public(self) -> bool:
        return self.secret_hash is None

    @property
    def is_standard(self) -> bool:
        return self.kind == STANDARD

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str | None:
        return self.redirect_uris[0] if len(self.redirect_uris) == 1 else None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """What was asked for, or all that the app may have; None when that is too much."""
        asked = dict.fromkeys((scope or self.scope).split())
        return " ".join(asked) if all(covers(self.scope.split(), one) for one in asked) else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris or _without_port(redirect_uri) in self.redirect_uris

    def hears_by_post(self, response_mode: str | None) -> bool:
        """Whether the browser takes the answer along as a form, rather than in the address (`response_mode`)."""
        return not self.is_standard or response_mode == FORM_POST

    def check_client_secret(self, client_secret: str) -> bool:
        return self.secret_hash is not None and same(hashed(client_secret), self.secret_hash)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return (method == "none") == self.is_public

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code" or (grant_type == "refresh_token" and self.is_standard)


def _without_port(redirect_uri: str) -> str | None:
    """The same address on this machine without its port; an app registered so takes any port."""
    try:
        parts = urlsplit(redirect_uri)
        host, _, port = parts.netloc.rpartition(":")
    except ValueError:
        return None
    # Other scripts have digits too, and a browser's header none of them.
    is_port = port.isascii() and port.isdecimal() and 0 < int(port) < 65_536
    return redirect_uri.replace(parts.netloc, host, 1) if parts.scheme == "http" and host in _ANY_PORT and is_port else None


def find_client(connection: Connection, client_id: str) -> Client | None:
    # A text that cannot be one of ours is not looked for: PostgreSQL refuses some.
    if not client_id.isascii() or not client_id.isalnum():
        return None
    found = select(oauth_app).where(oauth_app.c.client_id == client_id, oauth_app.c.removed_at.is_(None))
    row = connection.execute(found).one_or_none()
    if row is None:
        return None
    uris = tuple(jsonio.decode(row.redirect_uris))
    return Client(row.id, row.client_id, row.secret_hash, row.name, row.kind, uris, row.scope)
