"""When something broke, or the database does not answer: people get a page, scripts a line, programs an answer in JSON."""

from __future__ import annotations

import pytest

from cuprum.kit.errors import Unavailable
from cuprum.storage.database import Database
from unit.web.test_pages import PART

TROUBLES = [
    (Unavailable("The database does not answer. Try again shortly."), 503, "does not answer"),
    (KeyError("x"), 500, "broke"),
]


@pytest.mark.parametrize(("trouble", "status", "words"), TROUBLES, ids=["unavailable", "broken"])
def test_what_broke_is_told_in_the_form_of_who_asks(browser, ada, monkeypatch, trouble, status, words):
    def fails(*given, **further):
        raise trouble

    monkeypatch.setattr(Database, "_read_once", fails)
    html = {"Accept": "text/html"}
    page = browser.ask("GET", "/people", None, html)
    assert (page.status, page.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert words in page.text
    assert 'href="/people">Try again' in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    part = browser.ask("GET", "/people", None, html | PART)
    assert (part.status, part.headers["HX-Retarget"]) == (status, "#notice")
    assert words in part.text
    assert "<" not in part.text
    answer = browser.ask("GET", "/developer_api/v1/account", None, html)
    assert answer.headers["Content-Type"].startswith("application/json")


def test_a_form_that_meets_trouble_says_that_what_was_typed_still_stands(browser, monkeypatch):
    def fails(*given, **further):
        raise Unavailable("The database does not answer. Try again shortly.")

    monkeypatch.setattr(Database, "_read_once", fails)
    monkeypatch.setattr(Database, "write", fails)
    answer = browser.ask("POST", "/people/new", {"name": "Iris"}, {"Accept": "text/html"})
    assert answer.status == 503
    assert "application/json" not in answer.headers["Content-Type"]
    assert "what you typed still stands" in answer.text
