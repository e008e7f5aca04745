"""The page of a record in a browser: facts edited by keyboard alone, a lead converted and back, a former value restored."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from walk import Walk

pytestmark = pytest.mark.browser


def first(walk: Walk, plural: str) -> str:
    """The address of the first record of a list."""
    walk.page.goto(f"/{plural}")
    address = walk.page.locator("[data-rows-keys] tbody th a").first.get_attribute("href")
    assert address
    return address


def fact(walk: Walk, name: str) -> Locator:
    return walk.page.locator(f"#fact-{name}")


def toast(walk: Walk) -> Locator:
    return walk.page.locator("#toasts")


def test_it_is_for_everybody(walk: Walk) -> None:
    page, lead, deal = walk.page, first(walk, "leads"), first(walk, "opportunities")
    for address in (lead, f"{lead}/convert", deal, f"{deal}/history", f"{deal}/access", f"{deal}/related/people", "/trash"):
        page.goto(address)
        if page.locator("details.acts summary").count():
            page.locator("details.adder summary").first.click()
            page.locator("details.acts summary").click()
        walk.audit()
        walk.does_not_scroll_sideways()


def test_facts_are_edited_by_keyboard_alone(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto(first(wide_walk, "opportunities"))
    was = fact(wide_walk, "monetary_value").locator(".fact-value").inner_text()
    page.get_by_label("What happened", exact=True).fill("A half-written note")
    fact(wide_walk, "monetary_value").locator(".fact-edit").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#f-monetary_value")).to_be_focused()
    page.keyboard.type("4321")
    page.keyboard.press("Tab")
    expect(page.locator("#f-pipeline_stage_id")).to_be_focused()
    expect(fact(wide_walk, "monetary_value")).to_contain_text("€4,321")
    expect(page.locator("#record-head")).to_contain_text("€4,321")
    # Nothing was changed here: Tab goes on without a word.
    page.keyboard.press("Tab")
    expect(page.locator("#f-status")).to_be_focused()
    page.keyboard.press("Escape")
    expect(fact(wide_walk, "status").locator(".fact-edit")).to_be_focused()
    fact(wide_walk, "win_probability").locator(".fact-edit").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#f-win_probability")).to_be_focused()
    page.keyboard.type("140")
    page.keyboard.press("Enter")
    expect(page.locator("#f-win_probability-problem")).to_be_visible()
    expect(page.locator("#f-win_probability")).to_have_value("140")
    wide_walk.complaints.clear()  # the browser complains of every 422
    page.locator("#f-win_probability").press("Escape")
    expect(fact(wide_walk, "win_probability").locator(".fact-edit")).to_be_focused()
    expect(page.get_by_label("What happened", exact=True)).to_have_value("A half-written note")
    page.goto(page.url + "/history")
    page.get_by_role("button", name="Restore the former Value").first.click()
    expect(toast(wide_walk)).to_contain_text("restored")
    expect(page.locator(".chapter").first.locator("ins").first).to_have_text(was)


def test_an_entry_is_logged_rewritten_and_taken_away_in_its_place(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto(first(wide_walk, "people"))
    page.get_by_label("What happened", exact=True).fill("Frist")
    page.keyboard.press("Control+Enter")
    entry = page.locator("#events li").filter(has_text="Frist")
    entry.locator("[aria-label='Edit this note']").click()
    expect(page.locator(".rewriting textarea")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("First")
    page.keyboard.press("Control+Enter")
    entry = page.locator("#events li").filter(has_text="First")
    expect(entry.locator("[aria-label='Edit this note']")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(entry).to_have_count(0)
    expect(toast(wide_walk)).to_contain_text("Note deleted")
    expect(page.locator(":focus")).not_to_have_count(0)


def test_what_was_pulled_bigger_to_write_in_is_logged_without_a_complaint(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/companies/2")
    box = page.locator("#log-details").bounding_box()
    assert box is not None
    corner = box["x"] + box["width"] - 4, box["y"] + box["height"] - 4
    page.mouse.move(*corner)
    page.mouse.down()
    page.mouse.move(corner[0], corner[1] + 80, steps=4)
    page.mouse.up()
    assert page.locator("#log-details").get_attribute("style")
    page.fill("#log-details", "A long story")
    page.click("text=Log it")
    expect(page.locator("#toasts")).to_contain_text("logged")
    page.click("#toasts button:has-text('Undo')")
    expect(page.locator("#toasts")).to_contain_text("Undo of")


def test_a_lead_is_converted_and_comes_back(wide_walk: Walk) -> None:
    page, lead = wide_walk.page, first(wide_walk, "leads")
    page.goto(lead)
    name = page.locator("h1").inner_text()
    page.get_by_role("link", name="Convert").click()
    where = page.locator("#where tr").filter(has_text="Company name")
    expect(where).to_contain_text("Company")
    page.get_by_label("No company").check()
    expect(where).to_contain_text("nowhere")
    page.get_by_label("No opportunity").check()
    expect(page.locator("#where tr").filter(has_text="Value")).to_contain_text("nowhere")
    page.get_by_role("button", name="Convert").click()
    expect(toast(wide_walk)).to_contain_text(f"{name} converted")
    expect(page.locator(".became")).to_contain_text(name)
    page.goto("/leads")
    expect(page.locator("#rows")).not_to_contain_text(name)
    page.get_by_role("link", name="Converted").click()
    page.locator("#rows").get_by_role("link", name=name).click()
    expect(page).to_have_url(re.compile(f"{lead}$"))
    page.get_by_role("button", name="Undo the conversion").click()
    expect(page.get_by_role("link", name="Convert", exact=True)).to_be_visible()


def test_what_was_undone_can_still_be_read_in_the_history(walk: Walk) -> None:
    page = walk.page
    page.goto("/people/5")
    page.get_by_role("link", name="Edit Title").click()
    page.locator("#f-title").fill("Captain")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Title of")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Undo of")
    page.goto("/people/5/history")
    expect(page.locator(".is-undone").first).to_be_visible()
    walk.audit()
