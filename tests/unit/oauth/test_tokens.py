"""`/oauth/token`, `/oauth/revoke`, `/oauth/introspect`: what an app may exchange, and what ends everything."""

from __future__ import annotations

import base64
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import update

from cuprum.records.people_of_account import disable_user, logged_by_command
from cuprum.storage.oauth_tables import oauth_code, oauth_token
from installation import Installation
from oauth import Browser, TestApp, new_app, signed_in, told

ME = "/developer_api/v1/users/me"


def alive(app: TestApp, token: str) -> bool:
    status = app.call(token, "GET", ME).status_code
    assert status in (200, 401)
    return status == 200


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def test_an_app_names_itself_in_the_header_or_in_the_form(app: TestApp, browser: Browser) -> None:
    assert app.client_secret
    form = {"grant_type": "authorization_code", "redirect_uri": app.redirect_uri, "code_verifier": app.verifier}
    for headers, own in (
        (basic(app.client_id, app.client_secret), {}),
        ({}, {"client_id": app.client_id, "client_secret": app.client_secret}),
    ):
        code = told(browser.decide(app.url()))["code"]
        answer = app.post("/oauth/token", form | own | {"code": code}, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["pragma"] == "no-cache"


def test_who_is_not_that_app_gets_nothing(cuprum: Installation, app: TestApp, browser: Browser) -> None:
    code = told(browser.decide(app.url()))["code"]
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": app.redirect_uri, "code_verifier": app.verifier,
    }  # fmt: skip
    for headers, own in (
        ({}, {}),
        ({}, {"client_id": app.client_id}),
        ({}, {"client_id": app.client_id, "client_secret": ""}),
        ({}, {"client_id": app.client_id, "client_secret": "wrong"}),
        ({}, {"client_id": "é\x00", "client_secret": "x"}),
        (basic(app.client_id, "wrong"), {}),
        (basic("nobody", "wrong"), {}),
    ):
        refused = app.post("/oauth/token", form | own, headers=headers)
        # RFC 6749 §5.2: 401 is a must only for who used the header.
        assert refused.status_code == 401 if headers else refused.status_code in (400, 401)
        assert refused.json()["error"] == "invalid_client", (headers, own)
    assert app.post("/oauth/token", form, headers=basic(app.client_id, "wrong")).headers["www-authenticate"].startswith("Basic")
    other = new_app(cuprum)
    assert other.exchange(code, code_verifier=app.verifier).json()["error"] == "invalid_grant"
    # Whoever tried in vain has not spoilt it.
    assert app.exchange(code).status_code == 200


@pytest.mark.parametrize("header", ["Basic", "Basic é", "Basic ////", "Basic bm9jb2xvbg==", "Basic /w=="])
def test_a_header_that_cannot_be_read_is_a_clear_refusal(app: TestApp, header: str) -> None:
    answer = app.post("/oauth/token", {"grant_type": "refresh_token"}, headers={"Authorization": header.encode()})
    assert answer.status_code in (400, 401)
    assert answer.json()["error"] in ("invalid_request", "invalid_client")


@pytest.mark.parametrize(
    "changes",
    [{"redirect_uri": "https://app.example.com/other"}, {"redirect_uri": ""}, {"code": "x"}, {"code_verifier": "w" * 43}],
)
def test_a_code_goes_with_its_address_and_its_verifier(app: TestApp, browser: Browser, changes: dict[str, str]) -> None:
    code = told(browser.decide(app.url()))["code"]
    refused = app.exchange(**{"code": code, **changes})
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


def test_a_verifier_that_nobody_announced_is_refused(app: TestApp, browser: Browser) -> None:
    code = told(browser.decide(app.url(code_challenge=None, code_challenge_method=None)))["code"]
    assert app.exchange(code).json()["error"] == "invalid_request"


def test_a_code_lasts_five_minutes(cuprum: Installation, app: TestApp, browser: Browser) -> None:
    code = told(browser.decide(app.url()))["code"]
    cuprum.database.write_now(lambda db: db.execute(update(oauth_code).values(expires_at=int(time.time()))))
    assert app.exchange(code).json()["error"] == "invalid_grant"


def test_a_code_that_comes_again_ends_the_grant_and_all_its_tokens(app: TestApp, browser: Browser) -> None:
    untouched = app.tokens(browser)
    code = told(browser.decide(app.url()))["code"]
    first = app.exchange(code).json()
    refreshed = app.refresh(first["refresh_token"]).json()
    assert app.exchange(code).json()["error"] == "invalid_grant"
    for token in (first, refreshed):
        assert not alive(app, token["access_token"])
    assert app.refresh(refreshed["refresh_token"]).json()["error"] == "invalid_grant"
    assert alive(app, untouched["access_token"])


def test_of_many_exchanges_at_once_one_is_answered_and_then_all_is_over(app: TestApp, browser: Browser) -> None:
    code = told(browser.decide(app.url()))["code"]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: app.exchange(code), range(4)))
    given = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(given) == 1
    assert not alive(app, given[0]["access_token"])


def test_a_refresh_token_is_exchanged_for_a_new_pair(app: TestApp, browser: Browser) -> None:
    first = app.tokens(browser)
    second = app.refresh(first["refresh_token"]).json()
    assert second.keys() == first.keys() == {"access_token", "refresh_token", "token_type", "expires_in", "scope"}
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] != first["refresh_token"]
    # The former access token goes on to the end of its hour: a call under way is not cut off.
    assert alive(app, first["access_token"])
    assert alive(app, second["access_token"])


def test_a_refresh_token_that_comes_again_ends_the_grant(app: TestApp, browser: Browser) -> None:
    first = app.tokens(browser)
    second = app.refresh(first["refresh_token"]).json()
    assert app.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert not alive(app, first["access_token"])
    assert not alive(app, second["access_token"])
    assert app.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_refresh_token_is_of_no_use_to_another_app_or_as_an_access_token(
    cuprum: Installation, app: TestApp, browser: Browser
) -> None:
    tokens = app.tokens(browser)
    assert new_app(cuprum).refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert not alive(app, tokens["refresh_token"])
    assert app.refresh(tokens["access_token"]).json()["error"] == "invalid_grant"
    assert app.refresh(tokens["refresh_token"]).status_code == 200


def test_a_refresh_may_ask_for_less_but_never_for_more(cuprum: Installation, browser: Browser) -> None:
    app = new_app(cuprum, scopes=["developer/v1/people", "developer/v1/tasks"])
    first = app.tokens(browser, scope="developer/v1/people developer/v1/tasks")
    less = app.refresh(first["refresh_token"], scope="developer/v1/people").json()
    assert less["scope"] == "developer/v1/people"
    assert app.call(less["access_token"], "POST", "/developer_api/v1/tasks/search").status_code == 403
    assert app.refresh(less["refresh_token"], scope="developer/v1/all").json()["error"] == "invalid_scope"
    # What was granted is kept.
    assert app.refresh(less["refresh_token"]).json()["scope"] == "developer/v1/people developer/v1/tasks"


def test_an_access_token_lasts_an_hour(cuprum: Installation, app: TestApp, browser: Browser) -> None:
    tokens = app.tokens(browser)
    assert tokens["expires_in"] == 3600
    assert alive(app, tokens["access_token"])
    cuprum.database.write_now(
        lambda db: db.execute(update(oauth_token).where(oauth_token.c.kind == "access").values(expires_at=int(time.time())))
    )
    answer = app.call(tokens["access_token"], "GET", ME)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert answer.json()["status"] == 401
    assert app.refresh(tokens["refresh_token"]).status_code == 200


def test_a_user_who_may_no_longer_come_in_has_no_tokens(cuprum: Installation, browser: Browser) -> None:
    app = new_app(cuprum)
    grace = signed_in(cuprum, "grace")
    tokens, code = app.tokens(grace), told(grace.decide(app.url()))["code"]
    cuprum.database.write_now(logged_by_command(disable_user, "test"), email="grace@harbour.example")
    assert not alive(app, tokens["access_token"])
    assert app.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert app.exchange(code).json()["error"] == "invalid_grant"
    assert grace.get(app.url()).status == 303
    assert app.post("/oauth/introspect", {"token": tokens["access_token"]}).json() == {"active": False}


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "unsupported_grant_type"),
        ({"grant_type": "password", "username": "ada", "password": "x"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "\x00é" * 50}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "\ud83d\ude00"}, "invalid_grant"),
    ],
)
def test_what_cannot_be_exchanged_is_refused_in_the_protocols_words(app: TestApp, form: dict[str, str], error: str) -> None:
    form = {name: value.encode("utf-16", "surrogatepass").decode("utf-16") for name, value in form.items()}
    answer = app.post("/oauth/token", form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_bodies_of_other_kinds_are_refused(app: TestApp) -> None:
    for path in ("/oauth/token", "/oauth/revoke", "/oauth/introspect"):
        post = app.cuprum.client.post
        assert post(path, json={"grant_type": "refresh_token"}).json()["error"] == "invalid_request"
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert post(path, content=b"a=1&a=2", headers=form).json()["error"] == "invalid_request"
        assert post(path, content=b"a=%FF", headers=form).status_code == 400
        assert post(path, content=b"a=" + b"x" * 70_000, headers=form).status_code == 413
        assert app.cuprum.client.get(path).status_code == 404


def test_apps_of_coppers_kind_have_tokens_without_end_and_nothing_to_refresh(cuprum: Installation, browser: Browser) -> None:
    app = new_app(cuprum, kind="copper")
    page = browser.decide(app.url(code_challenge=None, code_challenge_method=None))
    assert (page.status, page.location) == (200, "")
    assert f'action="{app.redirect_uri}"' in page.text
    heard = told(page)
    assert heard.keys() == {"code", "state", "iss"}
    form = {"grant_type": "authorization_code", "code": heard["code"], "redirect_uri": app.redirect_uri}
    tokens = app.post("/oauth/token", form).json()
    # As Copper answers (`copper-api/part1.md §2`).
    assert tokens.keys() == {"access_token", "token_type", "scope"}
    assert alive(app, tokens["access_token"])
    assert app.refresh(tokens["access_token"]).json()["error"] == "unauthorized_client"
    refused = browser.decide(app.url(), "refuse")
    assert told(refused)["error"] == "access_denied"


def test_a_standard_app_may_ask_for_the_form_too(app: TestApp, browser: Browser) -> None:
    page = browser.decide(app.url(response_mode="form_post"))
    assert (page.status, page.location) == (200, "")
    assert app.exchange(told(page)["code"]).status_code == 200
    assert browser.decide(app.url(response_mode="query")).status == 303


def test_a_refresh_token_that_is_revoked_takes_the_grant_along(app: TestApp, browser: Browser) -> None:
    tokens = app.tokens(browser)
    answer = app.post("/oauth/revoke", {"token": tokens["refresh_token"], "token_type_hint": "refresh_token"})
    assert answer.status_code == 200
    assert not alive(app, tokens["access_token"])
    assert app.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_an_access_token_that_is_revoked_ends_alone(cuprum: Installation, app: TestApp, browser: Browser) -> None:
    tokens = app.tokens(browser)
    # A hint that is wrong is no more than a hint.
    assert app.post("/oauth/revoke", {"token": tokens["access_token"], "token_type_hint": "refresh_token"}).status_code == 200
    assert not alive(app, tokens["access_token"])
    assert app.refresh(tokens["refresh_token"]).status_code == 200
    copper = new_app(cuprum, kind="copper")
    endless = copper.tokens(browser)
    assert copper.post("/oauth/revoke", {"token": endless["access_token"]}).status_code == 200
    assert not alive(copper, endless["access_token"])


def test_revoking_says_nothing_of_the_tokens_of_others(cuprum: Installation, app: TestApp, browser: Browser) -> None:
    tokens, other = app.tokens(browser), new_app(cuprum)
    for token in (tokens["access_token"], tokens["refresh_token"], "unknown", "é"):
        answer = other.post("/oauth/revoke", {"token": token})
        assert answer.status_code in (200, 400), token
    assert alive(app, tokens["access_token"])
    assert app.refresh(tokens["refresh_token"]).status_code == 200
    refused = app.post("/oauth/revoke", {"token": tokens["access_token"]}, headers=basic(app.client_id, "wrong"))
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_an_app_without_a_secret_gives_its_access_back_by_its_id(cuprum: Installation, browser: Browser) -> None:
    app = new_app(cuprum, is_public=True)
    tokens = app.tokens(browser)
    assert app.refresh(tokens["refresh_token"]).status_code == 200
    second = app.tokens(browser)
    assert app.post("/oauth/revoke", {"token": second["refresh_token"]}).status_code == 200
    assert not alive(app, second["access_token"])


def introspected(app: TestApp, token: str) -> dict[str, Any]:
    answer = app.post("/oauth/introspect", {"token": token})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_introspection_says_what_a_token_is_and_until_when(cuprum: Installation, app: TestApp, browser: Browser) -> None:
    tokens = app.tokens(browser, scope="developer/v1/people")
    said = introspected(app, tokens["access_token"])
    assert said.pop("exp") - said.pop("iat") == 3600
    assert said == {
        "active": True, "scope": "developer/v1/people", "client_id": app.client_id, "sub": str(cuprum.ada.id),
        "username": "ada@harbour.example", "token_type": "Bearer", "iss": "http://testserver",
    }  # fmt: skip
    assert introspected(app, tokens["refresh_token"])["token_type"] == "refresh_token"
    copper = new_app(cuprum, kind="copper")
    assert "exp" not in introspected(copper, copper.tokens(browser)["access_token"])


def test_introspection_is_silent_about_what_is_over_unknown_or_anothers(
    cuprum: Installation, app: TestApp, browser: Browser
) -> None:
    tokens = app.tokens(browser)
    for asking, token in ((new_app(cuprum), tokens["access_token"]), (app, "unknown"), (app, "é\x00")):
        assert introspected(asking, token) == {"active": False}
    app.post("/oauth/revoke", {"token": tokens["refresh_token"]})
    for token in (tokens["access_token"], tokens["refresh_token"]):
        assert introspected(app, token) == {"active": False}


def test_an_app_without_a_secret_may_not_ask_what_tokens_are(cuprum: Installation, browser: Browser) -> None:
    app = new_app(cuprum, is_public=True)
    refused = app.post("/oauth/introspect", {"token": app.tokens(browser)["access_token"]})
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_what_stands_in_the_database_opens_nothing(cuprum: Installation, app: TestApp, browser: Browser) -> None:
    tokens = app.tokens(browser)
    rows = cuprum.database.read_now(lambda db: db.execute(oauth_token.select()).all())
    stored = repr(rows)
    assert tokens["access_token"] not in stored
    assert tokens["refresh_token"] not in stored
    assert not any(alive(app, row.hash) for row in rows)
