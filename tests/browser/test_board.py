"""The board in a browser: cards dragged, moved by keys, put back; moves of others show without stealing focus."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from browser.conftest import SHAPES, walking
from walk import Walk

pytestmark = pytest.mark.browser
BOARD = "/opportunities/board"


@pytest.fixture
def other_walk(demo: tuple[str, str], chromium: Browser) -> Iterator[Walk]:
    """The same board in another browser."""
    yield from walking(chromium, demo, *SHAPES[0])


def cards(walk: Walk, column: int) -> Locator:
    return walk.page.locator(".stage").nth(column).locator(".deal")


def take(walk: Walk, card: Locator) -> None:
    """Take it up with the mouse."""
    place = card.bounding_box()
    assert place
    walk.page.mouse.move(place["x"] + 30, place["y"] + 12)
    walk.page.mouse.down()
    walk.page.mouse.move(place["x"] + 60, place["y"] + 40, steps=4)


def drop(walk: Walk, target: Locator) -> None:
    expect(target).to_be_visible()
    place = target.bounding_box()
    assert place
    walk.page.mouse.move(place["x"] + place["width"] / 2, place["y"] + 40, steps=10)
    # What is dragged looks twenty times a second where it is.
    expect(target.locator(".is-place")).to_have_count(1)
    walk.page.mouse.up()


def test_it_is_for_everybody(walk: Walk) -> None:
    walk.page.goto(BOARD)
    walk.audit()
    walk.does_not_scroll_sideways()
    cards(walk, 0).first.get_by_text("Move…").click()
    expect(walk.page.locator("#ask")).to_be_visible()
    walk.audit()


def test_a_card_is_dragged_and_shows_in_another_browser(wide_walk: Walk, other_walk: Walk) -> None:
    for walk in (wide_walk, other_walk):
        walk.page.goto(BOARD)
    card = cards(wide_walk, 0).first
    name = card.locator("h3").inner_text()
    watched = cards(other_walk, 1).first.locator("h3 a")
    watched.focus()
    take(wide_walk, card)
    drop(wide_walk, wide_walk.page.locator(".stage").nth(2).locator(".deals"))
    expect(wide_walk.page.locator("#toasts")).to_contain_text(f"{name} moved to Proposal")
    expect(cards(wide_walk, 2).filter(has_text=name).locator("h3 a")).to_be_focused()
    expect(cards(other_walk, 2).filter(has_text=name)).to_be_visible()
    expect(watched).to_be_focused()
    wide_walk.page.click("#toasts button:has-text('Undo')")
    expect(cards(wide_walk, 0).filter(has_text=name)).to_be_visible()


def test_who_cancels_a_loss_finds_the_card_in_its_place(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto(BOARD)
    name = cards(wide_walk, 0).first.locator("h3").inner_text()
    take(wide_walk, cards(wide_walk, 0).first)
    drop(wide_walk, page.locator("[data-closing=Lost]"))
    expect(page.locator("#ask-title")).to_have_text(f"Why was {name} lost?")
    page.keyboard.press("Escape")
    expect(page.locator("#ask")).to_be_hidden()
    expect(cards(wide_walk, 0).first.locator("h3")).to_have_text(name)


def test_the_keyboard_moves_and_closes(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto(BOARD)
    card = cards(wide_walk, 0).first
    name = card.locator("h3").inner_text()
    card.locator("h3 a").focus()
    page.keyboard.press("Shift+ArrowRight")
    moved = cards(wide_walk, 1).filter(has_text=name).locator("h3 a")
    expect(moved).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(cards(wide_walk, 0).locator("h3 a:focus")).to_have_count(1)
    moved.focus()
    page.keyboard.press("m")
    page.locator("#ask").get_by_text("Lost…").press("Enter")
    page.get_by_label("Price").check()
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text(f"{name} lost")
    expect(page.locator(".deal").filter(has_text=name)).to_have_count(0)
    expect(page.locator(".deal h3 a:focus")).to_have_count(1)
    page.click("#toasts button:has-text('Undo')")
    expect(cards(wide_walk, 1).filter(has_text=name)).to_be_visible()
