"""The whole way: an app asks, a user lets it in, and it calls the API."""

from __future__ import annotations

from installation import Installation
from oauth import Browser, new_app, told, with_password


def test_a_standard_app_is_let_in_and_acts_for_the_user(cuprum: Installation) -> None:
    app, browser = new_app(cuprum), Browser(cuprum)
    asked = browser.get(app.url())
    assert asked.status == 303
    assert asked.location.startswith("/sign-in?next=")
    entered = browser.sign_in(with_password(cuprum), go_on=app.url())
    assert (entered.status, entered.location) == (303, app.url())
    heard = told(browser.decide(app.url()))
    assert heard["state"] == "s-1"
    assert heard["iss"].startswith("http")
    tokens = app.exchange(heard["code"]).json()
    assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == ("Bearer", 3600, "developer/v1/all")
    me = app.call(tokens["access_token"], "GET", "/developer_api/v1/users/me")
    assert me.json()["email"] == "ada@harbour.example"
