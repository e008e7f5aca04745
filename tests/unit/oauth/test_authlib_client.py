"""Authlib's own client completes the standard flow: PKCE, a refresh, the end."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from authlib.integrations.httpx_client import OAuth2Client
from authlib.integrations.httpx_client import OAuthError as ClientError
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata

from installation import Installation
from oauth import CALLBACK, Browser, new_app


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", "none"])
def test_authlibs_client_is_let_in_refreshes_and_leaves(cuprum: Installation, browser: Browser, method: str) -> None:
    said = AuthorizationServerMetadata(cuprum.client.get("/.well-known/oauth-authorization-server").json())
    said.validate_code_challenge_methods_supported()
    app = new_app(cuprum, is_public=method == "none")
    client = OAuth2Client(
        app.client_id, app.client_secret, token_endpoint_auth_method=method, revocation_endpoint_auth_method=method,
        scope="developer/v1/all", redirect_uri=CALLBACK, code_challenge_method="S256", token_endpoint=said["token_endpoint"],
        transport=cuprum.client._transport, base_url="http://testserver",
    )  # fmt: skip
    url, state = client.create_authorization_url(said["authorization_endpoint"], code_verifier=app.verifier)
    parts = urlsplit(url)
    answered = browser.decide(f"{parts.path}?{parts.query}").location
    token = client.fetch_token(authorization_response=answered, state=state, code_verifier=app.verifier)
    assert client.get("/developer_api/v1/users/me").json()["email"] == "ada@harbour.example"
    # It refreshes by itself what has expired.
    client.token["expires_at"] = 1
    assert client.get("/developer_api/v1/users/me").status_code == 200
    assert client.token["refresh_token"] != token["refresh_token"]
    assert client.revoke_token(said["revocation_endpoint"], client.token["refresh_token"]).status_code == 200
    assert client.get("/developer_api/v1/users/me").status_code == 401
    with pytest.raises(ClientError, match="invalid_grant"):
        client.refresh_token(said["token_endpoint"])
