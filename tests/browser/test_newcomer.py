"""The first ten minutes: the account is opened by the link on the terminal, looked around in with sample data, and begun."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from homes import empty_home
from patience import PATIENCE_SECONDS
from walk import SHAPES, Walk

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def first_link(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What the terminal of a server without an account shows."""
    with empty_home("sqlite", tmp_path_factory.mktemp("newcomer") / "home") as home, home.serve() as server:
        found = re.search(r"http\S+/first-start\S+", server.banner)
        assert found, server.banner
        yield found[0]


@pytest.fixture
def newcomer(first_link: str, chromium: Browser) -> Iterator[Walk]:
    """Nia's tab; nobody is signed in."""
    context = chromium.new_context(
        base_url=first_link.partition("/first-start")[0], viewport={"width": 1280, "height": 844}, locale="en-GB",
        reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    page = context.new_page()
    made = Walk(page)
    page.on("console", lambda message: made.complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: made.complaints.append(str(error)))
    yield made
    context.close()
    assert not made.complaints, "\n".join(made.complaints)


def is_for_everybody(walk: Walk, *paths: str) -> None:
    """Each page wide and narrow, light and dark."""
    for width, colours in SHAPES:
        walk.page.set_viewport_size({"width": width, "height": 844})
        walk.page.emulate_media(color_scheme=colours)
        for path in paths:
            walk.page.goto(path)
            walk.audit()
            walk.does_not_scroll_sideways()
    walk.page.set_viewport_size({"width": 1280, "height": 844})
    walk.page.emulate_media(color_scheme="light")


def open_account(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Your name").fill("Nia Newcomer")
    page.get_by_label("E-mail address").fill("nia@pine.example")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_label("Name of your company").fill("Sosna & Co")
    page.get_by_label("Currency").select_option("EUR")
    page.get_by_label("Time zone").select_option("UTC")
    page.click("button:has-text('Open the account')")
    page.wait_for_url(re.compile("/home"))


def test_ten_minutes(newcomer: Walk, first_link: str) -> None:
    page = newcomer.page
    open_account(page, first_link)
    expect(page.locator(".starter-cards > li")).to_have_count(4)
    is_for_everybody(newcomer, "/home", "/people", "/samples")

    page.goto("/home")
    page.click("button:has-text('Load sample data')")
    expect(page.locator("#toasts")).to_contain_text("Sample data loaded")
    expect(page.locator(".banner")).to_contain_text("This account holds sample data")
    expect(page.locator(".starter-cards")).to_have_count(0)

    page.keyboard.press("Control+k")
    page.keyboard.type("joaq")
    expect(page.locator("#palette-list [aria-selected=true]")).to_contain_text("Joaquim Salgado")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/people/"))

    elena(page)
    a_call_shows_on_both(page)
    a_task_for_tomorrow(page)
    page.goto("/home")
    expect(page.get_by_role("region", name=re.compile("^Tomorrow"))).to_contain_text("Send Elena the offer")

    page.locator(".me > summary").click()
    page.click("button:has-text('Dark')")
    expect(page.locator("html")).to_have_class(re.compile("dark"))
    page.reload()
    expect(page.locator("html")).to_have_class(re.compile("dark"))

    page.click("text=Remove it…")
    expect(page.locator("main")).to_contain_text("40 people")
    expect(page.locator("main")).to_contain_text("Everything that you and your team made")
    newcomer.audit()
    page.click("button:has-text('Remove the sample data')")
    expect(page.locator("#toasts")).to_contain_text("Sample data removed")
    undo = page.locator("#toasts button:has-text('Undo')")
    expect(page.locator(".banner")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Send Elena the offer")
    undo.click()
    expect(page.locator(".banner")).to_contain_text("sample data")
    page.goto("/people")
    expect(page.locator(".paging")).to_contain_text("of 41")


def elena(page: Page) -> None:
    """A person and her company, which there is not yet, in one form; companies that there are, are offered while one types."""
    page.goto("/people/new")
    page.fill("#f-name", "Elena Costa")
    page.locator("#f-company_id").press_sequentially("Estal")
    expect(page.locator("datalist option[value='Estaleiro do Tejo']")).to_have_count(1)
    page.fill("#f-company_id", "Costa Yachts")
    page.click("main form.whole .actions button")
    expect(page.locator("h1")).to_have_text("Elena Costa")


def a_call_shows_on_both(page: Page) -> None:
    page.click(".kinds label:has-text('Phone Call')")
    page.fill("#log-details", "She restores three yachts this winter.")
    page.click("button:has-text('Log it')")
    expect(page.locator(".events li").first).to_contain_text("three yachts")
    person = page.url
    page.locator("main a:has-text('Costa Yachts')").first.click()
    expect(page.locator("h1")).to_have_text("Costa Yachts")
    expect(page.locator(".events li").first).to_contain_text("three yachts")
    page.goto(person)


def a_task_for_tomorrow(page: Page) -> None:
    page.locator("main a:has-text('New task')").first.click()
    page.fill("#f-name", "Send Elena the offer")
    page.fill("#f-due_date", f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}T10:00")
    page.click("main form.whole .actions button")
    expect(page.locator("h1")).to_have_text("Send Elena the offer")
