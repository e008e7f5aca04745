"""Find somebody, open their page, change a fact in place, log a call, take it back: wide and narrow, light and dark."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from walk import Walk

pytestmark = pytest.mark.browser


def test_somebody_is_found_changed_and_rung(walk: Walk) -> None:
    page = walk.page
    page.goto("/people")
    walk.audit()
    walk.does_not_scroll_sideways()
    page.fill("#search", "joaquim")
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    page.click("#rows tbody th a")
    page.wait_for_url(re.compile("/people/"))
    page.click("#fact-title .fact-value")
    field = page.locator("#f-title")
    expect(field).to_be_focused()
    field.fill("Harbour master")
    field.press("Enter")
    expect(page.locator("#fact-title .fact-value")).to_have_text("Harbour master")
    expect(page.locator("#fact-title .fact-edit")).to_be_focused()
    walk.audit()
    walk.does_not_scroll_sideways()
    page.click("#toasts button:has-text('Undo')")
    expect(page.locator("#fact-title .fact-value")).to_have_text("Master builder")
    page.click(".kinds label:has-text('Phone Call')")
    page.fill("#log-details", "He wants oak. Łódź, 漢字.")
    page.click("button:has-text('Log it')")
    expect(page.locator(".events li").first).to_contain_text("He wants oak. Łódź, 漢字.")
    page.click("#toasts button:has-text('Undo')")
    expect(page.locator("#activities")).not_to_contain_text("He wants oak.")


PAGES = (
    "/home", "/leads", "/companies", "/opportunities", "/projects", "/tasks", "/people/new", "/opportunities/1", "/settings",
    "/settings/keys", "/settings/users", "/changes", "/reports/forecast",
    "/reports/stage_funnel?period=last_12_months", "/reports/sales_by_owner?from=2026-01-01&to=2026-12-31",
)  # fmt: skip


def test_every_page_is_for_everybody(walk: Walk) -> None:
    for path in PAGES:
        walk.page.goto(path)
        walk.audit()
        walk.does_not_scroll_sideways()


def test_the_keyboard_is_enough(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/people")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url(re.compile("/companies$"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/companies/"))
    page.locator("#fact-name .fact-edit").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#f-name")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#fact-name .fact-edit")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url(re.compile("/people$"))
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()


def test_dark_survives_a_reload(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/people")
    page.click(".me summary")
    page.click("button:has-text('Dark')")
    page.wait_for_load_state()
    page.reload()
    assert page.evaluate("document.documentElement.classList.contains('dark')")
    wide_walk.audit()
