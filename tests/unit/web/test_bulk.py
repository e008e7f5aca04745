"""Rows picked in a list and changed together: in one group, each judged for itself, with word of every one that was kept from it."""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode

from automation import share
from cuprum.kit import pace
from cuprum.records import bulk_edit
from cuprum.records.unfinished import left
from cuprum.web.pages.bulk import view as bulk_view
from custom_fields import define, option_ids
from oauth import Browser, Page


def press(browser: Browser, what: str, plural: str = "people", ids=(), **typed: str) -> Page:
    """Send the form of the list, or the one that asks for the rest."""
    typed = {"of": f"/{plural}", **typed}
    pairs = [("form_token", browser.get("/home").fields["form_token"]), *typed.items(), *(("id", str(one)) for one in ids)]
    headers = {"Origin": browser.base, "Sec-Fetch-Site": "same-origin"}
    return browser.ask("POST", f"/{plural}/bulk/{what}", Pairs(pairs), headers)


class Pairs(dict):
    """A form in which a name stands more than once."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        super().__init__(pairs)
        self._pairs = pairs

    def items(self):
        return self._pairs


def told(browser: Browser, answer: Page) -> str:
    assert answer.status == 303, answer.text
    return html.unescape(re.search(r"data-toast>\s*<p>.*?<span>(.*?)</span>", browser.get(answer.location).text, re.S)[1])


def people(ada, count: int, **body) -> list[int]:
    return [ada.post("/people", {"name": f"P{number:02}", **body})["id"] for number in range(count)]


def test_the_rows_picked_get_a_value_and_all_of_it_is_taken_back_at_once(browser, ada):
    made = people(ada, 4, title="Baker")
    assert "Which field?" in press(browser, "edit", ids=made[:3]).text
    asked = press(browser, "edit", ids=made[:3], field="title")
    assert 'id="f-title"' in asked.text
    answer = press(browser, "edit", ids=made[:3], field="title", title="Miller", set="1")
    assert told(browser, answer) == "3 people: title set to Miller"
    assert [ada.get(f"/people/{one}")["title"] for one in made] == ["Miller", "Miller", "Miller", "Baker"]
    page = browser.get(answer.location)
    undone = browser.post(re.search(r'action="(/undo/[^"]+)"', page.text)[1], page.fields | {"next": "/people"})
    assert undone.status == 303
    assert [ada.get(f"/people/{one}")["title"] for one in made] == ["Baker"] * 4


def test_all_that_fit_are_changed_and_nothing_else(browser, ada):
    people(ada, 7, title="Baker")
    others = people(ada, 2, title="Mayor")
    of = "/people?where=title.is.baker&sort_by=first_name"
    answer = press(browser, "edit", of=of, all="1", field="title", title="Miller", set="1")
    assert told(browser, answer) == "7 people: title set to Miller"
    assert [ada.get(f"/people/{one}")["title"] for one in others] == ["Mayor", "Mayor"]
    assert answer.location.startswith("/people?where=title.is.baker")


def test_owner_tags_and_fields_of_ones_own(browser, ada, cuprum):
    made = people(ada, 2, tags=["oak"])
    wood = define(ada, "Dropdown", "Oak", "Ash")
    answer = press(browser, "assign", ids=made, assignee_id=str(cuprum.grace.id), set="1")
    assert told(browser, answer) == "2 people: owner set to Grace"
    assert told(browser, press(browser, "tag", ids=made, tags="Ash, oak", set="1")) == "2 people: tagged “Ash”, “oak”"
    assert ada.get(f"/people/{made[0]}")["tags"] == ["oak", "Ash"]
    assert told(browser, press(browser, "untag", ids=made, tags="ASH", set="1")) == "2 people: no longer tagged “ASH”"
    assert ada.get(f"/people/{made[0]}")["tags"] == ["oak"]
    name, option = f"custom_field.{wood['id']}", str(option_ids(wood)[1])
    assert (
        told(browser, press(browser, "edit", ids=made, field=name, set="1", **{name: option})) == "2 people: dropdown set to Ash"
    )
    assert told(browser, press(browser, "delete", ids=made)) == "2 people: deleted"
    assert ada.call("GET", f"/people/{made[0]}").status_code == 404


def test_who_may_not_is_told_of_how_many_and_why_and_the_others_are_done(browser_of, ada, cuprum):
    theirs = people(ada, 3, assignee_id=ada.id)
    own = ada.post("/people", {"name": "Hers", "assignee_id": cuprum.mallory.id})["id"]
    mallory = browser_of("mallory")
    page = press(mallory, "delete", ids=[*theirs, own])
    assert page.status == 200
    assert "1 person changed" in page.text
    assert "3 were left as they are" in page.text
    assert "Ask an admin, or become its owner" in page.text
    assert all(f">P{number:02}</a>" in page.text for number in range(3))
    assert ada.get(f"/people/{theirs[0]}")["name"] == "P00"


def test_what_mallory_does_not_see_she_cannot_change_by_its_number(browser_of, ada):
    hidden = people(ada, 1, assignee_id=ada.id, title="Baker")[0]
    share(ada, "people", hidden, "only_me")
    mallory = browser_of("mallory")
    for ids, everything in (((hidden,), {}), ((), {"all": "1"})):
        page = press(mallory, "edit", ids=ids, field="title", title="Mine", set="1", **everything)
        assert page.status == 200
        assert "0 people changed" in page.text
        assert "P00" not in page.text
    assert ada.get(f"/people/{hidden}")["title"] == "Baker"


def test_a_row_that_breaks_a_rule_is_left_and_named(browser, ada):
    deals = [ada.post("/opportunities", {"name": f"Deal {number}"})["id"] for number in range(2)]
    page = press(browser, "edit", "opportunities", ids=deals, field="monetary_value", monetary_value="much", set="1")
    assert "2 were left as they are" in page.text
    assert "is not a number" in page.text


NONSENSE = (
    ("edit", {}, 422), ("edit", {"id": "x"}, 422), ("explode", {"id": "1"}, 404), ("tag", {"id": "1", "tags": " , ", "set": "1"}, 422),
    ("edit", {"id": "1", "field": "id", "set": "1"}, 422), ("edit", {"id": "1", "field": "\x00", "set": "1"}, 422),
    ("delete", {"all": "1", "of": "/people?where=nothing.is.x"}, 422), ("delete", {"all": "1", "of": "/settings"}, 404),
    ("edit", {"id": "1", "field": "title", "title": "\x00", "set": "1"}, 200), ("tag", {"id": "1", "tags": "\x00", "set": "1"}, 200),
    ("edit", {"id": "9" * 40, "field": "title", "set": "1"}, 422), ("assign", {"id": "1", "assignee_id": "999", "set": "1"}, 200),
)  # fmt: skip


def test_nonsense_is_refused_in_words(browser, ada):
    kept = people(ada, 1, title="Baker")[0]
    for what, typed, status in NONSENSE:
        page = press(browser, what, **typed)
        assert page.status == status, (what, typed, page.text)
        assert ada.get(f"/people/{kept}")["title"] == "Baker"


def test_only_a_form_of_a_page_of_ours_is_heard(cuprum, browser, ada):
    kept = people(ada, 1, title="Baker")[0]
    assert Browser(cuprum).post("/people/bulk/delete", {"id": str(kept)}).status == 303
    assert browser.post("/people/bulk/delete", {"id": str(kept)}).status == 403
    assert ada.get(f"/people/{kept}")["title"] == "Baker"


def test_a_hundred_rows_fit_in_a_form_and_go_into_a_file(browser, ada):
    made = people(ada, 100)
    answer = press(browser, "export", ids=made)
    assert answer.location == "/people/export?" + urlencode({"of": "/people", "ids": ",".join(map(str, made))}, safe=",")
    assert "Export 100 people" in browser.get(answer.location).text


def test_rows_are_taken_along_to_be_merged(browser, ada):
    made = people(ada, 2)
    there = press(browser, "merge", ids=made).location
    assert there == f"/people/merge?ids={made[0]},{made[1]}"
    assert browser.get(there).status == 200
    assert "Merge…" not in browser.get("/tasks").text


def test_a_long_one_goes_on_in_short_parts_behind_a_page_that_tells_how_far_it_is(browser, ada, monkeypatch):
    people(ada, 12, title="Baker")
    monkeypatch.setattr(pace, "LONGEST_SECONDS", 0)
    monkeypatch.setattr(bulk_view, "WAITS_SECONDS", 0)
    page = press(browser, "edit", all="1", field="title", title="Miller", set="1")
    assert "1 of 12" in page.text
    progress = re.search(r'hx-get="(/bulk/[^"]+)"', page.text)[1]
    while (page := browser.get(progress)).status == 200:
        assert re.search(r"\d+ of 12", page.text)
    assert told(browser, page) == "12 people: title set to Miller"
    assert {one["title"] for one in ada.post("/people/search", {})} == {"Miller"}


def test_what_was_left_in_the_middle_is_finished_in_the_same_group(cuprum, browser, ada, browser_of, monkeypatch):
    from cuprum.records.finishing import finish_part

    people(ada, 6, title="Baker")
    edit = bulk_edit.BulkEdit("person", bulk_edit.EDIT, {"title": "Miller"}, "title set to Miller", where="title.is.baker")
    monkeypatch.setattr(pace, "LONGEST_SECONDS", 0)
    edit = cuprum.as_person("ada", lambda work: bulk_edit.begin_bulk_edit(work, edit))
    edit = cuprum.as_person("ada", lambda work: bulk_edit.bulk_edit_part(work, "g-1", edit))
    assert (edit.changed, edit.total, edit.is_done) == (1, 6, False)
    assert "1 of 6" in browser.get("/bulk/g-1?of=/people").text
    assert browser_of("mallory").get("/bulk/g-1?of=/people").status == 404
    state = cuprum.client.app.state.cuprum
    parts = 0
    while found := [one for one in cuprum.database.read_now(left, 2**40) if one.kind == bulk_edit.BULK_EDIT]:
        cuprum.database.write_now(finish_part, found[0], state.settings, state.listeners)
        parts += 1
    assert parts > 5
    assert sorted({one["title"] for one in ada.post("/people/search", {})}) == ["Miller"]
    undone = browser.post("/undo/g-1", browser.get("/home").fields | {"next": "/people"})
    assert undone.status == 303
    assert sorted({one["title"] for one in ada.post("/people/search", {})}) == ["Baker"]


def test_one_that_was_undone_meanwhile_does_not_go_on(cuprum, browser, ada, monkeypatch):
    people(ada, 5, title="Baker")
    edit = bulk_edit.BulkEdit("person", bulk_edit.EDIT, {"title": "Miller"}, "title set to Miller")
    with monkeypatch.context() as short:
        short.setattr(pace, "LONGEST_SECONDS", 0)
        edit = cuprum.as_person("ada", lambda work: bulk_edit.bulk_edit_part(work, "g-2", edit))
    assert browser.post("/undo/g-2", browser.get("/home").fields | {"next": "/people"}).status == 303
    edit = cuprum.as_person("ada", lambda work: bulk_edit.bulk_edit_part(work, "g-2", edit))
    assert edit.is_done
    assert {one["title"] for one in ada.post("/people/search", {})} == {"Baker"}


def test_rows_of_other_pages_are_changed_along_and_too_many_are_refused(browser, ada):
    made = [ada.post("/people", {"name": f"P{number}"})["id"] for number in range(3)]
    answer = press(browser, "tag", ids=made[:1], kept=f"{made[1]},{made[0]}", set="1", tags="oak")
    assert told(browser, answer) == "2 people: tagged “oak”"
    assert [ada.get(f"/people/{one}")["tags"] for one in made] == [["oak"], ["oak"], []]
    refused = press(browser, "tag", kept=",".join(map(str, range(1, 1_002))), set="1", tags="elm")
    assert refused.status == 422
    assert "1,000 can be picked by hand at most" in refused.text
