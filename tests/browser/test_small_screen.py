"""On a phone: what is done with a page stands above the bar at the foot, and what is long is read whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from browser.conftest import walking
from walk import Walk

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(demo: tuple[str, str], chromium: Browser) -> Iterator[Walk]:
    yield from walking(chromium, demo, 390, "light")


# Whether a finger on its middle hits it.
_IS_UNCOVERED = """element => {
    const { x, y, width, height } = element.getBoundingClientRect()
    const hit = document.elementFromPoint(x + width / 2, y + height / 2)
    return element === hit || element.contains(hit)
}"""


def is_uncovered(one: Locator) -> bool:
    return bool(one.evaluate(_IS_UNCOVERED))


def test_a_long_form_is_saved_from_wherever_one_is_in_it(phone: Walk) -> None:
    page = phone.page
    for path in ("/people/new", "/opportunities/1/edit"):
        page.goto(path)
        assert is_uncovered(page.get_by_role("button", name="Save", exact=True)), path


def test_a_field_reached_by_keyboard_is_not_under_what_sticks_to_the_foot(phone: Walk) -> None:
    page = phone.page
    page.goto("/opportunities/1/edit")
    for _ in range(14):
        page.keyboard.press("Tab")
        # Not by `:focus`: inside of a date the focus is on one of its parts.
        assert page.evaluate(f"({_IS_UNCOVERED})(document.activeElement)")


def test_what_is_done_with_picked_rows_stands_above_the_bar(phone: Walk) -> None:
    page = phone.page
    page.goto("/people")
    page.locator("#bulk tbody [name=id]").nth(1).check()
    button = page.locator(".selection-buttons .btn").first
    expect(button).to_be_visible()
    assert is_uncovered(button)
    phone.does_not_scroll_sideways()


def test_a_long_address_is_read_whole_in_a_list(phone: Walk) -> None:
    page = phone.page
    page.goto("/people")
    assert page.evaluate("[...document.querySelectorAll('#bulk td')].every(cell => cell.scrollWidth <= cell.clientWidth)")


def test_words_keep_a_distance_from_the_edge(phone: Walk) -> None:
    page = phone.page
    # Of what surrounds them, with the room that a scroll bar takes.
    for path, words, within in (
        ("/reports/stage_funnel", ".counts :is(th, td)", ".table-scroll"),
        ("/reports", ".report-tabs a", ".report-tabs"),
        ("/people/1", ".record .head .actions > *", ".record .head"),
        ("/people/1", ".kinds-filter a", ".kinds-filter"),
        ("/opportunities/3/move", ".options.is-row .btn", ".options"),
        ("/opportunities", ".side nav a[aria-current] span", ".side nav a"),
    ):
        page.goto(path)
        assert page.locator(words).count(), path
        beyond = page.evaluate(
            "([words, within]) => [...document.querySelectorAll(words)].filter(one => one.checkVisibility()"
            " && (one.getBoundingClientRect().right > one.closest(within).getBoundingClientRect().right + 0.5"
            " || one.scrollWidth > one.clientWidth + 1)).map(one => one.textContent)",
            [words, within],
        )
        assert not beyond, f"{path}: {beyond}"


def test_words_are_put_in_order_by_a_finger(phone: Walk) -> None:
    page = phone.page
    page.goto("/settings/loss-reasons")
    expect(page.locator(".ordered .grip").first).to_be_visible()


def test_the_rows_of_a_list_begin_in_the_upper_half(phone: Walk) -> None:
    page = phone.page
    for path in ("/people", "/opportunities", "/tasks"):
        page.goto(path)
        box = page.locator("#bulk tbody tr").first.bounding_box()
        assert box is not None
        assert box["y"] < 844 / 2, path
