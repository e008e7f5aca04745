"""A salesperson's morning: what is late is put off and back, a task is completed, a value is changed where it stands, the
board follows, and a view of it opens elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from browser.conftest import SHAPES, demo_server, walking
from walk import Walk

pytestmark = pytest.mark.browser
LATE, TODAY, DEAL = "Sign the museum's delivery note", "Go over Ben's offer for the garboards", "Шкуна: дубовий набір"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """One that was opened just now: what is due today in it would be late after midnight."""
    with demo_server(tmp_path_factory.mktemp("morning") / "home") as told:
        yield told


@pytest.fixture
def other_walk(demo: tuple[str, str], chromium: Browser) -> Iterator[Walk]:
    """The board on another screen."""
    yield from walking(chromium, demo, *SHAPES[0])


def lane(walk: Walk, label: str) -> Locator:
    return walk.page.locator(".lane").filter(has=walk.page.locator("h2", has_text=re.compile(f"^{label}")))


def test_what_is_late_is_put_off_and_back_and_what_is_done_asks_for_its_word(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/home")
    expect(lane(wide_walk, "Overdue")).to_contain_text(LATE)
    lane(wide_walk, "Overdue").get_by_role("button", name=f"Move {LATE} to tomorrow").click()
    expect(lane(wide_walk, "Tomorrow")).to_contain_text(LATE)
    page.click("#toasts button:has-text('Undo')")
    expect(lane(wide_walk, "Overdue")).to_contain_text(LATE)
    lane(wide_walk, "Today").get_by_role("button", name=f"Complete {TODAY}").click()
    toast = page.locator("#toasts")
    expect(toast.get_by_role("link", name=re.compile("Log"))).to_be_visible()
    expect(toast.get_by_role("link", name="Next task")).to_be_visible()
    toast.get_by_role("button", name="Undo").click()
    expect(lane(wide_walk, "Today")).to_contain_text(TODAY)
    page.click("text=Everybody's")
    expect(page.locator("main")).to_contain_text(re.compile(r"Silent for \d+ days"))


def test_a_value_changed_where_it_stands_moves_every_sum(wide_walk: Walk, other_walk: Walk) -> None:
    board = other_walk.page
    board.goto("/opportunities/board")
    stage = board.locator(".stage").filter(has_text=DEAL)
    before = stage.locator(".sums").inner_text()
    page = wide_walk.page
    page.goto("/opportunities")
    page.get_by_role("link", name=DEAL).click()
    page.get_by_role("link", name="Edit Value").click()
    amount = page.locator("form.is-editing input[type=text]").first
    amount.fill("100000")
    amount.press("Enter")
    expect(page.locator(".key-facts")).to_contain_text("€30,000 weighted")
    expect(stage).to_contain_text("€100,000")
    expect(stage.locator(".sums")).not_to_have_text(before)
    page.click("#toasts button:has-text('Undo')")
    expect(page.locator(".key-facts")).not_to_contain_text("€30,000 weighted")
    expect(stage.locator(".sums")).to_have_text(re.sub(r"\s+", " ", before))


def test_a_view_of_the_board_opens_on_another_screen(wide_walk: Walk, other_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/opportunities/board")
    page.click(".view-tab:has-text('Mine')")
    expect(page.locator(".deal")).to_have_count(1)
    page.click(".view-tab.is-more")
    page.get_by_label("Save what is shown now as").fill("My boats")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("view="))
    other_walk.page.goto(page.url)
    expect(other_walk.page.locator(".view-tab[aria-current]")).to_have_text("My boats")
    expect(other_walk.page.locator(".deal")).to_have_count(1)
    expect(other_walk.page.locator(".deal")).to_contain_text(DEAL)
