"""Every page of the table of routes, as an admin sees it: no serious finding of axe-core, and nothing scrolls sideways."""

from __future__ import annotations

import re

import pytest

from cuprum.web.crm import routes
from walk import Walk

pytestmark = pytest.mark.browser

# What the account of the tests holds none of, what is kept as a file, and what only scripts ask for.
_NOT_PAGES = re.compile(r"/imports/\{|/automations/\{|/automations/runs/|/settings/(connections|webhooks|teams)/\{|\.csv$|/download|"
                        r"/backup/\{|/views/\{|^/(news|suggest|bulk|connections/callback)|/shown$|/bell$|^/activities/|/changes/\{|/duplicates/")  # fmt: skip


# The same pages for each kind of record are looked at for people.
_LIKE_PEOPLE = re.compile(r"^/(leads|companies|opportunities|projects|tasks)(/|$)")


def addresses() -> list[str]:
    """Each with the first of whatever stands in its braces."""
    plain = {"fact": "name", "related": "tasks", "report": "stage_funnel"}
    every = [one.path for one in routes() if "GET" in (one.methods or ()) and not _NOT_PAGES.search(one.path)]
    found = [path for path in every if _LIKE_PEOPLE.sub("/people\\2", path) not in every or not _LIKE_PEOPLE.match(path)]
    return [re.sub(r"\{(\w+)(?::\w+)?\}", lambda name: plain.get(name[1], "1"), path) for path in found]


def test_every_page_can_be_read_by_everybody(wide_walk: Walk) -> None:
    told = []
    for path in addresses():
        wide_walk.page.goto(path)
        try:
            wide_walk.audit()
            wide_walk.does_not_scroll_sideways()
        except AssertionError as trouble:
            told.append(f"{path}: {trouble}")
    wide_walk.complaints[:] = [one for one in wide_walk.complaints if "status of 4" not in one]
    assert not told, "\n".join(told)
