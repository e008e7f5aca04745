"""Automations in a browser: made of a template, tried out, turned on, and seen at work; for everybody in every shape."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from walk import Walk

pytestmark = pytest.mark.browser


def connected(walk: Walk) -> None:
    walk.page.goto("/settings/connections")
    button = walk.page.get_by_role("button", name="Connect this account")
    if button.count():
        button.click()
        expect(walk.page.get_by_role("heading", name="It works")).to_be_visible()


def test_a_lead_makes_a_task_to_call(wide_walk: Walk) -> None:
    page = wide_walk.page
    connected(wide_walk)
    page.goto("/automations/new")
    page.get_by_role("link", name=re.compile("make a task to call")).click()
    expect(page.get_by_role("heading", name="All in order")).to_be_visible()
    # What is wrong shows while one types.
    name = page.locator("[name='tasks[0].parameters.name']")
    name.fill("Ring ${lead.record.name}")
    expect(page.locator("[data-problem='tasks[0].parameters.name']")).to_contain_text("Nothing here is called lead")
    name.fill("Ring ")
    name.press("End")
    page.get_by_role("button", name="Insert a value: Name").click()
    page.get_by_role("dialog").get_by_role("searchbox").fill("record.name")
    page.get_by_role("dialog").locator("[data-expression='${trigger_1.record.name}']").click()
    expect(name).to_have_value("Ring ${trigger_1.record.name}")
    # A record is picked by its name.
    owner = page.locator("[name='tasks[0].parameters.assignee_id']")
    owner.fill("Chie")
    expect(page.locator("datalist option[value^='Chie Tanaka (#']")).to_have_count(1)
    owner.fill(page.locator("datalist option[value^='Chie Tanaka (#']").get_attribute("value") or "")
    page.get_by_role("button", name="Try it out").click()
    expect(page.locator("#tried")).to_contain_text("it would work")
    expect(page.locator("#tried")).to_contain_text("POST /tasks")
    expect(owner).to_have_value(re.compile(r"Chie Tanaka \(#\d+\)"))
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("It is still off")).to_be_visible()
    expect(owner).to_have_value(re.compile(r"Chie Tanaka \(#\d+\)"))
    page.get_by_role("switch").click()
    expect(page.get_by_role("switch")).to_be_checked()
    page.goto("/leads/new?name=Elena+Costa+of+the+yard")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Elena Costa of the yard", exact=True)).to_be_visible()
    page.goto("/automations/runs")
    page.locator("#runs tbody tr").first.get_by_role("link").click()
    expect(page.locator(".run-state")).to_contain_text("Done")
    step = page.locator(".steps .step").first
    expect(step).to_contain_text("Create Task")
    step.get_by_text("What it put out").click()
    expect(step).to_contain_text("Ring Elena Costa of the yard")
    page.goto("/tasks?name=Ring+Elena+Costa+of+the+yard")
    expect(page.get_by_role("link", name="Ring Elena Costa of the yard").first).to_be_visible()


def test_steps_are_put_in_order_by_keyboard(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/automations/edit?template=call-new-leads")
    page.get_by_role("button", name="Add a step here").first.press("Enter")
    search = page.get_by_role("searchbox", name="Search")
    expect(search).to_be_focused()
    search.fill("condition")
    page.locator("[data-chooser]").get_by_role("button", name="Condition", exact=True).press("Enter")
    expect(page.get_by_text("If it holds")).to_be_visible()
    page.get_by_role("button", name="Move Condition down").press("Enter")
    expect(page.locator(".editor-main > section > .nodes > .node h3").nth(1)).to_contain_text("Task to call")
    page.get_by_role("button", name="Remove Task to call").press("Enter")
    expect(page.locator(".editor-main .node h3")).to_have_count(2)


@pytest.mark.parametrize("walk", [(1280, "dark"), (390, "light")], indirect=True, ids=["wide-dark", "narrow-light"])
def test_it_is_for_everybody(walk: Walk) -> None:
    page = walk.page
    for path in ("/automations", "/automations/runs", "/settings/connections", "/settings/connections/new?way=oauth2",
                 "/settings/webhooks/new", "/automations/edit?template=call-new-leads"):  # fmt: skip
        page.goto(path)
        walk.audit()
        walk.does_not_scroll_sideways()
    page.get_by_role("button", name="Add a step", exact=True).click()
    page.locator("[data-chooser]").get_by_role("button", name="Condition", exact=True).click()
    expect(page.get_by_text("If it holds")).to_be_visible()
    page.get_by_role("button", name="Add a step", exact=True).first.click()
    expect(page.locator("[data-chooser]")).to_be_visible()
    walk.audit()
    walk.does_not_scroll_sideways()
