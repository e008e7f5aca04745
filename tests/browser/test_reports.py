"""Reports in a browser: what is chosen shows at once and stands in the address, and each figure opens as many rows as it says."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from walk import Walk

pytestmark = pytest.mark.browser

NAMES = ("sales_by_owner", "forecast", "stage_funnel", "won_and_lost")


@pytest.mark.parametrize("name", NAMES)
def test_a_report_is_for_everybody(walk: Walk, name: str) -> None:
    walk.page.goto(f"/reports/{name}?period=last_12_months" if name != "forecast" else "/reports/forecast")
    expect(walk.page.locator(".drawn svg").first).to_be_visible()
    expect(walk.page.locator("table.counts").first).to_be_visible()
    walk.audit()
    walk.does_not_scroll_sideways()


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_opens_its_rows_and_the_way_back_leads_to_the_report(wide_walk: Walk, name: str) -> None:
    page = wide_walk.page
    page.goto(f"/reports/{name}?period=last_12_months" if name != "forecast" else "/reports/forecast")
    report = page.url
    figure = page.locator("table.counts td.figure a").first
    count = int(figure.inner_text())
    figure.click()
    expect(page.locator("#bulk tbody tr")).to_have_count(count)
    page.go_back()
    expect(page).to_have_url(report)
    expect(page.locator("table.counts").first).to_be_visible()


def test_a_choice_shows_at_once_and_stands_in_the_address(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/reports/won_and_lost?period=last_12_months")
    all_of_them = page.locator("table.counts tfoot td.figure").first.inner_text()
    page.get_by_label("Owner").select_option(label="Ben Okafor")
    expect(page).to_have_url(re.compile(r"owner_id=\d"))
    expect(page.locator(".about")).to_contain_text("Ben Okafor")
    narrowed = page.url
    ours = page.locator("table.counts tfoot td.figure").first.inner_text()
    assert 0 < int(ours) < int(all_of_them)
    page.goto(narrowed)
    expect(page.locator("table.counts tfoot td.figure").first).to_have_text(ours)


def test_the_file_has_what_the_table_has(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/reports/sales_by_owner?period=last_12_months")
    owners = page.locator("table.counts tbody th").all_inner_texts()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    assert all(owner in text for owner in owners)
