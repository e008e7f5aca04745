"""Settings and recent changes: keys that open, people who come in, and what each may."""

from __future__ import annotations

import html
import re

import pytest

from unit.web.test_convert import text


def ask(browser, path: str, on: str, **typed: str):
    return browser.post(path, {"form_token": browser.get(on).fields["form_token"], **typed})


def secret_of(page) -> str:
    return html.unescape(re.search(r'class="secret".*?<code[^>]*>(.*?)</code>', page.text, re.S)[1])


def test_a_key_is_shown_once_opens_and_stops(cuprum, browser):
    made = ask(browser, "/settings/keys", "/settings/keys", label="Nightly report")
    key = secret_of(made)
    headers = {**cuprum.ada.headers, "X-PW-AccessToken": key}
    assert cuprum.client.get("/developer_api/v1/account", headers=headers).status_code == 200
    page = browser.get("/settings/keys")
    assert "Nightly report" in page.text
    assert key not in page.text
    forms = re.findall(r'action="(/settings/keys/\d+/revoke)">.*?aria-label="Revoke ([^"]+)"', page.text, re.S)
    address = next(address for address, label in forms if label == "Nightly report")
    assert ask(browser, address, "/settings/keys").status == 303
    assert cuprum.client.get("/developer_api/v1/account", headers=headers).status_code == 401


def test_a_key_must_say_what_it_is_for(browser):
    answer = ask(browser, "/settings/keys", "/settings/keys", label=" ")
    assert answer.status == 422
    assert "what the key is for" in answer.text


def test_the_key_of_another_is_not_there(cuprum, browser_of):
    grace = browser_of("grace")
    own = set(re.findall(r"/settings/keys/(\d+)/revoke", grace.get("/settings/keys").text))
    others = {str(number) for number in range(1, 4)} - own
    assert len(own) == 1
    for number in others:
        assert ask(grace, f"/settings/keys/{number}/revoke", "/settings/keys").status == 404


def test_somebody_is_let_in_and_let_in_no_longer(cuprum, browser):
    made = ask(browser, "/settings/users", "/settings/users", name="Łucja 漢", email="lucja@harbour.example", role="member")
    password = secret_of(made)
    other = type(browser)(cuprum)
    assert other.sign_in("lucja@harbour.example", password).location == "/"
    assert "Łucja 漢" in other.get("/home").text
    user_id = max(one["id"] for one in cuprum.ada.post("/users/search"))
    assert ask(browser, f"/settings/users/{user_id}/disable", "/settings/users").status == 303
    assert other.get("/home").status == 303


@pytest.mark.parametrize("role", ["owner", "king", ""])
def test_a_role_that_cannot_be_given_is_refused(cuprum, browser_of, role):
    answer = ask(browser_of("ada"), "/settings/users", "/settings/users", name="Iris", email="no address", role=role)
    assert answer.status == 422
    assert 'value="Iris"' in answer.text


def test_members_let_nobody_in_or_out(cuprum, browser_of):
    grace = browser_of("grace")
    assert "Admins add users: " in grace.get("/settings/users").text
    refused = ask(grace, "/settings/users", "/settings/users", name="Iris", email="iris@harbour.example", role="member")
    assert refused.status == 403
    assert "Ask an admin" in refused.text
    assert ask(grace, f"/settings/users/{cuprum.ada.id}/disable", "/settings/users").status == 403
    assert len(cuprum.ada.post("/users/search")) == 3


def test_the_only_owner_stays(cuprum, browser):
    assert ask(browser, f"/settings/users/{cuprum.ada.id}/disable", "/settings/users").status == 422
    assert cuprum.ada.call("GET", "/account").status_code == 200


def test_recent_changes_are_told_and_taken_back(cuprum, browser):
    person = cuprum.ada.post("/people", {"name": "Iris", "title": "Baker"})
    cuprum.ada.put(f"/people/{person['id']}", {"title": "Miller"})
    page = browser.get("/changes")
    group = re.search(r'href="/changes/([^"]+)"', page.text)[1]
    assert "Title Baker → became Miller" in text(browser.get(f"/changes/{group}"))
    assert ask(browser, f"/undo/{group}", "/changes", next="/changes").status == 303
    assert cuprum.ada.get(f"/people/{person['id']}")["title"] == "Baker"
    assert ">undone<" in browser.get("/changes").text


def test_members_see_and_take_back_their_own_changes_only(cuprum, browser_of):
    cuprum.ada.post("/people", {"name": "Ada's"})
    cuprum.grace.post("/people", {"name": "Grace's"})
    own = browser_of("grace").get("/changes").text
    groups = re.findall(r'href="/changes/([^"]+)"', own)
    assert len(groups) == 1
    every = re.findall(r'href="/changes/([0-9a-f-]+)"', browser_of("ada").get("/changes").text)
    assert set(groups) < set(every)
    theirs = next(one for one in every if one not in groups)
    assert browser_of("grace").get(f"/changes/{theirs}").status == 404
    assert ask(browser_of("grace"), f"/undo/{theirs}", "/changes").status == 403
