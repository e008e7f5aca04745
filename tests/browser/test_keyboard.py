"""By keyboard alone: single keys can be switched off, menus close by Escape, and the keyboard is never lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from walk import Walk

pytestmark = pytest.mark.browser


def test_single_keys_are_switched_off_and_on_again(wide_walk: Walk) -> None:
    page = wide_walk.page
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
