"""Nobody sees or changes more by a page than by the API, and no text becomes markup."""

from __future__ import annotations

import html
import re

import pytest

from automation import share
from cuprum.entities import ENTITIES
from cuprum.web.arrangement import MAIN
from oauth import Browser

MARKUP = "\"><script>alert(1)</script>'<img src=x onerror=alert(2)>"


def hidden(cuprum, entity: str) -> str:
    """A record that only Ada sees."""
    plural = ENTITIES[entity].plural
    made = cuprum.ada.post(f"/{plural}", {"name": "Secret plan", "assignee_id": cuprum.ada.id})
    share(cuprum.ada, plural, made["id"], "only_me")
    return f"/{plural}/{made['id']}"


@pytest.mark.parametrize("entity", MAIN)
def test_a_private_record_is_behind_every_door(cuprum, browser_of, entity):
    path, mallory = hidden(cuprum, entity), browser_of("mallory")
    plural = ENTITIES[entity].plural
    assert "Secret plan" in browser_of("ada").get(path).text
    token = mallory.get("/home").fields["form_token"]
    for page in (path, f"{path}/edit", f"{path}/fields/name", f"{path}/fields/name/shown"):
        found = mallory.get(page)
        assert found.status in (303, 404), page
        assert "Secret plan" not in found.text
    for page in (f"/{plural}", f"/{plural}?name=secret", f"/suggest/{entity}?q=secret", "/home"):
        found = mallory.get(page)
        assert found.status == 200
        # What was searched for stands in the field of the search; the record does not.
        assert "Secret plan" not in found.text
        assert ">Nothing fits<" in found.text or "name=secret" not in page
    for page, typed in (
        (f"{path}/edit", {"name": "Mine"}), (f"{path}/fields/name", {"name": "Mine"}), (f"{path}/delete", {}),
        (f"{path}/activities", {"type": "0", "details": "Hello"}),
    ):  # fmt: skip
        assert mallory.post(page, {"form_token": token, **typed}).status == 404, page
    assert cuprum.ada.get(path)["name"] == "Secret plan"


@pytest.mark.parametrize(
    "page", ["/people/new", "/people/1/edit", "/people/1/delete", "/people/1/activities", "/undo/x", "/preferences"]
)
def test_a_form_from_elsewhere_is_refused(cuprum, browser, page):
    cuprum.ada.post("/people", {"name": "Iris"})
    token = browser.get("/home").fields["form_token"]
    for form, headers in (({"name": "Evil"}, {}), ({"name": "Evil", "form_token": token}, {"Sec-Fetch-Site": "cross-site"})):
        assert browser.ask("POST", page, form, headers).status == 403
    assert [one["name"] for one in cuprum.ada.post("/people/search")] == ["Iris"]


@pytest.mark.parametrize("entity", MAIN)
def test_text_stays_text(cuprum, browser, entity):
    plural = ENTITIES[entity].plural
    body = {"name": MARKUP, "details": MARKUP, "tags": [MARKUP[:40]]}
    path = f"/{plural}/{cuprum.ada.post(f'/{plural}', body)['id']}"
    cuprum.ada.post(
        "/activities",
        {"parent": {"type": entity, "id": int(path.split("/")[2])}, "type": {"category": "user", "id": 0}, "details": MARKUP},
    )
    for page in (
        path,
        f"{path}/edit",
        f"{path}/fields/details",
        f"/{plural}",
        f"/{plural}?name={MARKUP}",
        f"/{plural}?tags={MARKUP}",
        "/home",
    ):
        found = browser.get(page)
        assert found.status == 200
        assert "<script>alert" not in found.text
        assert "<img src=x" not in found.text


def test_an_address_of_another_scheme_is_no_link(cuprum, browser):
    body = {"name": "Iris", "websites": [{"url": "javascript:alert(1)", "category": "work"}]}
    person = cuprum.ada.post("/people", body)
    assert 'href="javascript:' not in browser.get(f"/people/{person['id']}").text


def test_every_page_lets_the_browser_load_and_send_nothing_elsewhere(cuprum, browser):
    person = cuprum.ada.post("/people", {"name": "Iris"})
    for page in ("/home", "/people", "/people/new", f"/people/{person['id']}", "/people/9999"):
        found = browser.get(page)
        policy = found.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert found.headers["x-content-type-options"] == "nosniff"
        assert found.headers["cache-control"] == "no-store"
        assert not re.search(r"<[^>]+ (?:on\w+|style)=", found.text)
        assert all(address.startswith("/") for address in re.findall(r'(?:src|action)="([^"]*)"', found.text))


def test_a_refusal_names_who_can_help(cuprum, browser_of):
    person = cuprum.ada.post("/people", {"name": "Iris", "assignee_id": cuprum.ada.id})
    grace = browser_of("grace")
    page = grace.get(f"/people/{person['id']}")
    assert "disabled" in page.text
    answer = grace.post(f"/people/{person['id']}/delete", {"form_token": page.fields["form_token"]})
    assert answer.status == 403
    assert "Ask an admin" in answer.text


def test_who_signs_out_is_out(cuprum, browser: Browser):
    browser.post("/sign-out", {"form_token": browser.get("/home").fields["form_token"]})
    assert browser.get("/home").status == 303


def test_an_address_that_leads_nowhere_is_a_page_for_people_and_an_answer_for_programs(cuprum, browser):
    page = browser.ask("GET", "/no/such/page", headers={"Accept": "text/html"})
    assert page.status == 404
    assert "No page has this address" in page.text
    assert cuprum.client.get("/no/such/page").json() == {"error": "not_found"}
    answer = cuprum.client.get("/developer_api/v1/no_such", headers={**cuprum.ada.headers, "Accept": "text/html"})
    assert answer.json() == {"error": "not_found"}
    assert type(browser)(cuprum).ask("GET", "/no/such/page", headers={"Accept": "text/html"}).location.startswith("/sign-in")


def test_every_refusal_names_the_missing_right_and_who_can_give_it(browser_of, browser, ada, cuprum):
    made = ada.post("/people", {"name": "Iris", "assignee_id": ada.id, "tags": ["x"]})["id"]
    group = re.search(r'href="/changes/([0-9a-f-]{36})"', browser.get("/changes").text)[1]
    mallory = browser_of("mallory")
    token = mallory.get("/home").fields["form_token"]
    asked = [
        (f"/people/{made}/delete", "You may not delete this person"),
        (f"/people/{made}/access", "You may not share this person"),
        ("/settings/teams", "You may not change teams"),
        ("/settings/users", "You may not change users"),
        ("/settings/loss-reasons", "You may not change loss reasons"),
        ("/settings/tags/rename", "You may not change tags"),
        ("/settings/account", "You may not change"),
        ("/automations/1/switch", "Automations and their connections are for admins"),
        (f"/undo/{group}", "You may undo only what you did yourself"),
    ]
    for path, right in asked:
        typed = {"form_token": token, "name": "x", "visibility": "only_me", "tag": "x", "into": "y", "email": "x@y.example"}
        answer = mallory.post(path, typed | {"role": "member"})
        told = html.unescape(answer.text)
        assert answer.status == 403, (path, answer.status)
        assert right in told, path
        assert "Ada" in told.split("<main")[1], path
