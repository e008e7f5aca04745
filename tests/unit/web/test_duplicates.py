"""Duplicates on pages: found, told apart, compared and merged, hinted at, and taken apart again."""

from __future__ import annotations

import html
import re

import pytest

from automation import share


def mail(address: str) -> dict:
    return {"email": address, "category": "work"}


@pytest.fixture
def pair(ada) -> tuple[int, int]:
    """Two people who are one; a task and a call belong to the second."""
    company = ada.post("/companies", {"name": "Quill"})["id"]
    body = {"company_id": company, "assignee_id": ada.id}
    first = ada.post("/people", {**body, "name": "Jon Smith", "emails": [mail("jon@quill.example")], "tags": ["oak"]})["id"]
    second = ada.post("/people", {**body, "name": "John Smith", "title": "Baker <i>", "emails": [mail("john@quill.example")]})[
        "id"
    ]
    ada.post("/tasks", {"name": "Ring", "related_resource": {"type": "person", "id": second}})
    return first, second


def plain(page) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text.split("<main")[1])).split())


def post(browser, path: str, on: str, **typed: str):
    return browser.post(path, {"form_token": browser.get(on).fields["form_token"], **typed})


def undo(browser, location: str):
    page = browser.get(location)
    return browser.post(re.search(r'action="(/undo/[^"]+)"', page.text)[1], page.fields)


def merge(browser, pair, winner: int, **fields: str):
    ids = ",".join(map(str, pair))
    return post(browser, "/people/merge", f"/people/merge?ids={ids}", ids=ids, winner=str(winner), **fields)


def test_a_group_is_listed_with_its_reason_and_leads_to_the_comparison(browser, pair):
    page = browser.get("/people/duplicates")
    assert "Jon Smith 2 people 65% sure nearly the same name" in plain(page)
    assert f'href="/people/merge?ids={pair[0]},{pair[1]}"' in page.text
    for plural in ("people", "companies", "leads"):
        assert f'href="/{plural}/duplicates"' in browser.get(f"/{plural}?name=x").text
    assert "duplicates" not in browser.get("/tasks").text


def test_what_is_no_duplicate_is_gone_until_that_is_undone(browser, pair):
    ids = ",".join(map(str, pair))
    told = post(browser, "/people/duplicates/told-apart", "/people/duplicates", ids=ids, next="/people/duplicates?page=1")
    assert "No duplicates found" in browser.get("/people/duplicates").text
    assert "Possible duplicate" not in browser.get(f"/people/{pair[0]}").text
    assert undo(browser, told.location).status == 303
    assert "Jon Smith 2 people" in plain(browser.get("/people/duplicates"))


def test_the_comparison_says_what_differs_what_is_united_and_what_belongs_to_whom(browser, pair):
    page = browser.get(f"/people/merge?ids={pair[0]},{pair[1]}")
    told = plain(page)
    assert re.search(r"Has nothing yet 1 task", told)
    assert "Emails all are kept" in told
    assert "Baker &lt;i&gt;" in page.text
    # More belongs to the second, so that one is proposed.
    assert re.search(rf'name="winner" value="{pair[1]}" checked', page.text)
    assert re.search(rf'name="field.name" value="{pair[1]}" checked', page.text)
    assert 'name="field.company_id"' not in page.text


def test_one_stays_the_old_address_leads_to_it_and_undo_brings_all_back(browser, ada, pair):
    first, second = pair
    done = merge(browser, pair, first, **{"field.name": str(second), "field.title": str(second)})
    assert done.location.partition("?")[0] == f"/people/{first}"
    merged = ada.get(f"/people/{first}")
    assert (merged["name"], merged["title"]) == ("John Smith", "Baker <i>")
    assert {one["email"] for one in merged["emails"]} == {"jon@quill.example", "john@quill.example"}
    assert browser.get(f"/people/{second}").location == f"/people/{first}"
    page = browser.get(f"/people/{first}")
    assert "John Smith was merged into this" in plain(page)
    group = re.search(r'href="(/changes/[^"]+)">see what changed', page.text)[1]
    ada.put(f"/people/{first}", {"title": "Miller"})
    undone = post(browser, group.replace("changes", "undo"), group, next="/changes")
    assert undone.status == 200
    assert "Title was changed since by Ada" in plain(undone)
    assert ada.get(f"/people/{second}")["name"] == "John Smith"
    assert (ada.get(f"/people/{first}")["name"], ada.get(f"/people/{first}")["title"]) == ("Jon Smith", "Miller")
    assert "was merged into" not in plain(browser.get(f"/people/{first}"))
    assert browser.get(f"/people/{second}").status == 200


def test_who_may_not_delete_one_is_told_beforehand_and_refused(browser_of, cuprum, pair):
    grace = browser_of("grace")
    page = grace.get(f"/people/merge?ids={pair[0]},{pair[1]}")
    assert "These cannot be merged by you" in plain(page)
    refused = merge(grace, pair, pair[0])
    assert refused.status == 403
    assert "You may not delete this person" in plain(refused)


def test_whoever_does_not_see_one_does_not_see_that_there_are_two(browser_of, ada, pair):
    share(ada, "people", pair[1], "only_me")
    mallory = browser_of("mallory")
    assert "No duplicates found" in mallory.get("/people/duplicates").text
    assert "Possible duplicate" not in mallory.get(f"/people/{pair[0]}").text
    assert mallory.get(f"/people/merge?ids={pair[0]},{pair[1]}").status == 404
    assert mallory.get("/people/alike?emails.email=john@quill.example").text.count("John Smith") == 0


@pytest.mark.parametrize("ids", ["", "1", "1,1", "x,y", ",".join(map(str, range(1, 40))), "9" * 30 + ",1"])
def test_what_cannot_be_compared_is_refused_in_words(browser, pair, ids):
    answer = browser.get(f"/people/merge?ids={ids}")
    assert answer.status == 422
    assert "must name 2 to 20" in plain(answer)


def test_a_choice_that_is_none_is_refused_and_the_others_are_kept(browser, pair):
    answer = merge(browser, pair, 99, **{"field.title": str(pair[1])})
    assert answer.status == 422
    assert re.search(rf'name="field.title" value="{pair[1]}" checked', answer.text)


@pytest.mark.parametrize(("entity", "plural"), [("person", "people"), ("company", "companies"), ("lead", "leads")])
def test_any_two_of_an_entity_can_be_merged(browser, ada, entity, plural):
    ids = [ada.post(f"/{plural}", {"name": name})["id"] for name in ("Iris 漢", "Other")]
    text = ",".join(map(str, ids))
    done = post(browser, f"/{plural}/merge", f"/{plural}/merge?ids={text}", ids=text, winner=str(ids[0]))
    assert done.status == 303
    assert "Other merged into Iris 漢" in html.unescape(browser.get(done.location).text)


def test_a_record_hints_at_its_duplicates(browser, ada, pair):
    page = browser.get(f"/people/{pair[0]}")
    assert "Possible duplicate: John Smith . Compare" in plain(page)
    assert f"/people/merge?ids={pair[0]},{pair[1]}" in page.text
    assert "Possible duplicate" not in browser.get(f"/people/{ada.post('/people', {'name': 'Jon Smith'})['id']}").text


@pytest.mark.parametrize(
    ("plural", "body"),
    [
        ("companies", {"name": "Harbour", "websites": [{"url": "https://www.harbour.example/", "category": "work"}]}),
        ("companies", {"name": "Harbour", "phone_numbers": [{"number": "+351 21 123 4567", "category": "work"}]}),
        ("leads", {"name": "Iris", "email": {"email": "iris@fontaine.example", "category": "work"}}),
        ("leads", {"name": "Iris Fontaine", "company_name": "Quill"}),
    ],
)
def test_companies_and_leads_hint_too(browser, ada, plural, body):
    first, second = (ada.post(f"/{plural}", {**body, "name": name})["id"] for name in (body["name"], body["name"].upper()))
    if "websites" in body:
        ada.put(f"/{plural}/{second}", {"name": "Other", "websites": [{"url": "harbour.example", "category": "work"}]})
    assert f"/{plural}/merge?ids={first},{second}" in browser.get(f"/{plural}/{first}").text


def test_whoever_creates_is_told_who_is_there_already(browser, pair):
    part = {"HX-Request": "true"}
    found = browser.ask("GET", "/people/alike?name=JON%20smith&emails.email=x&emails.email=john@quill.example", headers=part).text
    told = " ".join(re.sub(r"<[^>]+>", " ", found).split())
    assert "Already here? John Smith has the same e-mail; Jon Smith has the same name." in told
    typed = {"name": "Iris", "emails.email": "jon@quill.example", "emails.category": "work"}
    refused = post(browser, "/people/new", "/people/new", **typed)
    assert refused.status == 422
    assert f'href="/people/{pair[0]}"' in refused.text
    assert "Already here?" not in browser.get("/people/new").text


def test_a_phone_number_that_two_share_is_shown_as_it_was_written(browser, ada):
    for name in ("Marta", "Martha"):
        ada.post("/people", {"name": name, "phone_numbers": [{"number": "+351 21 555 7777", "category": "work"}]})
    assert "the same phone number: +351 21 555 7777" in plain(browser.get("/people/duplicates"))
