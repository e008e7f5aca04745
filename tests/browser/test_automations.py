"""Automations in a browser: made of a template, tried out, turned on, and seen at work; for everybody in every shape."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from patience import wait_until
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
    # Numbers go by their names.
    expect(page.locator("#tried dl").first).to_contain_text("Assignee\nChie Tanaka", use_inner_text=True)
    expect(page.locator("#tried dl").first).not_to_contain_text("_id")
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


def insert(page: Page, field: str, search: str, expression: str) -> None:
    """A value of an earlier step, found by its words."""
    page.locator(f"[name='{field}']").locator("..").get_by_role("button", name=re.compile("^Insert a value")).click()
    page.get_by_role("dialog").get_by_role("searchbox").fill(search)
    page.get_by_role("dialog").locator(f"[data-expression='{expression}']").click()


@pytest.mark.parametrize("walk", [(1280, "light"), (390, "dark")], indirect=True, ids=["wide", "narrow"])
def test_an_automation_from_nothing_to_a_run_that_failed_and_was_mended(walk: Walk) -> None:
    """When a lead is created, upsert the person and make a task for the owner; by somebody who sells."""
    page, label = walk.page, f"Welcome at {walk.page.viewport_size['width']}"
    connected(walk)
    page.goto("/automations/new")
    page.get_by_role("link", name=re.compile("Begin with nothing")).click()
    page.get_by_label("Name", exact=True).first.fill(label)
    page.get_by_role("button", name="Add a step here").first.click()
    page.get_by_role("searchbox", name="Search").fill("person upsert")
    page.locator("[data-chooser]").get_by_role("button", name="Upsert Person", exact=True).click()
    # On with the first field of the new step, which is no mistake yet.
    name = page.locator("[name='tasks[0].parameters.name']")
    expect(name).to_be_focused()
    expect(page.locator("#checked")).to_contain_text("2 things to fill in")
    expect(page.locator("[data-problem='tasks[0].parameters.name']")).to_be_empty()
    name.press("Tab")
    expect(page.locator("[data-problem='tasks[0].parameters.name']")).to_have_text("Can't be blank")
    insert(page, "tasks[0].parameters.name", "record name", "${trigger_1.record.name}")
    insert(page, "tasks[0].parameters.emails[0].email", "email", "${trigger_1.record.email.email}")
    insert(page, "tasks[1].parameters.name", "record name", "${trigger_1.record.name}")
    insert(page, "tasks[1].parameters.assignee_id", "assignee", "${trigger_1.record.assignee_id}")
    expect(page.locator("#checked")).to_contain_text("All in order")
    # It is about the lead, and called so that later steps read well.
    page.locator("[name='tasks[1].parameters.related_resource.type']").select_option("lead")
    insert(page, "tasks[1].parameters.related_resource.id", "record id", "${trigger_1.record.id}")
    page.locator("[data-node='copper_2'] > details > summary").click()
    called = page.locator("[name='tasks[0].name']")
    called.fill("person")
    called.press("Tab")
    expect(page.get_by_text("copper_2 is called person now")).to_be_visible()
    # A reason to fail: nobody has this id.
    page.get_by_role("button", name="Add a step", exact=True).last.click()
    page.get_by_role("searchbox", name="Search").fill("update company")
    page.locator("[data-chooser]").get_by_role("button", name="Update Company", exact=True).click()
    page.locator("[name='tasks[2].parameters.id']").fill("99999999")
    # The latest lead may have no e-mail: what to do about it is said.
    page.locator("#sample").fill("Freya Sundström")
    page.get_by_role("button", name="Try it out").click()
    expect(page.locator("#tried")).to_contain_text("POST /tasks")
    expect(page.locator("#tried")).to_contain_text("Upsert Person")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("It is still off")).to_be_visible()
    page.get_by_role("switch").click()
    expect(page.get_by_role("switch")).to_be_checked()
    page.goto(f"/leads/new?name=Nuria+Pons+{label.split()[-1]}")
    page.locator("[name='email.email']").fill(f"nuria{label.split()[-1]}@pons.example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nuria Pons")
    page.goto("/automations")
    row = page.locator(".automation", has_text=label)
    look_until_it_ended(page, row)
    row.get_by_role("link", name="1 run needs attention").click()
    page.locator("#runs tbody tr").first.get_by_role("link").first.click()
    expect(page.locator(".run-state")).to_contain_text("Failed")
    expect(page.locator(".steps .step")).to_have_count(3)
    expect(page.get_by_role("link", name="version 1")).to_be_visible()
    walk.audit()
    walk.does_not_scroll_sideways()
    # The input is mended, and the run goes on from there.
    company = first_company(page)
    page.get_by_text("Change what the step gets, then try again").click()
    page.get_by_label(re.compile("gets, as JSON")).fill(json.dumps({"id": company, "details": "Welcomed"}))
    page.get_by_role("button", name="Try again with this").click()
    expect(page.locator(".run-state")).to_contain_text("Done")
    expect(page.locator(".steps .step").first).to_contain_text("Upsert Person")
    # It is never to happen again: the automation is off, and what was changed can be seen.
    page.goto("/automations")
    page.locator(".automation", has_text=label).get_by_role("switch").click()
    page.locator(".automation", has_text=label).get_by_role("link", name=label).click()
    page.get_by_role("button", name="Remove Update Company").click()
    expect(page.locator(".node")).to_have_count(3)
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("link", name="Versions").click()
    expect(page.locator("#v-2")).to_contain_text("Update Company was taken out")
    walk.audit()
    walk.does_not_scroll_sideways()
    page.locator("#v-1").get_by_role("button", name=re.compile("Bring it back")).click()
    expect(page.locator(".node")).to_have_count(4)


def look_until_it_ended(page: Page, row: Locator) -> None:
    def has_ended() -> bool:
        page.reload()
        return row.get_by_text("1 run needs attention").count() > 0

    wait_until(has_ended)


def first_company(page: Page) -> int:
    page_before = page.url
    page.goto("/companies")
    address = page.locator("main table a[href^='/companies/']").first.get_attribute("href") or ""
    page.goto(page_before)
    return int(re.findall(r"\d+", address)[0])


def test_a_step_is_chosen_filled_and_given_a_value_by_keyboard_alone(wide_walk: Walk) -> None:
    page = wide_walk.page
    connected(wide_walk)
    page.goto("/automations/edit?template=blank")
    page.get_by_role("button", name="Add a step here").first.press("Enter")
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()
    page.keyboard.type("log warn")
    page.keyboard.press("Enter")
    text = page.locator("[name='tasks[0].parameters.text']")
    expect(text).to_be_focused()
    page.keyboard.type("New: ")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("record name")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(text).to_have_value(re.compile(r"New: \$\{trigger_1\.record\..*name\}"))
    expect(text).to_be_focused()
    # A record, from its list.
    page.locator("[name='tasks[1].parameters.assignee_id']").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox", name="Search these")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".picker")).to_have_count(0)
    page.get_by_role("button", name="Choose: Assignee").press("Enter")
    page.get_by_role("searchbox", name="Search these").press_sequentially("chie")
    page.keyboard.press("Enter")
    expect(page.locator("[name='tasks[1].parameters.assignee_id']")).to_have_value(re.compile(r"Chie Tanaka \(#\d+\)"))
    expect(page.locator("[name='tasks[1].parameters.assignee_id']")).to_be_focused()


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


def test_a_trigger_is_found_by_its_other_words_and_offers_what_was_chosen(wide_walk: Walk) -> None:
    """By keyboard: the fields and the try-out follow the kind of record, and the keyboard stays where one is."""
    page = wide_walk.page
    connected(wide_walk)
    page.goto("/automations/edit?template=blank")

    def choose(words: str) -> None:
        page.get_by_role("button", name=re.compile("^Change the trigger")).focus()
        page.keyboard.press("Enter")
        expect(page.locator("[data-chooser] [data-narrow]")).to_be_focused()
        page.keyboard.type(words)

    choose("nothing is called so")
    expect(page.locator("[data-chooser]")).to_contain_text("Nothing here is called so")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=re.compile("^Change the trigger"))).to_be_focused()
    choose("overdue")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="When the due date of an open task passes")).to_be_visible()
    expect(page.locator(".node.is-trigger")).to_be_focused()
    choose("stale")
    page.keyboard.press("Enter")
    kind = page.get_by_role("combobox", name="Record Type")
    expect(kind).to_be_focused()
    kind.select_option("person")
    expect(page.get_by_label("With which person?")).to_be_visible()
    page.get_by_role("textbox", name="Days").fill("30")
    insert(page, "tasks[0].parameters.name", "record name", "${trigger_1.record.name}")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("heading", name="When a person was not changed for 30 days")).to_be_visible()
