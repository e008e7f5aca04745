"""Tasks by the day, completed and put off from the page that they stand on."""

from __future__ import annotations

import html
import re
import time
from datetime import datetime, timedelta

import pytest

from automation import share

DAY = 86_400


@pytest.fixture
def person(ada) -> dict:
    return ada.post("/people", {"name": "Elena Costa", "assignee_id": ada.id})


@pytest.fixture
def late(ada, person) -> dict:
    body = {"name": "Ring", "assignee_id": ada.id, "due_date": int(time.time()) - 3 * DAY}
    return ada.post("/tasks", {**body, "related_resource": {"type": "person", "id": person["id"]}})


def lane(browser, label: str, path: str = "/home") -> str:
    """What a reader finds in a lane; empty where there is none."""
    for section in re.findall(r'<section class="lane.*?</section>', browser.get(path).text, re.S):
        text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", section)).split())
        if text.startswith(label):
            return text
    return ""


def press(browser, action: str, page: str = "/home", **fields: str):
    return browser.post(action, {"form_token": browser.get(page).fields["form_token"], "next": page, **fields})


def test_a_late_task_stands_on_home_and_in_the_agenda_with_what_it_is_about(browser, late):
    for path in ("/home", "/tasks/agenda"):
        assert re.match(r"Overdue 1 .*Ring Elena Costa · 3 days ago", lane(browser, "Overdue", path))


def test_a_completed_task_offers_what_comes_next_and_can_be_taken_back(browser, ada, late, person):
    answer = press(browser, f"/tasks/{late['id']}/complete")
    assert ada.get(f"/tasks/{late['id']}")["status"] == "Completed"
    page = browser.get(answer.location)
    told = html.unescape(page.text)
    assert "Ring completed" in told
    path = re.search(rf'href="(/tasks/new\?for=person&id={person["id"]}&due=\d+)"', told)[1]
    following = browser.get(path).text
    assert 'value="Elena Costa"' in following
    proposed = datetime.fromisoformat(re.search(r'name="due_date"|type="datetime-local" value="([^"]+)"', following)[1])
    assert proposed.weekday() < 5
    assert timedelta(days=6) < proposed - datetime.now() < timedelta(days=10)
    logged = browser.get(re.search(rf'href="(/people/{person["id"]}\?[^"#]+)#timeline"', told)[1]).text
    assert re.search(r"checked><span>Phone Call</span>", logged)
    assert ">Ring: </textarea>" in logged
    assert browser.post(re.search(r'action="(/undo/[^"]+)"', page.text)[1], page.fields).status == 303
    assert ada.get(f"/tasks/{late['id']}")["status"] == "Open"


def test_late_tasks_are_put_off_until_tomorrow_at_their_time_and_all_come_back_at_once(browser, ada, late):
    other = ada.post("/tasks", {"name": "Write", "assignee_id": ada.id, "due_date": late["due_date"] - DAY})
    token = browser.get("/home").fields["form_token"]
    sent = f"form_token={token}&next=/home&ids={late['id']}&ids={other['id']}"
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded", "Origin": browser.base}
    answer = browser.cuprum.client.post(f"{browser.base}/tasks/put-off", content=sent, headers=headers, follow_redirects=False)
    page = browser.get(answer.headers["location"])
    assert "2 tasks put off until tomorrow" in page.text
    assert lane(browser, "Tomorrow").startswith("Tomorrow 2")
    moved = ada.get(f"/tasks/{late['id']}")["due_date"]
    assert (moved - late["due_date"]) % DAY in (0, 3600, DAY - 3600)
    browser.post(re.search(r'action="(/undo/[^"]+)"', page.text)[1], page.fields)
    assert lane(browser, "Overdue").startswith("Overdue 2")


def test_a_reminder_goes_along_when_its_task_is_put_off(browser, ada, late):
    # An hour ahead is tomorrow already, late in the evening.
    due = int(time.time()) - 3600
    ada.put(f"/tasks/{late['id']}", {"due_date": due, "reminder_date": due - 600})
    press(browser, "/tasks/put-off", ids=str(late["id"]))
    moved = ada.get(f"/tasks/{late['id']}")
    assert moved["due_date"] - moved["reminder_date"] == 600
    assert moved["due_date"] > due


def test_a_task_is_completed_on_its_own_page_and_one_about_nothing_offers_the_next(browser, ada):
    task = ada.post("/tasks", {"name": "Sweep", "assignee_id": ada.id})
    path = f"/tasks/{task['id']}"
    assert f'action="{path}/complete"' in browser.get(path).text
    page = html.unescape(browser.get(press(browser, f"{path}/complete", next=path).location).text)
    assert "Sweep completed" in page
    assert re.search(r'href="/tasks/new\?due=\d+"', page)
    assert f'action="{path}/complete"' not in page


def test_the_agenda_is_by_person_too(browser, ada, late, cuprum):
    ada.post("/tasks", {"name": "Measure", "assignee_id": cuprum.grace.id})
    assert not lane(browser, "Without a date", "/tasks/agenda")
    assert "Measure" in lane(browser, "Without a date", f"/tasks/agenda?assignee_ids={cuprum.grace.id}")
    assert "Ring" not in browser.get(f"/tasks/agenda?assignee_ids={cuprum.grace.id}").text
    assert "Ring" in lane(browser, "Overdue", "/tasks/agenda?assignee_ids=all")


def test_mallory_neither_sees_nor_touches_private_tasks(browser_of, ada, late):
    share(ada, "tasks", late["id"], "only_me")
    mallory = browser_of("mallory")
    for path in ("/home?whose=all", "/tasks/agenda?assignee_ids=all"):
        assert "Ring" not in mallory.get(path).text
    assert press(mallory, f"/tasks/{late['id']}/complete").status == 404
    assert press(mallory, "/tasks/put-off", ids=str(late["id"])).status == 404
    assert ada.get(f"/tasks/{late['id']}")["due_date"] == late["due_date"]


def test_what_is_about_a_record_unseen_offers_nothing_of_it(browser_of, ada, late, person):
    share(ada, "people", person["id"], "only_me")
    mallory = browser_of("mallory")
    page = mallory.get(press(mallory, f"/tasks/{late['id']}/complete").location).text
    assert "Ring completed" in page
    assert "Log a call" not in page
    assert str(person["id"]) not in re.findall(r"/tasks/new\?([^\"]*due=)", page)[0]


def test_home_says_which_deals_need_attention_and_why(browser, ada):
    ada.post("/opportunities", {"name": "Old roof", "assignee_id": ada.id, "close_date": "1/2/2020", "monetary_value": 10})
    ada.post("/opportunities", {"name": "New roof", "assignee_id": ada.id, "close_date": "1/2/2090"})
    found = lane(browser, "Needs attention")
    assert "Old roof" in found
    assert "should have been closed" in found
    assert "New roof" not in found
    assert re.search(r"Pipeline Sales .*10.* 2 ", lane(browser, "Pipeline"))
