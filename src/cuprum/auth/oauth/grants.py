"""The two grants: a code for tokens, and a refresh token for fresh ones."""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6749.errors import InvalidGrantError, InvalidRequestError
from authlib.oauth2.rfc7636 import CodeChallenge

from cuprum.auth.digests import new_secret
from cuprum.auth.oauth import stored
from cuprum.auth.oauth.kinds import RESPONSE_MODES
from cuprum.auth.oauth.stored import StoredCode, StoredToken

CLIENT_METHODS = ["none", "client_secret_basic", "client_secret_post"]


class AuthorizationCode(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = CLIENT_METHODS

    def granted(self, user_id: int) -> dict[str, str]:
        """Store the user's consent, and return what the app is to be told."""
        request, connection = self.request, self.server.connection
        code = new_secret()
        grant_id = stored.grant(connection, request.client, user_id, request.scope)
        stored.store_code(
            connection, code, grant_id, self.redirect_uri,
            named=bool(request.payload.redirect_uri), challenge=request.payload.data.get("code_challenge") or None,
        )  # fmt: skip
        return {"code": code}

    @staticmethod
    def validate_authorization_redirect_uri(request: Any, client: Any) -> str:
        # The library's own refusal repeats the address, which may hold what an error may not.
        uri = request.payload.redirect_uri or client.get_default_redirect_uri()
        if not uri:
            raise InvalidRequestError("The request names no redirect_uri.", state=request.payload.state)
        if not client.check_redirect_uri(uri):
            raise InvalidRequestError("The redirect_uri is not one of those that the app registered.")
        return uri

    def query_authorization_code(self, code: str, client: Any) -> StoredCode | None:
        return stored.take_code(self.server.connection, code, client)

    def delete_authorization_code(self, authorization_code: StoredCode) -> None:
        # It is kept, marked as used: should it come again, it was stolen.
        stored.spend_code(self.server.connection, self.request.form["code"])

    def authenticate_user(self, authorization_code: StoredCode) -> Any:
        return stored.active_user(self.server.connection, authorization_code.user_id)


class RefreshToken(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = CLIENT_METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> StoredToken | None:
        return stored.take_refresh_token(self.server.connection, refresh_token, self.request.client)

    def authenticate_user(self, refresh_token: StoredToken) -> Any:
        found = stored.active_user(self.server.connection, refresh_token.user_id)
        if found is None:
            raise InvalidGrantError("The user of this token may no longer come in.")
        return found

    def revoke_old_credential(self, refresh_token: StoredToken) -> None:
        stored.spend_token(self.server.connection, refresh_token.hash)


class KnownResponseMode:
    """Refuses a way back that there is not; the app hears of it by its usual one."""

    def __call__(self, grant: Any) -> None:
        grant.register_hook("after_validate_authorization_request_payload", self.validate)

    def validate(self, grant: Any, redirect_uri: str) -> None:
        if grant.request.payload.data.get("response_mode", RESPONSE_MODES[0]) not in RESPONSE_MODES:
            raise InvalidRequestError(f"The response_mode must be one of {', '.join(RESPONSE_MODES)}.")


class OnlyS256(CodeChallenge):
    """PKCE by its safe method, demanded of apps that can keep no secret already when they ask."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if grant.request.client.is_public and not data.get("code_challenge"):
            raise InvalidRequestError("This app has no secret, so it must send a code_challenge.")
        # Without a method a challenge would be a plain one.
        if data.get("code_challenge") and data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("The code_challenge_method must be S256.")
        super().validate_code_challenge(grant, redirect_uri)
