"""The navigation: where each place leads, and which one is marked as here."""

from __future__ import annotations

import re


def here(page) -> set[str]:
    return set(re.findall(r'<a href="([^"]+)" data-go="\w" ?aria-current', page.text))


def test_tasks_open_at_what_is_to_be_done(browser):
    for path in ("/tasks", "/tasks/agenda"):
        page = browser.get(path)
        assert here(page) == {"/tasks/agenda"}, path
    assert here(browser.get("/people")) == {"/people"}


def test_what_the_settings_lead_to_is_marked_as_theirs(browser):
    for path in ("/settings/tags", "/imports/new", "/samples", "/changes", "/trash"):
        assert here(browser.get(path)) == {"/settings"}, path
