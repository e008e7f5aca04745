"""The palette's answers, which are a page of their own too."""

from __future__ import annotations

import html
import re

import pytest

from automation import share

PART = {"HX-Request": "true"}


def offered(browser, query: str) -> list[str]:
    """The labels that a script gets."""
    answer = browser.ask("GET", f"/find?{query}", headers=PART)
    assert answer.status == 200, answer.text
    return [html.unescape(one) for one in re.findall(r'role="option".*?<span class="cut">(.*?)</span>', answer.text, re.S)]


def test_records_of_every_kind_are_found_by_a_part_of_their_name(browser, ada):
    ada.post("/people", {"name": "Bo Élenasen"})
    ada.post("/people", {"name": "Elena Costa"})
    ada.post("/tasks", {"name": "Ring Elena"})
    assert offered(browser, "q=elena")[:3] == ["Elena Costa", "Bo Élenasen", "Ring Elena"]


@pytest.mark.parametrize("words", ["Elena@costa.example", "%2B351 912 345 678"])
def test_people_are_found_by_what_they_are_reached_at(browser, ada, words):
    emails = [{"email": "elena@costa.example", "category": "work"}]
    ada.post("/people", {"name": "Iris", "emails": emails, "phone_numbers": [{"number": "+351 912 345 678", "category": "work"}]})
    assert offered(browser, f"q={words}")[0] == "Iris"


def test_places_and_new_records_are_offered_by_their_words(browser):
    assert offered(browser, "q=opp")[:2] == ["Opportunities", "New opportunity"]
    assert "New person “Elena Costa”" in offered(browser, "q=Elena+Costa")
    assert 'value="Elena Costa"' in browser.get("/people/new?name=Elena+Costa").text


@pytest.mark.parametrize("words", ["%25", "'", "%CC%81", "%22", "%00", "*", "漢", "a" * 5000])
def test_anything_may_be_typed(browser, ada, words):
    ada.post("/people", {"name": "Iris"})
    assert "Iris" not in offered(browser, f"q={words}")


def test_recent_ones_come_by_their_present_names(browser, ada):
    person, company = ada.post("/people", {"name": "Iris"}), ada.post("/companies", {"name": "Mill"})
    ada.put(f"/people/{person['id']}", {"name": "Iris Moor"})
    query = f"recent=company-{company['id']},person-{person['id']},person-99,x,person-x,user-1,activity-1"
    assert offered(browser, query)[:3] == ["Mill", "Iris Moor", "Home"]


def test_mallory_finds_nothing_private(browser_of, ada):
    emails = [{"email": "s@plan.example", "category": "work"}]
    person = ada.post("/people", {"name": "Secret plan", "assignee_id": ada.id, "emails": emails})
    share(ada, "people", person["id"], "only_me")
    mallory = browser_of("mallory")
    for query in ("q=secret", "q=s@plan.example", f"recent=person-{person['id']}"):
        assert "Secret plan" not in offered(mallory, query)


def test_without_script_it_is_a_page(browser, ada):
    ada.post("/people", {"name": "Elena Costa"})
    page = browser.get("/find?q=elena").text
    assert "<html" in page
    assert "Elena Costa" in page
