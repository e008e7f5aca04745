"""Versions of automations on the web: who saved what, what was different, and the way back."""

from __future__ import annotations

import html
import re

import pytest

from automation import automation
from cuprum.automation import history, workflows
from cuprum.automation.connections import Connections
from cuprum.automation.starting import Beginning, Starter

TEXT = """# Ours.
label: Welcome
triggers:
- {name: trigger_1, type: manual}
tasks:
# Say it.
- name: logger_1
  type: logger/v1/info
  parameters:
    text: Hello   # to whom?
"""


@pytest.fixture
def posted(browser):
    return lambda path, page, **typed: browser.post(path, {"form_token": browser.get(page).fields["form_token"], **typed})


@pytest.fixture
def number(posted) -> int:
    return int(re.search(r"\d+", posted("/automations/file", "/automations/file", text=TEXT).location)[0])


def saved(browser, number: int, text: str):
    page = browser.get(f"/automations/{number}/file")
    return browser.post(f"/automations/{number}/file", {**page.fields, "text": text})


def listed(browser, number: int) -> str:
    return html.unescape(browser.get(f"/automations/{number}/versions").text)


def test_each_version_says_who_saved_it_and_what_was_different(ada, browser, number):
    assert saved(browser, number, TEXT.replace("Hello", "Good day")).status == 303
    page = listed(browser, number)
    assert "Version 2" in page
    assert "Version 1" in page
    assert "Saved by Ada" in page
    assert "<strong>Log (info)</strong> · Text" in page
    assert "<del>Hello</del>" in page
    assert "<ins>Good day</ins>" in page
    assert "Where it began." in page


def test_what_says_the_same_is_no_version_and_other_comments_are_one(browser, number):
    saved(browser, number, TEXT)
    assert "Version 2" not in listed(browser, number)
    saved(browser, number, TEXT.replace("# Ours.", "# Yours."))
    assert "Only its comments, or the way it is written." in listed(browser, number)


def test_a_version_comes_back_with_its_comments_as_a_new_one(ada, browser, posted, number):
    saved(browser, number, TEXT.replace("Hello", "Good day").replace("# Say it.\n", ""))
    one = f"/automations/{number}/versions/1"
    page = html.unescape(browser.get(one).text)
    assert "What bringing it back would change" in page
    assert "<ins>Hello</ins>" in page
    assert posted(f"{one}/restore", one).location == f"/automations/{number}?saved=1"
    assert browser.get(f"/automations/{number}/download.yaml").text == TEXT
    assert "version 1 again" in listed(browser, number)
    assert automation(ada, "GET", f"/workflows/{number}")["version"] == 3


def test_a_version_that_cannot_start_any_more_is_refused_and_says_why(cuprum, browser, posted, number):
    Connections(cuprum.settings, cuprum.database).add_api_key("main", email="a@b.example", key="k", base_url="http://127.0.0.1:9")
    saved(browser, number, TEXT.replace("type: manual", "type: copper/v1/leadCreated"))
    saved(browser, number, TEXT)
    posted(f"/automations/{number}/switch", "/automations", on="1")
    Connections(cuprum.settings, cuprum.database).remove("main")
    refused = posted(f"/automations/{number}/versions/2/restore", f"/automations/{number}/versions")
    assert refused.status == 422
    assert "that version cannot start any more" in refused.text
    assert "no connection is bound to trigger_1" in refused.text
    assert browser.get(f"/automations/{number}/download.yaml").text == TEXT


def test_a_run_names_the_version_that_it_ran(cuprum, ada, browser, number):
    saved(browser, number, TEXT.replace("Hello", "Good day"))
    run_id = Starter(cuprum.database, lambda: None).start_run(number, Beginning({}))
    saved(browser, number, TEXT)
    assert cuprum.database.read_now(history.one_run, run_id).version == 2
    assert automation(ada, "GET", f"/runs/{run_id}")["version"] == 2
    assert f'<a href="/automations/{number}/versions/2">version 2</a>' in browser.get(f"/automations/runs/{run_id}").text


def test_the_api_and_the_command_line_make_versions_too(cuprum, ada, browser, number):
    automation(ada, "PATCH", f"/workflows/{number}", {"definition": {"label": "Welcome", "tasks": [{"name": "a", "type": "logger/v1/info", "parameters": {"text": "b"}}]}})  # fmt: skip
    cuprum.database.write_now(workflows.add, {"label": "Welcome", "tasks": [{"name": "a", "type": "logger/v1/info", "parameters": {"text": "c"}}]})  # fmt: skip
    page = listed(browser, number)
    assert "Saved by the command line" in page
    assert automation(ada, "GET", f"/workflows/{number}")["version"] == 3


def test_a_version_that_is_not_there_is_not_found(browser, posted, number):
    assert browser.get(f"/automations/{number}/versions/7").status == 404
    assert browser.get("/automations/77/versions").status == 404
    assert posted(f"/automations/{number}/versions/7/restore", "/automations").status == 404


def test_many_versions_go_over_pages(cuprum, browser, number):
    for index in range(25):
        cuprum.database.write_now(workflows.change, number, connections={"": f"c{index}"})
    page = browser.get(f"/automations/{number}/versions").text
    assert 'id="v-26"' in page
    assert 'id="v-7"' in page
    assert 'id="v-6"' not in page
    assert 'id="v-6"' in browser.get(f"/automations/{number}/versions?before=7").text


def test_the_editor_keeps_comments_and_names_those_that_would_go(browser, number):
    form = browser.get(f"/automations/{number}").fields
    check = browser.post("/automations/draft/check", {**form, "tasks[0].parameters.text": "Good day"})
    assert "loses" not in check.text
    assert browser.post("/automations/draft/save", {**form, "tasks[0].parameters.text": "Good day"}).status == 303
    assert browser.get(f"/automations/{number}/download.yaml").text == TEXT.replace("Hello   # to", "Good day  # to")
    form = browser.get(f"/automations/{number}").fields
    gone = browser.post("/automations/draft", {**form, "do": "remove|tasks[0]"})
    assert "loses 2 comments" in gone.text
    assert "# Say it." in gone.text
    assert "# to whom?" in gone.text


def test_recent_changes_tell_what_was_done_with_an_automation(browser, posted, number):
    saved(browser, number, TEXT.replace("Hello", "Good day"))
    posted(f"/automations/{number}/switch", "/automations", on="1")
    recent = browser.get("/changes?kind=workflow").text
    for done in ("added", "saved as version 2", "turned on"):
        assert f"<strong>Automation Welcome {done}</strong>" in recent, done
    # There is no undo of it: the way leads to its versions.
    assert "/undo/" not in recent
    group = browser.get(re.search(r'href="(/changes/[^"?]+)"', recent)[1]).text
    assert f'<a href="/automations/{number}/versions">Welcome</a>' in group
    posted(f"/automations/{number}/remove", f"/automations/{number}/remove")
    gone = browser.get("/changes?kind=workflow").text
    assert "<strong>Automation Welcome removed</strong>" in gone
    assert f"/automations/{number}/versions" not in browser.get(re.search(r'href="(/changes/[^"?]+)"', gone)[1]).text
