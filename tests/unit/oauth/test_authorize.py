"""`/oauth/authorize`: who may ask, where the answer goes, and that only the user gives it."""

from __future__ import annotations

import pytest

from installation import Installation
from oauth import CALLBACK, Browser, TestApp, new_app, query_of, signed_in, told


@pytest.mark.parametrize(
    "wrong",
    [
        "https://app.example.com/callback/",
        "https://app.example.com/callback?more=1",
        "https://app.example.com/Callback",
        "https://app.example.com:443/callback",
        "https://app.example.com/callback#part",
        "https://app.example.com.evil.example/callback",
        "https://evil.example/callback",
        "http://app.example.com/callback",
        "//evil.example",
        "javascript:alert(1)",
        "https://app.example.com/callback\r\nX-Evil: 1",
        "https://app.example.com/callback\x00",
    ],
)
def test_an_address_that_is_not_registered_to_the_letter_is_never_gone_to(app: TestApp, browser: Browser, wrong: str) -> None:
    page = browser.get(app.url(redirect_uri=wrong))
    assert (page.status, page.location) == (400, "")
    assert "redirect_uri" in page.text
    assert "evil" not in page.text
    # Nor when the form of the consent page is sent with another address.
    form = browser.get(app.url()).fields | {"redirect_uri": wrong, "decision": "accept"}
    answered = browser.post("/oauth/authorize", form)
    assert (answered.status, answered.location) == (400, "")


def test_an_unknown_app_is_told_to_nobody(app: TestApp, browser: Browser) -> None:
    for client_id in ("nobody", "é", "a b", "", "x" * 5000, None):
        page = browser.get(app.url(client_id=client_id))
        assert (page.status, page.location) == (400, ""), client_id


@pytest.mark.parametrize("port", ["1", "8080", "65535"])
def test_an_app_on_the_users_machine_takes_any_port(cuprum: Installation, browser: Browser, port: str) -> None:
    app = new_app(cuprum, redirect_uris=["http://127.0.0.1/callback", "http://[::1]/callback"])
    for host in ("127.0.0.1", "[::1]"):
        callback = f"http://{host}:{port}/callback"
        page = browser.decide(app.url(redirect_uri=callback))
        assert page.location.startswith(callback + "?code=")
        assert app.exchange(told(page)["code"], redirect_uri=callback).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        "http://127.0.0.1:8080/other",
        "https://127.0.0.1:8080/callback",
        "http://localhost:8080/callback",
        "http://127.0.0.2:8080/callback",
        "http://127.0.0.1:0/callback",
        "http://127.0.0.1:65536/callback",
        "http://127.0.0.1:８０/callback",
        "http://127.0.0.1:8\t0/callback",
        "http://127.0.0.1:80@evil.example/callback",
        "http://evil.example:80@127.0.0.1/callback",
        "http://evil@127.0.0.1:80/callback",
        "http://[::1/callback",
    ],
)
def test_any_port_is_the_only_freedom(cuprum: Installation, browser: Browser, wrong: str) -> None:
    app = new_app(cuprum, redirect_uris=["http://127.0.0.1/callback"])
    page = browser.get(app.url(redirect_uri=wrong))
    assert (page.status, page.location) == (400, "")


def test_a_port_that_was_registered_is_kept(cuprum: Installation, browser: Browser) -> None:
    app = new_app(cuprum, redirect_uris=["http://127.0.0.1:9000/callback"])
    assert browser.get(app.url(redirect_uri="http://127.0.0.1:9001/callback")).status == 400
    assert browser.get(app.url()).status == 200


def test_the_only_address_need_not_be_named(cuprum: Installation, app: TestApp, browser: Browser) -> None:
    page = browser.decide(app.url(redirect_uri=None))
    assert page.location.startswith(CALLBACK + "?code=")
    form = {"grant_type": "authorization_code", "code": told(page)["code"], "code_verifier": app.verifier}
    assert app.post("/oauth/token", form).status_code == 200
    two = new_app(cuprum, redirect_uris=[CALLBACK, "https://app.example.com/other"])
    assert browser.get(two.url(redirect_uri=None)).status == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"response_type": "käse"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"scope": "developer/v1/all everything"}, "invalid_scope"),
        ({"scope": "ünïcode"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "é" * 43}, "invalid_request"),
    ],
)
def test_what_is_wrong_with_the_request_is_told_to_the_app(
    app: TestApp, browser: Browser, changes: dict[str, str | None], error: str
) -> None:
    page = browser.get(app.url(**changes))
    assert page.status == 303
    assert page.location.startswith(CALLBACK + "?")
    heard = told(page)
    assert (heard["error"], heard["state"]) == (error, "s-1")
    assert heard["iss"]


def test_a_parameter_that_comes_twice_is_refused(app: TestApp, browser: Browser) -> None:
    for name, value in (("state", "other"), ("scope", "developer/v1/all"), ("code_challenge", "x" * 43)):
        page = browser.get(app.url() + f"&{name}={value}")
        assert "code=" not in page.location
        assert page.status == 400 or told(page)["error"] == "invalid_request", name
    page = browser.get(app.url() + "&redirect_uri=https://evil.example/")
    assert (page.status, page.location) == (400, "")


def test_an_app_without_a_secret_must_prove_itself(cuprum: Installation, browser: Browser) -> None:
    app = new_app(cuprum, is_public=True)
    heard = told(browser.get(app.url(code_challenge=None, code_challenge_method=None)))
    assert heard["error"] == "invalid_request"
    assert "code_challenge" in heard["error_description"]
    code = told(browser.decide(app.url()))["code"]
    for verifier in ("", "w" * 43, "é" * 43):
        refused = app.exchange(code, code_verifier=verifier)
        assert refused.status_code == 400, verifier
    assert app.exchange(code).status_code == 200


def test_a_user_who_refuses_is_told_as_that_and_grants_nothing(app: TestApp, browser: Browser) -> None:
    heard = told(browser.decide(app.url(), "refuse"))
    assert (heard["error"], heard["state"]) == ("access_denied", "s-1")
    assert "code" not in heard


def test_the_consent_page_names_app_user_place_and_scopes_and_escapes_them(cuprum: Installation, browser: Browser) -> None:
    app = new_app(cuprum, name='<script>alert("x")</script> Ünïcode 株式会社', scopes=["developer/v1/people/read_only"])
    page = browser.get(app.url(scope="developer/v1/people/read_only", state='"><script>'))
    assert "<script>" not in page.text
    assert "株式会社" in page.text
    assert "See people." in page.text
    assert "ada@harbour.example" in page.text
    assert "app.example.com" in page.text


def test_the_consent_page_cannot_be_framed_and_sends_nowhere_but_here_and_to_the_app(app: TestApp, browser: Browser) -> None:
    for path in (app.url(), "/sign-in"):
        headers = browser.get(path).headers
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
    policy = browser.get(app.url()).headers["content-security-policy"]
    assert "form-action 'self' https://app.example.com;" in policy + ";"


def test_another_site_cannot_decide_for_the_user(app: TestApp, browser: Browser) -> None:
    form = browser.get(app.url()).fields | {"decision": "accept"}
    stolen = {name: value for name, value in form.items() if name != "form_token"}
    for given, headers in (
        (stolen, {}),
        (form | {"form_token": "x" * 64}, {}),
        (form | {"form_token": "é"}, {}),
        (form, {"Origin": "https://evil.example", "Sec_Fetch_Site": "cross-site"}),
        (form, {"Sec_Fetch_Site": "same-site"}),
        (form, {"Origin": "null"}),
    ):
        page = browser.post("/oauth/authorize", given, **headers)
        assert (page.status, page.location) == (403, ""), (given, headers)
    assert browser.post("/oauth/authorize", form).status == 303


def test_a_form_shown_to_another_browser_decides_nothing(cuprum: Installation, app: TestApp, browser: Browser) -> None:
    form = signed_in(cuprum, "mallory").get(app.url()).fields | {"decision": "accept"}
    assert browser.post("/oauth/authorize", form).status == 403


def test_who_signed_out_meanwhile_decides_nothing(cuprum: Installation, app: TestApp, browser: Browser) -> None:
    form = browser.get(app.url()).fields
    cookies = dict(browser.cookies)
    assert browser.post("/sign-out", {"form_token": form["form_token"], "next": "/"}).status == 303
    browser.cookies = cookies
    page = browser.post("/oauth/authorize", form | {"decision": "accept"})
    assert (page.status, page.location) == (403, "")


def test_other_verbs_and_bodies_are_refused_in_words(app: TestApp, browser: Browser) -> None:
    assert browser.ask("POST", "/oauth/authorize", headers={"Content-Type": "application/json"}).status == 400
    assert browser.ask("PUT", "/oauth/authorize").status == 404
    assert browser.get("/oauth/authorize?" + "&".join(f"a{n}=1" for n in range(200))).status == 400
    assert browser.get("/oauth/authorize?client_id=%FF%FE").status == 400


def test_the_state_comes_back_whatever_it_holds(app: TestApp, browser: Browser) -> None:
    for state in ("a b&c=d#e", "ünï", "\U0001f511", "x" * 2000):
        page = browser.decide(app.url(state=state))
        assert told(page)["state"] == state
        assert query_of(page.location).keys() == {"code", "state", "iss"}


def test_an_address_with_a_query_keeps_it(cuprum: Installation, browser: Browser) -> None:
    app = new_app(cuprum, redirect_uris=["https://app.example.com/callback?tenant=7&empty="])
    asked = query_of(browser.decide(app.url()).location)
    assert asked["tenant"] == ["7"]
    assert "code" in asked
