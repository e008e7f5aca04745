"""Lists in a browser: a filter built in a panel, rows picked by keys and with Shift, changed together, and found again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from walk import Walk

pytestmark = pytest.mark.browser


def rows(walk: Walk) -> Locator:
    return walk.page.locator("#bulk tbody tr")


def panel(walk: Walk) -> Locator:
    return walk.page.locator("#panel[open]")


def test_it_is_for_everybody(walk: Walk) -> None:
    page = walk.page
    page.goto("/opportunities?where=monetary_value.least.5000;(assignee_id.any.me;close_date.this_month;assignee_id.empty)")
    rows(walk).first.locator("[name=id]").check()
    expect(page.locator(".selection")).to_be_visible()
    walk.audit()
    walk.does_not_scroll_sideways()
    for opens in (".add-filter", ".view-tab.is-more", "a:has-text('Columns')", ".chip-words >> nth=0"):
        page.locator(opens).click()
        expect(panel(walk)).to_be_visible()
        walk.audit()
        page.keyboard.press("Escape")
        expect(panel(walk)).to_have_count(0)
    page.goto("/opportunities?where=name.has.nothing-like-it")
    walk.audit()


def test_a_filter_is_built_saved_and_opened_again(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/opportunities")
    page.click(".add-filter")
    panel(wide_walk).get_by_label("Find a field").fill("stag")
    page.keyboard.press("Enter")
    panel(wide_walk).get_by_label("Proposal").check()
    page.click("#panel button:has-text('Apply')")
    page.wait_for_url(re.compile("where=pipeline_stage_id.any."))
    expect(page.locator(".chip")).to_contain_text("Stage is Proposal")
    page.fill("#search", "o")
    page.wait_for_url(re.compile("name=o"))
    expect(page.locator(".chip")).to_contain_text("Stage is Proposal")
    page.click(".view-tab.is-more")
    page.get_by_label("Save what is shown now as").fill("Proposals with an o")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("view="))
    page.goto("/opportunities")
    page.click(".view-tab:has-text('Proposals with an o')")
    expect(page.locator(".view-tab[aria-current]")).to_have_text("Proposals with an o")
    page.click("a:has-text('Board')")
    expect(page.locator(".chip")).to_contain_text("Stage is Proposal")
    expect(page.locator(".view-tab[aria-current]")).to_have_text("Proposals with an o")


def test_rows_are_picked_by_keys_and_changed_together(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/people")
    rows(wide_walk).nth(0).locator("[name=id]").click()
    rows(wide_walk).nth(3).locator("[name=id]").click(modifiers=["Shift"])
    expect(page.locator("[data-picked]")).to_have_text("4 selected")
    rows(wide_walk).nth(3).locator("th a").focus()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-picked]")).to_have_text("5 selected")
    page.keyboard.press("x")
    page.click(".selection button:has-text('Add tags')")
    panel(wide_walk).get_by_label("Tags").fill("spring fair")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("4 people: tagged “spring fair”")
    page.click("#toasts button:has-text('Undo')")
    page.goto("/people?where=tags.any.spring fair")
    expect(page.locator(".empty-here")).to_be_visible()


def test_what_is_picked_stays_so_from_page_to_page_until_it_is_cleared_or_changed(wide_walk: Walk) -> None:
    page = wide_walk.page
    # Pages of a hundred are more than the sample data fills.
    page.goto("/people")
    address = page.url
    first, second = (rows(wide_walk).nth(number).locator("[name=id]").get_attribute("value") for number in (0, 1))
    rows(wide_walk).nth(0).locator("[name=id]").click()
    page.goto(f"{address}?after={second}")
    expect(page.locator("[data-picked]")).to_have_text("1 selected, 1 of them on other pages")
    expect(page.locator(".selection")).to_be_visible()
    rows(wide_walk).nth(0).locator("th a").focus()
    page.keyboard.press("x")
    expect(page.locator("[data-picked]")).to_have_text("2 selected, 1 of them on other pages")
    page.reload()
    expect(page.locator("[data-picked]")).to_have_text("2 selected, 1 of them on other pages")
    page.click(".selection button:has-text('Add tags')")
    expect(panel(wide_walk).locator("h2")).to_contain_text("2 people")
    panel(wide_walk).get_by_label("Tags").fill("both pages")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("2 people: tagged “both pages”")
    expect(page.locator(".selection")).to_be_hidden()
    page.goto("/people?where=tags.any.both pages")
    expect(page.locator(f"#row-{first}")).to_be_visible()
    rows(wide_walk).nth(0).locator("[name=id]").click()
    page.click("[data-picks-none]")
    page.reload()
    expect(page.locator(".selection")).to_be_hidden()


def test_who_goes_back_is_at_the_row_that_was_opened(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/people")
    link = rows(wide_walk).nth(12).locator("th a")
    name = link.inner_text()
    link.click()
    expect(page.locator("h1")).to_have_text(name)
    page.go_back()
    expect(rows(wide_walk).nth(12).locator("th a")).to_be_focused()


def test_the_heads_of_columns_stay_in_sight(wide_walk: Walk) -> None:
    page = wide_walk.page
    # By the window where every column fits, else in the box that scrolls sideways; the name stays beside them.
    for columns in (
        "",
        "?columns=title,company_id,emails,phone_numbers,assignee_id,address,tags,date_created,date_modified,details",
    ):
        page.goto(f"/people{columns}")
        rows(wide_walk).nth(30).locator("td").last.scroll_into_view_if_needed()
        expect(page.get_by_role("columnheader", name="Name", exact=True)).to_be_in_viewport(ratio=1)
        expect(rows(wide_walk).nth(30).locator("th")).to_be_in_viewport(ratio=1)
    wide_walk.audit()


def test_columns_are_moved_and_the_list_shows_them(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/people")
    page.click("a:has-text('Columns')")
    expect(page.locator(".chosen-columns [name=column]").first).to_be_focused()
    front, back = (panel(wide_walk).get_by_role("button", name=f"Owner further to the {end}") for end in ("front", "back"))
    front.click()
    expect(page.locator(".chosen-columns li").nth(3)).to_contain_text("Owner")
    # On with the same button, and at the end with the one that still leads somewhere.
    expect(front).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".chosen-columns li").nth(2)).to_contain_text("Owner")
    back.click()
    expect(page.locator(".chosen-columns li").nth(3)).to_contain_text("Owner")
    expect(back).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".chosen-columns li").last).to_contain_text("Owner")
    expect(front).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".chosen-columns li").nth(3)).to_contain_text("Owner")
    panel(wide_walk).get_by_label("Address").check()
    page.click("#panel .actions button:has-text('Show these columns')")
    page.wait_for_url(re.compile("columns="))
    expect(page.locator("#bulk thead th").last).to_have_text("Address")


def test_after_a_deletion_the_keyboard_is_at_the_next_row(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/people")
    names = [rows(wide_walk).nth(number).locator("th a") for number in (3, 4, 5)]
    first, second, third = (name.inner_text() for name in names)
    names[0].click()
    page.locator("details.acts > summary").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text(f"{first} deleted")
    expect(page.get_by_role("link", name=second, exact=True)).to_be_focused()
    page.keyboard.press("x")
    page.click(".selection button:has-text('Delete')")
    expect(page.get_by_role("link", name=third, exact=True)).to_be_focused()
    page.click("#toasts button:has-text('Undo')")
    page.goto("/trash")
    page.get_by_role("button", name=re.compile("Restore")).first.click()
    expect(page.locator("#toasts")).to_contain_text("restored")
