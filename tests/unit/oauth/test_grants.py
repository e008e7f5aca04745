"""The apps that a user let in: seen over the API, and their end."""

from __future__ import annotations

import time

from sqlalchemy import update

from cuprum.api.caretaker import _last_used
from cuprum.records.apps import apps, remove_app
from cuprum.records.people_of_account import logged_by_command
from cuprum.storage.oauth_tables import oauth_token
from installation import Installation, Person
from oauth import Browser, TestApp, new_app, signed_in, told

GRANTS = "/automation/v1/grants"


def ask(person: Person, method: str = "GET", path: str = "") -> tuple[int, object]:
    answer = person.client.request(method, GRANTS + path, headers=person.headers)
    return answer.status_code, answer.json()


def test_a_user_sees_the_apps_that_act_for_them_and_ends_one(cuprum: Installation, app: TestApp, browser: Browser) -> None:
    tokens = app.tokens(browser, scope="developer/v1/people developer/v1/tasks/read_only")
    status, shown = ask(cuprum.ada)
    assert status == 200
    (grant,) = shown
    assert abs(grant.pop("date_created") - time.time()) < 60
    number = grant.pop("id")
    assert grant == {
        "user_id": cuprum.ada.id, "app": "Quay Mailer", "client_id": app.client_id, "kind": "standard",
        "scopes": ["developer/v1/people", "developer/v1/tasks/read_only"], "last_used_at": None,
    }  # fmt: skip
    assert app.call(tokens["access_token"], "POST", "/developer_api/v1/people/search").status_code == 200
    cuprum.client.portal.call(_last_used, cuprum.client.app.state.cuprum)
    assert abs(ask(cuprum.ada)[1][0]["last_used_at"] - time.time()) < 60
    assert ask(cuprum.ada, "DELETE", f"/{number}") == (200, {"id": number, "is_deleted": True})
    assert app.call(tokens["access_token"], "POST", "/developer_api/v1/people/search").status_code == 401
    assert app.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert ask(cuprum.ada) == (200, [])
    assert ask(cuprum.ada, "DELETE", f"/{number}")[0] == 404


def test_a_member_sees_and_ends_only_their_own_and_an_admin_all(cuprum: Installation, app: TestApp) -> None:
    tokens = {name: app.tokens(signed_in(cuprum, name)) for name in ("grace", "mallory")}
    (grace,) = ask(cuprum.grace)[1]
    (mallory,) = ask(cuprum.mallory)[1]
    assert ask(cuprum.ada) == (200, [])
    assert ask(cuprum.grace, path="?of=everyone")[0] == 403
    assert ask(cuprum.grace, "DELETE", f"/{mallory['id']}")[0] == 404
    assert {one["user_id"] for one in ask(cuprum.ada, path="?of=everyone")[1]} == {cuprum.grace.id, cuprum.mallory.id}
    assert ask(cuprum.ada, "DELETE", f"/{mallory['id']}")[0] == 200
    assert app.call(tokens["mallory"]["access_token"], "GET", "/developer_api/v1/users/me").status_code == 401
    assert app.call(tokens["grace"]["access_token"], "GET", "/developer_api/v1/users/me").status_code == 200
    assert ask(cuprum.grace)[1] == [grace | {"last_used_at": ask(cuprum.grace)[1][0]["last_used_at"]}]


def test_an_app_is_listed_with_those_for_whom_it_can_act(cuprum: Installation, app: TestApp, browser: Browser) -> None:
    told(browser.decide(app.url()))
    assert [one.users for one in cuprum.database.read_now(apps)] == [0]
    app.tokens(browser)
    app.tokens(browser)
    app.tokens(signed_in(cuprum, "grace"))
    assert [one.users for one in cuprum.database.read_now(apps)] == [2]


def test_what_can_no_longer_act_is_not_listed(cuprum: Installation, app: TestApp, browser: Browser) -> None:
    told(browser.decide(app.url()))
    assert ask(cuprum.ada) == (200, [])
    app.tokens(browser)
    assert len(ask(cuprum.ada)[1]) == 1
    cuprum.database.write_now(lambda db: db.execute(update(oauth_token).values(expires_at=int(time.time()))))
    assert ask(cuprum.ada) == (200, [])
    new_app(cuprum, kind="copper").tokens(browser)
    assert [one["kind"] for one in ask(cuprum.ada)[1]] == ["copper"]


def test_an_app_that_is_removed_is_out_at_once(cuprum: Installation, app: TestApp, browser: Browser) -> None:
    tokens, code = app.tokens(browser), told(browser.decide(app.url()))["code"]
    cuprum.database.write_now(logged_by_command(remove_app, "test"), client_id=app.client_id)
    assert app.call(tokens["access_token"], "GET", "/developer_api/v1/users/me").status_code == 401
    assert app.refresh(tokens["refresh_token"]).json()["error"] == "invalid_client"
    assert app.exchange(code).json()["error"] == "invalid_client"
    assert browser.get(app.url()).status == 400
    assert ask(cuprum.ada) == (200, [])


def test_what_cannot_be_a_grant_is_not_found(cuprum: Installation) -> None:
    for number in ("0", "-1", "99", "x", "9" * 30):
        assert ask(cuprum.ada, "DELETE", f"/{number}")[0] == 404, number
    status, said = ask(cuprum.ada, path="?of=nobody")
    assert status == 422
    assert "of must be me or everyone" in said["message"]


def test_the_change_log_tells_of_consent_and_end_and_undo_opens_nothing_again(
    cuprum: Installation, app: TestApp, browser: Browser
) -> None:
    tokens = app.tokens(browser)
    number = ask(cuprum.ada)[1][0]["id"]
    ended = cuprum.client.delete(f"{GRANTS}/{number}", headers=cuprum.ada.headers)
    group = ended.headers["X-Cuprum-Group"]
    labels = [one["label"] for one in cuprum.client.get("/automation/v1/groups", headers=cuprum.ada.headers).json()["groups"]]
    assert "Quay Mailer was allowed to act for a user" in labels
    undone = cuprum.client.post(f"/automation/v1/changes/{group}/undo", headers=cuprum.ada.headers)
    assert "cannot be undone" in undone.text
    assert app.call(tokens["access_token"], "GET", "/developer_api/v1/users/me").status_code == 401
