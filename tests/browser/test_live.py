"""What others do shows within seconds, without stealing focus, moving what is read or wiping what is typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browser.conftest import SHAPES, walking
from walk import Walk

pytestmark = pytest.mark.browser


@pytest.fixture
def other_walk(demo: tuple[str, str], chromium: Browser) -> Iterator[Walk]:
    """Somebody else at another browser."""
    yield from walking(chromium, demo, *SHAPES[0])


def create(walk: Walk, plural: str, **typed: str) -> str:
    walk.page.goto(f"/{plural}/new")
    for name, value in typed.items():
        walk.page.locator(f"main [name={name}]").first.fill(value)
    walk.page.click("main form.whole .actions button")
    walk.page.wait_for_url(re.compile(rf"/{plural}/\d+"))
    return re.sub(r"\?.*", "", walk.page.url)


def edit(walk: Walk, address: str, fact: str, value: str) -> None:
    """Change one fact on its own page."""
    walk.page.goto(f"{address}/fields/{fact}")
    walk.page.fill(f"form.is-editing [name={fact}]", value)
    walk.page.click("form.is-editing button")
    expect(walk.page.locator(f"#fact-{fact}")).to_contain_text(value)


def test_a_page_follows_others_and_keeps_what_is_typed(wide_walk: Walk, other_walk: Walk) -> None:
    page = wide_walk.page
    address = create(wide_walk, "people", name="Iris Live", title="Baker")
    page.goto(address)
    page.fill("#log-details", "A note that is not done")
    page.click("[aria-label='Edit Description']")
    page.fill("form.is-editing textarea", "Half a sentence")
    edit(other_walk, address, "title", "Miller")
    other_walk.page.fill("#log-details", "She called about oak")
    other_walk.page.click("text=Log it")
    expect(page.locator("#fact-title")).to_contain_text("Miller")
    expect(page.locator("#events")).to_contain_text("She called about oak")
    expect(page.locator("form.is-editing textarea")).to_have_value("Half a sentence")
    expect(page.locator("form.is-editing textarea")).to_be_focused()
    expect(page.locator("#log-details")).to_have_value("A note that is not done")
    expect(page.locator("#told")).to_have_text("This page was brought up to date with what others did.")
    edit(other_walk, address, "details", "Their sentence")
    page.click("form.is-editing button")
    expect(page.locator(".theirs")).to_contain_text("Their sentence")
    wide_walk.complaints[:] = [one for one in wide_walk.complaints if "409" not in one]


def test_rows_change_in_their_place_and_others_are_offered(wide_walk: Walk, other_walk: Walk) -> None:
    page = wide_walk.page
    address = create(other_walk, "projects", name="Live shed")
    page.goto("/projects")
    row = page.locator(f"#row-{address.rpartition('/')[2]}")
    link = row.locator("a").first
    link.focus()
    edit(other_walk, address, "name", "Live barn")
    expect(row).to_contain_text("Live barn")
    expect(link).to_be_focused()
    before = page.locator("tbody tr").count()
    create(other_walk, "projects", name="Another live shed")
    expect(page.locator(".offer button")).to_have_text("1 new – show")
    expect(page.locator("tbody tr")).to_have_count(before)
    wide_walk.audit()
    page.click(".offer button")
    expect(page.locator("#rows")).to_contain_text("Another live shed")
    expect(page.locator(".offer")).to_have_count(0)
    other_walk.page.click("summary[aria-label^='More to do']")
    other_walk.page.click("main button:has-text('Delete')")
    expect(page.locator("tr.is-gone")).to_contain_text("Another live shed")


def test_home_and_the_agenda_follow_too(wide_walk: Walk, other_walk: Walk) -> None:
    wide_walk.page.goto("/tasks/agenda?assignee_ids=all")
    create(other_walk, "tasks", name="Live sweeping")
    expect(wide_walk.page.locator("#lanes")).to_contain_text("Live sweeping")
    wide_walk.page.goto("/home?whose=all")
    create(other_walk, "tasks", name="Live mopping")
    expect(wide_walk.page.locator("#overview")).to_contain_text("Live mopping")


def test_a_server_that_is_away_is_said_and_forgotten_when_it_is_back(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/people")
    page.route("**/news?*", lambda route: route.abort())
    expect(page.locator("#notice")).to_contain_text("does not answer")
    page.unroute("**/news?*")
    expect(page.locator("#notice")).to_be_empty()
    wide_walk.complaints.clear()


def test_an_ended_session_asks_to_sign_in_and_keeps_the_draft(wide_walk: Walk, demo: tuple[str, str]) -> None:
    page = wide_walk.page
    page.goto("/people/1")
    page.fill("#log-details", "A long story")
    page.context.clear_cookies()
    expect(page.locator("#notice")).to_contain_text("Your session has ended")
    with page.context.expect_page() as opened:
        page.click("#notice a")
    opened.value.fill("#email", "ana@harbour.example")
    opened.value.fill("#password", demo[1])
    opened.value.click("button:has-text('Sign in')")
    opened.value.wait_for_url(re.compile("/home$"))
    opened.value.close()
    expect(page.locator("#notice")).to_be_empty()
    page.click("text=Log it")
    expect(page.locator("#events")).to_contain_text("A long story")
    page.context.clear_cookies()
    page.wait_for_url(re.compile(r"/sign-in\?next="))
