"""Names that are long, know no space, or are written from right to left."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from walk import Walk

pytestmark = pytest.mark.browser

UNBROKEN = "Planking_order_without_any_break_whatsoever_for_the_pilot_cutter_2026"
ARABIC = "محمد عبد الرحمن الأندلسي بن طفيل القيسي المعروف بابن الصائغ"


@pytest.mark.parametrize("walk", [(1280, "light"), (390, "dark")], indirect=True, ids=["wide", "narrow"])
def test_a_name_without_a_space_stays_within_what_asks_about_it(walk: Walk) -> None:
    page = walk.page
    page.goto(f"/opportunities/new?name={UNBROKEN}")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/opportunities/\d+"))
    number = page.url.split("/opportunities/")[1].split("?")[0].split("#")[0]
    for path in (
        f"/opportunities/{number}",
        f"/opportunities/{number}/move",
        f"/opportunities/{number}/access",
        f"/opportunities/{number}/history",
    ):
        page.goto(path)
        walk.does_not_scroll_sideways()
        heading = page.locator("main").get_by_role("heading").first
        assert heading.evaluate("one => one.getBoundingClientRect().right <= one.closest('.page').getBoundingClientRect().right")


def test_a_name_from_right_to_left_is_cut_at_its_end(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto(f"/people/new?name={ARABIC}")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name=ARABIC, exact=True)).to_be_visible()
    page.goto(f"/people?name={ARABIC.split()[0]}")
    link = page.get_by_role("link", name=ARABIC)
    # Too long for its cell, which holds it whole: what goes beyond is the end, on the left.
    assert link.evaluate("one => one.scrollWidth > one.clientWidth && getComputedStyle(one).direction") == "rtl"
    assert link.evaluate("one => one.getBoundingClientRect().right <= one.closest('th').getBoundingClientRect().right + 0.5")
