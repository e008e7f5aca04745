"""Mentions, notifications and merges in browsers: one is told in another's, once; two people become one, and two again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browser.conftest import SHAPES, walking
from walk import Walk

pytestmark = pytest.mark.browser
NAME, EMAIL = "Łucja 漢字-Wiśniewska", "lucja@harbour.example"


@pytest.fixture
def other_walk(demo: tuple[str, str], chromium: Browser, wide_walk: Walk) -> Iterator[Walk]:
    """Łucja's browser; Ana lets her in."""
    page = wide_walk.page
    page.goto("/settings/users")
    page.get_by_text("Or add somebody with a first password").click()
    form = page.locator("form", has=page.locator("input[name=name]"))
    form.locator("input[name=name]").fill(NAME)
    form.locator("input[name=email]").fill(EMAIL)
    form.locator("button").click()
    password = page.locator(".secret code").last.inner_text().strip()
    yield from walking(chromium, (demo[0], password), *SHAPES[0], email=EMAIL)


def new_person(walk: Walk, name: str, email: str) -> str:
    """The address of somebody at Costa Yachts."""
    page = walk.page
    page.goto("/people/new")
    page.locator("#f-name").fill(name)
    page.locator("#f-company_id").fill("Costa Yachts")
    page.locator("[name='emails.email']").first.fill(email)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/people/\d+"))
    return re.search(r"/people/\d+", page.url)[0]  # type: ignore[index]


def test_a_mention_by_keyboard_is_one_notification_in_anothers_browser(wide_walk: Walk, other_walk: Walk) -> None:
    page, theirs = wide_walk.page, other_walk.page
    theirs.goto("/home")
    expect(theirs.locator("#bell-count .count")).to_have_count(0)
    theirs.get_by_role("link", name="Tasks", exact=True).first.focus()
    page.goto("/people")
    page.locator("tbody th a").first.click()
    text = page.locator("#log-details")
    text.press_sequentially("Ask @łu")
    option = page.get_by_role("option", name=NAME)
    expect(option).to_have_attribute("aria-selected", "true")
    expect(text).to_have_attribute("aria-activedescendant", "mention-0")
    wide_walk.audit()
    text.press("Escape")
    expect(option).to_have_count(0)
    text.press_sequentially("c")
    text.press("Enter")
    expect(text).to_have_value(f"Ask @{NAME} ")
    text.press_sequentially("about @Nobody <i>here</i>")
    text.press("Control+Enter")
    expect(page.locator(".mention")).to_have_text(f"@{NAME}")
    expect(theirs.locator("#bell-count .count")).to_have_text("1")
    expect(theirs.get_by_role("link", name="Tasks", exact=True).first).to_be_focused()
    theirs.goto("/notifications")
    expect(theirs.locator("[data-told]")).to_have_count(1)
    other_walk.audit()
    with theirs.expect_request("**/notifications/read"):
        theirs.locator("[data-told]").click()
    expect(theirs.locator("[id^=activity-]:target")).to_contain_text("<i>here</i>")
    theirs.goto("/notifications")
    expect(theirs.locator("#bell-count .count")).to_have_count(0)


def test_two_who_are_one_are_merged_and_taken_apart(wide_walk: Walk) -> None:
    page = wide_walk.page
    first = new_person(wide_walk, "Jonathan Quayle", "jonathan@quay.example")
    page.goto("/people/new")
    page.locator("#f-name").fill("Jonathan Quayle")
    page.locator("#f-company_id").focus()
    expect(page.locator("[data-alike]")).to_contain_text("Jonathan Quayle has the same name")
    second = new_person(wide_walk, "Jon Quayle", "jon@quay.example")
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Merge 2 people into one")
    keeper = page.get_by_label("This one stays: Jon Quayle")
    keeper.check()
    expect(page.get_by_label("Name of Jon Quayle")).to_be_checked()
    page.get_by_label("Name of Jonathan Quayle").check()
    wide_walk.audit()
    page.get_by_role("button", name="Merge").click()
    page.wait_for_url(re.compile(second))
    expect(page.locator("#toasts")).to_contain_text("Jonathan Quayle merged into Jon Quayle")
    expect(page.get_by_role("heading", level=1)).to_have_text("Jonathan Quayle")
    page.goto(first)
    expect(page).to_have_url(re.compile(second + "$"))
    page.get_by_role("link", name="see what changed").click()
    page.get_by_role("button", name="Undo").click()
    page.goto(first)
    expect(page).to_have_url(re.compile(first + "$"))
    page.goto("/people/duplicates")
    group = page.locator(".alike-group", has_text="Quayle")
    group.get_by_role("button", name="Not a duplicate").click()
    expect(page.locator("#toasts")).to_contain_text("2 people told apart")
    expect(group).to_have_count(0)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator(".alike-group", has_text="Quayle")).to_be_visible()


def test_they_are_for_everybody(walk: Walk) -> None:
    page = walk.page
    for path in ("/notifications", "/people/duplicates", "/companies/duplicates"):
        page.goto(path)
        walk.audit()
        walk.does_not_scroll_sideways()
    page.goto("/people")
    ids = [re.search(r"\d+$", link.get_attribute("href") or "")[0] for link in page.locator("tbody th a").all()[:3]]  # type: ignore[index]
    page.goto(f"/people/merge?ids={','.join(ids)}")
    expect(page.get_by_label("This one stays").first).to_be_visible()
    walk.audit()
    walk.does_not_scroll_sideways()
