"""Recent changes on the web: what programs did is said in words, too."""

from __future__ import annotations

import re

from unit.web.test_convert import text
from unit.web.test_pages import form, told, undone


def test_what_a_program_did_is_said_in_words(browser, ada):
    person = ada.post("/people", {"name": "Iris"})
    ada.put(f"/people/{person['id']}", {"title": "Miller"})
    ada.post("/people/bulk_create", {"people": [{"name": "Ivo"}, {"name": "Ina"}]})
    ada.delete(f"/companies/{ada.post('/companies', {'name': 'Mill'})['id']}")
    for path in ("/changes", "/home"):
        page = text(browser.get(path))
        for words in ("Iris created", "Iris changed", "2 people created", "A company deleted"):
            assert words in page, (path, words)
        assert "/developer_api/" not in page, path


def test_an_undo_of_what_a_program_did_is_said_in_words(browser, ada):
    person = ada.post("/people", {"name": "Iris"})
    ada.put(f"/people/{person['id']}", {"title": "Miller"})
    answer = undone(browser, "/changes")
    assert told(browser, answer.location) == "Undo of Iris changed"
    assert "PUT /" not in text(browser.get(f"/people/{person['id']}/history"))


def test_what_cannot_be_undone_is_named_with_its_reason(browser):
    browser.post("/settings/keys", form(browser, "/settings/keys", label="Nightly report"))
    number = max(int(found) for found in re.findall(r"/settings/keys/(\d+)/revoke", browser.get("/settings/keys").text))
    browser.post(f"/settings/keys/{number}/revoke", form(browser, "/settings/keys"))
    page = text(undone(browser, "/changes"))
    assert "Nothing could be undone" in page
    assert "The API key: Revoked at stays as it is: a key or a link that was revoked or used is not given back." in page


def test_a_group_tells_values_as_people_say_them(browser, ada, cuprum):
    mill, pipeline = ada.post("/companies", {"name": "Costa Yachts"}), ada.get("/pipelines")[0]
    stage = pipeline["stages"][0]
    ada.post("/opportunities", {
        "name": "Keel", "company_id": mill["id"], "monetary_value": 1800, "close_date": "12/31/2019", "assignee_id": cuprum.grace.id,
        "pipeline_id": pipeline["id"], "pipeline_stage_id": stage["id"],
    })  # fmt: skip
    group = browser.get("/changes").text.split('href="/changes/')[1].split('"')[0]
    page = text(browser.get(f"/changes/{group}"))
    for line in ("Keel created", "Company Costa Yachts", "1,800", "Close date 31 Dec 2019", "Grace", f"Stage {stage['name']}"):
        assert line in page, (line, page)


def group_text(browser) -> str:
    """The newest group, as its page tells it."""
    group = browser.get("/changes").text.split('href="/changes/')[1].split('"')[0]
    return text(browser.get(f"/changes/{group}"))


def test_a_group_names_who_follows_what(browser, ada):
    person = f"/people/{ada.post('/people', {'name': 'Iris'})['id']}"
    for follows, words in (("1", "Iris Ada follows it"), ("0", "Iris Ada follows it no longer")):
        browser.post(f"{person}/follow", form(browser, person, follows=follows))
        assert words in group_text(browser)


def test_a_group_names_both_ends_of_what_belongs_together(browser, ada):
    person = f"/people/{ada.post('/people', {'name': 'Iris'})['id']}"
    ada.post("/projects", {"name": "Keel"})
    browser.post(f"{person}/related/projects", form(browser, person, name="Keel"))
    assert "Iris – Keel belong together" in group_text(browser)
