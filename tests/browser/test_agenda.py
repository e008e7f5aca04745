"""Home and the agenda in a browser: a task is completed where it stands, the next step is offered, and it comes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from walk import Walk

pytestmark = pytest.mark.browser


def test_they_are_for_everybody(walk: Walk) -> None:
    for path in ("/home?whose=all", "/tasks/agenda?assignee_ids=all"):
        walk.page.goto(path)
        expect(walk.page.locator(".todo").first).to_be_visible()
        walk.audit()
        walk.does_not_scroll_sideways()


def test_a_task_is_completed_where_it_stands(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/tasks/agenda")
    task = page.locator(".todo").first
    name = task.locator("a").inner_text()
    task.get_by_role("button", name="Complete").click()
    toast = page.locator("#toasts")
    expect(toast).to_contain_text(f"{name} completed")
    expect(toast.get_by_text("Next task")).to_be_visible()
    expect(page.locator(".todo").filter(has_text=name)).to_have_count(0)
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator(".todo").filter(has_text=name)).to_be_visible()
