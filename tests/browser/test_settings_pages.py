"""The settings in a browser: every page in every shape, words put in order by mouse and keys, and a link that is copied."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from walk import Walk

pytestmark = pytest.mark.browser

# Those whose like is looked at elsewhere are left out.
PAGES = (
    "/settings/account", "/settings/users/2", "/settings/sessions", "/settings/pipelines/1", "/settings/stages/1",
    "/settings/activity-types", "/settings/activity-types/1", "/settings/fields/new", "/settings/fields/1", "/settings/tags",
    "/settings/oauth-apps", "/settings/backup",
)  # fmt: skip


def test_every_page_is_for_everybody(walk: Walk) -> None:
    for path in PAGES:
        walk.page.goto(path)
        expect(walk.page.locator("h1")).to_be_visible()
        walk.audit()
        walk.does_not_scroll_sideways()


def order(page: Page) -> list[str]:
    return page.locator(".ordered[data-order] .what a").all_inner_texts()


def test_words_are_put_in_order_by_keys_and_by_dragging(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/settings/loss-reasons")
    first, second, *rest = order(page)
    down = page.get_by_role("button", name=f"Move {first} down")
    down.focus()
    page.keyboard.press("Enter")
    toast = page.locator("#toasts")
    expect(toast).to_contain_text("Loss reasons put in order")
    assert order(page) == [second, first, *rest]
    expect(down).to_be_focused()
    page.reload()
    assert order(page) == [second, first, *rest]
    grip, target = (page.locator(".ordered > li").nth(at).locator(".grip").bounding_box() for at in (1, 0))
    assert grip
    assert target
    page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(grip["x"] + 8, grip["y"] - 8, steps=4)
    page.mouse.move(target["x"] + 8, target["y"] + 2, steps=8)
    # What is dragged looks twenty times a second where it is.
    expect(page.locator(".ordered > li").first).to_contain_text(first)
    page.mouse.up()
    expect(toast).to_contain_text("Loss reasons put in order")
    expect(page.locator(".ordered > li").first).to_contain_text(first)
    page.reload()
    assert order(page) == [first, second, *rest]


def test_somebody_comes_in_by_a_link_that_was_shown_once(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/settings/users")
    page.fill("#email", "eva@harbour.example")
    page.get_by_role("button", name="Make a link").click()
    link = page.locator("#made").inner_text()
    wide_walk.audit()
    page.get_by_role("button", name="Copy").click()
    page.context.clear_cookies()
    page.goto(link)
    wide_walk.audit()
    page.fill("#name", "Eva Lind")
    page.fill("#password", "a word that is long")
    page.get_by_role("button", name="Come in").click()
    page.wait_for_url(re.compile("/home$"))
    expect(page.locator(".me summary")).to_contain_text("Eva Lind")


def test_a_field_shows_only_what_its_type_has_and_is_required_in_a_form(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/settings/fields/new")
    options = page.get_by_label("Options, one a line")
    expect(options).to_be_hidden()
    page.fill("#name", "Berth")
    page.select_option("#data_type", "Dropdown")
    options.fill("North\nSouth")
    page.get_by_label("Projects").check()
    page.get_by_label("People must fill it in").check()
    page.get_by_role("button", name="Add field").click()
    expect(page.locator("#toasts")).to_contain_text("Field “Berth” added")
    page.goto("/projects/new")
    page.get_by_label("Name", exact=False).first.fill("Slipway")
    page.get_by_role("button", name="Save").click()
    berth = page.get_by_label("Berth")
    expect(berth).to_have_attribute("aria-invalid", "true")
    wide_walk.complaints[:] = [one for one in wide_walk.complaints if "422" not in one]
    berth.select_option("South")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/projects/\d+"))
    # The next tests of this account find it as it was.
    page.goto("/settings/fields")
    page.get_by_role("link", name="Berth").click()
    page.get_by_role("button", name="Delete field Berth").click()
    expect(page.locator("#toasts")).to_contain_text("deleted")


def test_what_opens_in_its_place_is_told_from_a_link(wide_walk: Walk) -> None:
    page = wide_walk.page
    for path in ("/settings/users", "/settings/oauth-apps", "/settings/webhooks/new", "/people/1"):
        page.goto(path)
        summary = page.locator("details.further > summary").first
        expect(summary).to_be_visible()
        assert summary.evaluate("one => getComputedStyle(one, '::before').content") != "none", path
