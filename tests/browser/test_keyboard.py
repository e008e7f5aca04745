"""By keyboard alone: single keys can be switched off, menus close by Escape, and the keyboard is never lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from walk import Walk

pytestmark = pytest.mark.browser


def test_single_keys_are_switched_off_and_on_again(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/people")
    for word in ("off", "on"):
        page.locator(".me > summary").click()
        page.get_by_role("button", name="Keyboard shortcuts").click()
        page.get_by_role("button", name=f"Switch single keys {word}").click()
        expect(page.locator("html[data-keys=off]")).to_have_count(1 if word == "off" else 0)
        page.keyboard.press("j")
        expect(page.locator("#bulk tbody tr:focus-within")).to_have_count(0 if word == "off" else 1)
        page.keyboard.press("Control+k")
        expect(page.locator("#palette-field")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#palette")).to_be_hidden()


def test_escape_closes_a_menu_and_gives_the_keyboard_back(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/people/1")
    for menu in ("details.me", "details.acts", "details.adder:has(#add-company)"):
        opens = page.locator(menu).locator("> summary")
        opens.focus()
        page.keyboard.press("Enter")
        inside = page.locator(f"{menu}[open] :is(button, a, input:not([type=hidden]))").first
        expect(inside).to_be_visible()
        page.keyboard.press("Tab")
        expect(inside).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(f"{menu}[open]")).to_have_count(0)
        expect(opens).to_be_focused()


def test_a_page_that_has_come_begins_at_its_heading(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/people")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Companies")).to_be_focused()
    page.locator("#bulk thead a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("sort_direction="))
    # Only the order is another: whoever turns it again need not look for it.
    expect(page.locator("#bulk thead a").first).to_be_focused()


def test_what_is_done_in_a_list_leaves_the_keyboard_beside_it(wide_walk: Walk) -> None:
    page = wide_walk.page
    for name in ("First of two", "Second of two"):
        page.goto(f"/tasks/new?name={name}")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    page.goto("/tasks/agenda?name=of two")
    page.get_by_role("button", name="Complete First of two").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Complete Second of two")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_the_timeline_is_filtered_without_losing_the_keyboard(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/opportunities/3")
    page.get_by_role("link", name="Meeting", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("type="))
    expect(page.get_by_role("link", name="Meeting", exact=True)).to_be_focused()
