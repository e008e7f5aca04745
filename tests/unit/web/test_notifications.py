"""Mentions and notifications on pages: shown highlighted, counted at the bell, listed by day, and marked as read."""

from __future__ import annotations

import html
import re

import pytest

from automation import automation, share

PATH = "/notifications"


@pytest.fixture
def person(ada) -> dict:
    return ada.post("/people", {"name": "Iris <Fontaine>", "assignee_id": ada.id})


def log(browser, person: dict, details: str):
    path = f"/people/{person['id']}"
    return browser.post(
        f"{path}/activities", {"form_token": browser.get(path).fields["form_token"], "type": "0", "details": details}
    )


def plain(page) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text.split("<main")[1])).split())


def count(page) -> int:
    return int(re.search(r'data-unread="(\d+)"', page.text)[1])


def press(browser, action: str, **fields: str):
    return browser.post(action, {"form_token": browser.get(PATH).fields["form_token"], "next": PATH, **fields})


def test_a_mention_is_highlighted_and_escaped_and_stands_in_the_others_list(browser_of, person):
    answer = log(browser_of("ada"), person, "<b>@Grace</b> & @Nobody")
    page = browser_of("ada").get(f"/people/{person['id']}").text
    assert '&lt;b&gt;<mark class="mention">@Grace</mark>&lt;/b&gt; &amp; @Nobody' in page
    assert answer.status == 303
    grace = browser_of("grace")
    assert count(grace.get("/home")) == 1
    listed = grace.get(PATH)
    assert "Ada mentioned you on Iris <Fontaine>" in plain(listed)
    path, place = re.search(r'href="(/people/\d+\?entry=\d+)#(activity-\d+)"', listed.text).groups()
    assert f'id="{place}"' in grace.get(path).text
    assert count(browser_of("ada").get("/home")) == 0


def test_the_writer_is_told_who_was_not(ada, browser_of, person):
    share(ada, "people", person["id"], "only_me")
    ada_s = browser_of("ada")
    page = ada_s.get(log(ada_s, person, "@Mallory, look").location.partition("#")[0])
    assert "Note logged; Mallory was not told: they may not see this person" in html.unescape(page.text)
    assert count(browser_of("mallory").get(PATH)) == 0


def test_the_unread_come_first_and_are_marked_one_by_one_or_all(ada, browser_of, person):
    for number in range(3):
        log(browser_of("ada"), person, f"{number} @Grace")
    grace = browser_of("grace")
    ids = re.findall(r'name="id" value="(\d+)"', grace.get(PATH).text)
    assert len(ids) == 3
    assert press(grace, f"{PATH}/read", id=ids[0]).location == PATH
    page = grace.get(PATH)
    assert re.findall(r'id="told-(\d+)"', page.text) == [ids[1], ids[2], ids[0]]
    press(grace, f"{PATH}/read", up_to=ids[1])
    assert count(grace.get(PATH)) == 0


def test_a_long_list_is_paged_and_says_where_it_ends(cuprum, ada, browser_of):
    for number in range(52):
        ada.post("/tasks", {"name": f"Task {number:02d}", "assignee_id": cuprum.grace.id})
    grace = browser_of("grace")
    first = grace.get(PATH)
    further = grace.get(html.unescape(re.search(r'href="([^"]+)" rel="next"', first.text)[1]))
    shown = [re.findall(r"gave you the task (Task \d\d)</a>", page.text) for page in (first, further)]
    assert [len(page) for page in shown] == [50, 2]
    assert sorted(shown[0] + shown[1]) == [f"Task {number:02d}" for number in range(52)]


def test_an_empty_list_says_what_belongs_there(browser):
    assert "mentions you with @Ada" in plain(browser.get(PATH))


def test_the_bell_answers_only_when_it_has_news(cuprum, browser_of, person):
    grace = browser_of("grace")
    part = {"HX-Request": "true"}
    assert grace.ask("GET", f"{PATH}/bell?seen=0", headers=part).status == 204
    log(browser_of("ada"), person, "@Grace")
    assert count(grace.ask("GET", f"{PATH}/bell?seen=0", headers=part)) == 1


def test_nobody_marks_what_is_anothers(cuprum, browser_of, person):
    log(browser_of("ada"), person, "@Grace")
    (one,) = automation(cuprum.grace, "GET", PATH)["notifications"]
    press(browser_of("mallory"), f"{PATH}/read", id=str(one["id"]), up_to="9" * 18)
    assert count(browser_of("grace").get(PATH)) == 1


@pytest.mark.parametrize("query", ["after=u" + "9" * 40, "after=%00", "after=r", "after=ü1"])
def test_an_odd_address_shows_the_list(browser, query):
    assert browser.get(f"{PATH}?{query}").status in (200, 422)
