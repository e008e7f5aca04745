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
    walk.page.goto("/people")
    walk.page.click("[data-palette]")
    expect(walk.page.locator("#palette-list [role=option]").first).to_be_visible()
    walk.audit()
    walk.page.goto("/find?q=joaquim")
    walk.audit()
    walk.does_not_scroll_sideways()


def test_it_finds_does_creates_and_remembers(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/people")
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
    page.goto("/people")
    ask(page, "dark", "Dark colours")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_class(re.compile("dark"))


def test_what_can_be_done_with_picked_rows_is_offered_while_some_are_picked(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/people")
    ask(page, "assign the selected", "New lead “assign the selected”")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-picked]")).to_have_text("1 selected")
    ask(page, "assign", "Assign the selected")
    page.keyboard.press("Enter")
    expect(page.locator("#panel[open] h2")).to_contain_text("1 person")
    page.keyboard.press("Escape")
    expect(page.locator("#bulk tbody tr").first.locator("th a")).to_be_focused()


def test_views_are_switched_from_it(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/opportunities")
    ask(page, "view board", "View: Board")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/opportunities/board"))
    ask(page, "view mine", "View: Mine")
    page.keyboard.press("Enter")
    expect(page.locator(".view-tab[aria-current]")).to_have_text("Mine")


def test_what_was_just_done_is_undone_from_it_and_by_a_key(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/people/3")
    for undo in ("palette", "key"):
        page.fill("#log-details", "Said by mistake.")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#toasts")).to_contain_text("Note logged")
        # The former note's toast may still be there.
        expect(page.locator(".events")).to_contain_text("Said by mistake.")
        page.locator("h1").click()
        if undo == "key":
            page.keyboard.press("u")
        else:
            ask(page, "undo", "Undo: Note logged")
            page.keyboard.press("Enter")
        expect(page.locator("#toasts")).to_contain_text("Undo of Note logged")
        expect(page.locator(".events")).not_to_contain_text("Said by mistake.")
