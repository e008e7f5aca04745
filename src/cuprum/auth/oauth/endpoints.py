"""What an app may do with a token besides using it: end it (RFC 7009), and ask what it is (RFC 7662)."""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from cuprum.auth.oauth import stored
from cuprum.auth.oauth.grants import CLIENT_METHODS
from cuprum.auth.oauth.revoking import revoke_grant
from cuprum.auth.oauth.stored import StoredToken
from cuprum.events.log import Group

SECRET_METHODS = [method for method in CLIENT_METHODS if method != "none"]


class Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = CLIENT_METHODS

    def query_token(self, token_string: str, token_type_hint: str | None) -> StoredToken | None:
        found = stored.find_token(self.server.connection, token_string)
        # What is over cannot end again, and an app hears nothing of the tokens of others.
        return None if found is None or found.is_over else found

    def revoke_token(self, token: StoredToken, request: Any) -> None:
        connection, client = self.server.connection, request.client
        if token.kind == "access" and client.is_standard:
            stored.spend_token(connection, token.hash)
        else:
            # Nothing is left of the grant without it.
            label = f"{client.name} gave its access back"
            revoke_grant(connection, token.grant_id, Group(connection, token.user_id, "api", f"app {client.name}", label))


class Introspection(IntrospectionEndpoint):
    CLIENT_AUTH_METHODS = SECRET_METHODS

    def query_token(self, token_string: str, token_type_hint: str | None) -> StoredToken | None:
        return stored.find_token(self.server.connection, token_string)

    def check_permission(self, token: StoredToken, client: Any, request: Any) -> bool:
        return token.check_client(client) and stored.active_user(self.server.connection, token.user_id) is not None

    def introspect_token(self, token: StoredToken) -> dict[str, Any]:
        user = stored.active_user(self.server.connection, token.user_id)
        assert user is not None
        known = {
            "active": True,
            "scope": token.scope,
            "client_id": token.client_id,
            "sub": str(token.user_id),
            "username": user.email,
            "token_type": "Bearer" if token.kind == "access" else "refresh_token",
            "iat": token.issued_at,
            "iss": self.server.issuer,
        }
        return known | ({"exp": token.expires_at} if token.expires_at is not None else {})
