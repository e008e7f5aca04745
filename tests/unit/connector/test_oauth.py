"""OAuth 2.0 from the client's side: Copper's way and everybody's."""

import asyncio
import base64
import hashlib
import html
import re
from collections.abc import Callable
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
import pytest

from cuprum.connector import Bearer, Copper, errors
from cuprum.connector.local_callback import LocalCallback
from cuprum.connector.oauth import (
    COPPER_ENDPOINTS,
    App,
    Endpoints,
    Pending,
    Token,
    async_oauth_client,
    begin,
    code_from,
    oauth_client,
)
from patience import PATIENCE_SECONDS
from standin import StandIn


def browser(url: str) -> None:
    """A user who says yes: loads the page and sends its form to the callback."""
    page = httpx2.get(url, timeout=PATIENCE_SECONDS).text
    action = re.search(r'action="([^"]+)"', page)
    fields = {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page)}
    assert action
    httpx2.post(html.unescape(action.group(1)), data=fields, timeout=PATIENCE_SECONDS)


def copper_endpoints(standin: StandIn) -> Endpoints:
    return Endpoints(f"{standin.oauth_url}/authorize", f"{standin.oauth_url}/token")


def test_a_code_that_comes_by_form_post_becomes_a_token_without_expiry(standin: StandIn):
    endpoints = copper_endpoints(standin)
    with LocalCallback() as callback:
        app = App("client-1", "secret-1", callback.redirect_uri)
        standin.oauth.redirect_uris.add(callback.redirect_uri)
        pending = begin(app, endpoints)
        browser(pending.url)
        code = code_from(callback.wait(PATIENCE_SECONDS), pending)
    token = oauth_client().token_for(app, endpoints, pending, code)
    assert (token.expires_at, token.refresh_token, token.scope) == (None, None, "developer/v1/all")
    assert not token.is_stale(now=10**12)
    assert standin.oauth.seen[0]["form"] == {
        "grant_type": "authorization_code", "code": code, "redirect_uri": app.redirect_uri, "client_id": "client-1",
        "client_secret": "secret-1",
    }  # fmt: skip
    with Copper(credentials=Bearer(token.access_token), base_url=standin.base_url) as copper:
        assert copper.users.me()["email"] == "ada@harborlane.example"
    with pytest.raises(errors.AuthorizationFailed, match="unknown or used"):
        oauth_client().token_for(app, endpoints, pending, code)


def test_a_user_who_says_no_is_told_as_that(standin: StandIn):
    standin.oauth.refuses = True
    with LocalCallback() as callback:
        standin.oauth.redirect_uris.add(callback.redirect_uri)
        pending = begin(App("client-1", "secret-1", callback.redirect_uri), copper_endpoints(standin))
        browser(pending.url)
        with pytest.raises(errors.AuthorizationFailed, match="access_denied"):
            code_from(callback.wait(PATIENCE_SECONDS), pending)


def test_the_callback_also_takes_a_get_and_ignores_other_requests():
    with LocalCallback() as callback:
        origin = callback.redirect_uri.removesuffix("/callback")
        assert httpx2.get(f"{origin}/favicon.ico", timeout=PATIENCE_SECONDS).status_code == 404
        assert httpx2.get(f"{callback.redirect_uri}?code=c&state=s", timeout=PATIENCE_SECONDS).status_code == 200
        assert callback.wait(PATIENCE_SECONDS) == {"code": "c", "state": "s"}


@pytest.mark.parametrize("state", ["another", "é"])
def test_a_callback_of_another_authorisation_is_refused(state: str):
    with pytest.raises(errors.AuthorizationFailed, match="state"):
        code_from({"code": "c", "state": state}, Pending("u", "mine"), state_may_be_missing=True)


def test_a_missing_state_is_refused_unless_the_server_is_known_for_it():
    with pytest.raises(errors.AuthorizationFailed):
        code_from({"code": "c"}, Pending("u", "mine"))
    assert code_from({"code": "c"}, Pending("u", "mine"), state_may_be_missing=True) == "c"


def test_copper_authorises_on_another_host_than_its_api():
    assert oauth_client().discover("https://api.copper.com/developer_api/v1") == COPPER_ENDPOINTS


def served(answer: Callable[[httpx2.Request], httpx2.Response]) -> httpx2.Client:
    return httpx2.Client(transport=httpx2.MockTransport(answer))


def test_metadata_says_where_and_whether_pkce_is_known():
    said = {
        "authorization_endpoint": "https://crm.example/oauth/authorize",
        "token_endpoint": "https://crm.example/oauth/token",
        "code_challenge_methods_supported": ["S256"],
    }
    client = oauth_client(served(lambda request: httpx2.Response(200, json=said)))
    found = client.discover("https://crm.example/developer_api/v1")
    assert found.has_pkce
    pending = begin(App("c", "s", "http://127.0.0.1/cb"), found)
    asked = dict(parse_qsl(urlsplit(pending.url).query))
    assert pending.verifier
    hashed = base64.urlsafe_b64encode(hashlib.sha256(pending.verifier.encode()).digest()).decode().rstrip("=")
    assert (asked["code_challenge"], asked["code_challenge_method"]) == (hashed, "S256")


def test_the_same_for_the_event_loop():
    async def flow() -> tuple[Endpoints, Token]:
        def answer(request: httpx2.Request) -> httpx2.Response:
            return httpx2.Response(200, json={"access_token": "fresh"}) if request.method == "POST" else httpx2.Response(404)

        async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
            client = async_oauth_client(http)
            found = await client.discover("https://crm.example/developer_api/v1")
            app = App("c", "", "http://127.0.0.1/cb")
            return found, await client.token_for(app, found, Pending("u", "s", "v"), "code")

    found, token = asyncio.run(flow())
    assert found.token_url == "https://crm.example/oauth/token"
    assert (token.access_token, token.expires_at) == ("fresh", None)


def test_an_answer_of_another_server_is_refused():
    with pytest.raises(errors.AuthorizationFailed, match="another server"):
        code_from({"code": "c", "state": "s", "iss": "https://evil.example"}, Pending("u", "s"), issuer="https://crm.example")
    assert code_from({"code": "c", "state": "s"}, Pending("u", "s"), issuer="https://crm.example") == "c"


def test_a_server_without_metadata_is_asked_at_its_own_host():
    client = oauth_client(served(lambda request: httpx2.Response(404)))
    found = client.discover("http://127.0.0.1:8000/developer_api/v1")
    assert found == Endpoints("http://127.0.0.1:8000/oauth/authorize", "http://127.0.0.1:8000/oauth/token")


def test_a_token_that_expires_is_refreshed_and_keeps_its_refresh_token_when_it_is_not_rotated():
    def answer(request: httpx2.Request) -> httpx2.Response:
        form = parse_qs(request.content.decode())
        assert form["grant_type"] == ["refresh_token"]
        assert "x-pw-accesstoken" not in request.headers
        return httpx2.Response(200, json={"access_token": "fresh", "token_type": "Bearer", "expires_in": 3600})

    app, endpoints = App("c", "s", "http://x/cb"), Endpoints("https://x/a", "https://x/t")
    fresh = oauth_client(served(answer)).refreshed(app, endpoints, Token("old", refresh_token="r"))
    assert (fresh.access_token, fresh.refresh_token) == ("fresh", "r")
    assert fresh.expires_at
    assert fresh.is_stale(fresh.expires_at - 30)


def test_secrets_do_not_show_in_a_traceback():
    app, token = App("c", "very-secret", "http://x/cb"), Token("very-secret", refresh_token="very-secret")
    assert "very-secret" not in repr((app, token, Pending("u", "s", "very-secret"), Bearer("very-secret")))
