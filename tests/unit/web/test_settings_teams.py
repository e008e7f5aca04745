"""Teams on the web: made, renamed, filled, deleted with what that means shown first, and undone."""

from __future__ import annotations

from automation import automation, share
from settings_pages import ask, undo
from unit.web.test_convert import text

TEAMS = "/settings/teams"


def send(browser, path: str, name: str, *user_ids: int):
    token = browser.get("/settings").fields["form_token"]
    return browser.post(path, [("form_token", token), ("name", name), *(("user_ids", one) for one in user_ids)])


def test_a_team_is_made_renamed_and_filled_and_shows_where_people_are(browser, cuprum):
    assert send(browser, TEAMS, " Łódź 漢 ", cuprum.grace.id).status == 303
    assert "Łódź 漢 Grace" in text(browser.get(TEAMS))
    answer = send(browser, f"{TEAMS}/2", "Fit-out", cuprum.people["mallory"].id, cuprum.ada.id)
    assert "Fit-out Ada, Mallory" in text(browser.get(TEAMS))
    assert "member · team Fit-out" in text(browser.get(f"/settings/users/{cuprum.people['mallory'].id}"))
    assert "Sales , Fit-out" in text(browser.get("/settings/users"))
    assert {one["name"] for one in cuprum.mallory.get("/users/me")["groups"]} == {"Fit-out"}
    assert undo(browser, answer).status == 303
    assert "Łódź 漢 Grace" in text(browser.get(TEAMS))
    assert cuprum.mallory.get("/users/me")["groups"] == []


def test_what_is_wrong_with_a_team_is_told_and_what_was_ticked_stays(browser, cuprum):
    for name, problem in (("  ", "Can't be blank"), ("sÁles", "Has already been taken"), ("x" * 300, "Must be one line")):
        answer = send(browser, TEAMS, name, cuprum.grace.id)
        assert answer.status == 422
        assert problem.replace("'", "&#39;") in answer.text
        assert f'value="{cuprum.grace.id}" checked' in answer.text
    assert send(browser, TEAMS, "Fit-out", 99_999).status == 422
    assert send(browser, f"{TEAMS}/1", "").status == 422
    assert send(browser, f"{TEAMS}/9", "Nobody").status == 404


def test_deleting_a_team_says_first_who_will_see_less_and_undo_brings_it_back(browser, browser_of, cuprum, ada):
    send(browser, TEAMS, "Fit-out", cuprum.people["mallory"].id)
    for name, teams in (("Alone", [1]), ("Both", [1, 2])):
        made = ada.post("/people", {"name": name, "assignee_id": ada.id})["id"]
        share(ada, "people", made, "teams", team_ids=teams)
    page = text(browser.get(f"{TEAMS}/1"))
    assert "Sees 2 people that are shared with it." in page
    assert "1 record is shared with this team alone: afterwards only its owner and the admins see it." in page
    grace = browser_of("grace")
    assert "Alone" in grace.get("/people").text
    deleted = ask(browser, f"{TEAMS}/1/delete")
    assert deleted.location.startswith(TEAMS)
    assert "Alone" not in grace.get("/people").text
    assert cuprum.grace.get("/users/me")["groups"] == []
    assert browser.get(f"{TEAMS}/1").status == 404
    assert "Team Sales" not in text(browser.get(f"/people/{made - 1}/access"))
    assert automation(ada, "GET", f"/people/{made}/visibility")["team_ids"] == [2]
    assert undo(browser, deleted).status == 303
    assert "Alone" in grace.get("/people").text
    assert "Team Sales because it is shared with it (Ada, Grace)" in text(browser.get(f"/people/{made}/access"))


def test_a_team_that_is_gone_can_be_given_nothing_and_its_name_is_free(browser, ada):
    made = ada.post("/people", {"name": "Iris", "assignee_id": ada.id})["id"]
    ask(browser, f"{TEAMS}/1/delete")
    page = browser.get(f"/people/{made}/access")
    assert 'value="teams"' not in page.text
    body = {"visibility": "teams", "team_ids": [1]}
    answer = ada.client.put(f"/automation/v1/people/{made}/visibility", headers=ada.headers, json=body)
    assert (answer.status_code, "teams of this account" in answer.text) == (422, True)
    assert send(browser, TEAMS, "Sales").status == 303
    assert ada.get("/account")["settings"]["setting_team_permissions_enabled"] is True


def test_members_read_who_is_on_a_team_and_change_none(browser_of, cuprum):
    mallory = browser_of("mallory")
    assert "Ada, Grace" in text(mallory.get(TEAMS))
    page = text(mallory.get(f"{TEAMS}/1"))
    assert "Only admins change teams. Ask Ada." in page
    assert "shared with it" not in page
    for path in (TEAMS, f"{TEAMS}/1", f"{TEAMS}/1/delete"):
        answer = send(mallory, path, "Mine", cuprum.people["mallory"].id)
        assert answer.status == 403
        assert "Ask an admin" in answer.text
