"""Ctrl+K: find, create, go to, do, by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from walk import Walk

pytestmark = pytest.mark.browser


def ask(page: Page, words: str, first: str) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-field")).to_be_focused()
    page.keyboard.type(words)
    expect(page.locator("#palette-list [aria-selected=true]")).to_contain_text(first)


def test_it_is_for_everybody(walk: Walk) -> None:
    walk.page.click("[data-palette]")
    expect(walk.page.locator("#palette-list [role=option]").first).to_be_visible()
    walk.audit()
    walk.page.goto("/find?q=joaquim")
    walk.audit()
    walk.does_not_scroll_sideways()


def test_it_finds_does_creates_and_remembers(wide_walk: Walk) -> None:
    page = wide_walk.page
    ask(page, "joaq", "Joaquim Salgado")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/people/"))
    ask(page, "edit joa", "Edit Joaquim Salgado")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/people/.*/edit$"))
    page.locator("h1").click()
    ask(page, "", "Joaquim Salgado")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    ask(page, "Quirin Zab", "New lead “Quirin Zab”")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/people/new"))
    expect(page.locator("#f-name")).to_have_value("Quirin Zab")


def test_colours_are_changed_from_it(wide_walk: Walk) -> None:
    page = wide_walk.page
    ask(page, "dark", "Dark colours")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_class(re.compile("dark"))
