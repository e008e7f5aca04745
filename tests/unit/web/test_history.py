"""The history of a record on the web: every change in words, a single value restored, a whole group undone."""

from __future__ import annotations

import html
import re

from sqlalchemy import delete, insert, update

from automation import group_of, share
from cuprum.entities import BY_PLURAL
from cuprum.storage.automation_tables import automation_run, automation_step
from cuprum.storage.event_tables import change_group
from unit.web.test_convert import text
from unit.web.test_pages import create, form, told


def history(browser, path):
    page = browser.get(f"{path}/history")
    assert page.status == 200, page.text
    return page


def restorable(page) -> list[dict[str, str]]:
    """The forms that restore a value, the newest change first."""
    found = re.findall(r'<form[^>]*history/restore".*?</form>', page.text, re.S)
    return [{name: html.unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', one)} for one in found]


def restore(browser, path, one):
    return browser.post(f"{path}/history/restore", one)


def test_who_changed_what_which_way_is_told_in_words(browser, ada, cuprum):
    company = ada.post("/companies", {"name": "Costa Yachts"})
    path = create(browser, "people", name="Iris", title="Baker")
    cuprum.grace.put(path, {"company_id": company["id"], "assignee_id": cuprum.grace.id, "tags": ["oak"]})
    page = text(history(browser, path))
    assert "Grace changed 3 values just now by the API" in page
    assert "Company – → became Costa Yachts" in page
    assert "Owner" in page
    assert "Ada created it just now on this site" in page


def test_custom_values_stand_under_their_names_with_days_and_options_as_people_say_them(browser, ada):
    path = create(browser, "people", name="Iris")
    made = {}
    for kind, further in (("Date", {}), ("Dropdown", {"options": [{"name": "Oak"}, {"name": "Teak"}]}), ("Checkbox", {})):
        made[kind] = ada.post(
            "/custom_field_definitions", {"name": f"My {kind}", "data_type": kind, "available_on": ["person"], **further}
        )
    values = [
        (made["Date"]["id"], "12/31/2019"),
        (made["Dropdown"]["id"], made["Dropdown"]["options"][1]["id"]),
        (made["Checkbox"]["id"], True),
    ]
    ada.put(path, {"custom_fields": [{"custom_field_definition_id": one, "value": value} for one, value in values]})
    page = text(history(browser, path))
    for line in ("My Date – → became 31 Dec 2019", "My Dropdown – → became Teak", "My Checkbox No → became Yes"):
        assert line in page, page


def test_a_single_former_value_is_restored_and_the_rest_stays(browser, ada):
    path = create(browser, "people", name="Iris", title="Baker")
    ada.put(path, {"title": "Miller", "tags": ["oak"]})
    page = history(browser, path)
    one = next(one for one in restorable(page) if one["name"] == "title")
    answer = restore(browser, path, one)
    assert told(browser, answer.location) == "Title of Iris restored"
    assert (ada.get(path)["title"], ada.get(path)["tags"]) == ("Baker", ["oak"])


def test_a_value_of_long_ago_is_restored_over_what_came_after(browser, ada):
    path = create(browser, "opportunities", name="Roof", monetary_value="10")
    stages = ada.get("/pipelines")[0]["stages"]
    for body in ({"pipeline_stage_id": stages[1]["id"]}, {"pipeline_stage_id": stages[2]["id"]}, {"monetary_value": 20}):
        ada.put(path, body)
    oldest = [one for one in restorable(history(browser, path)) if one["name"] == "pipeline_stage_id"][-1]
    assert restore(browser, path, oldest).status == 303
    assert (ada.get(path)["pipeline_stage_id"], ada.get(path)["monetary_value"]) == (stages[0]["id"], 20)


def test_a_name_comes_back_with_its_parts(browser, ada):
    path = create(browser, "people", name="Dr Iris Moss")
    ada.put(path, {"name": "Bob"})
    lines = restorable(history(browser, path))
    assert [one["name"] for one in lines] == ["name"]
    assert restore(browser, path, lines[0]).status == 303
    assert [ada.get(path)[one] for one in ("name", "prefix", "last_name")] == ["Dr Iris Moss", "Dr", "Moss"]


def test_a_change_while_somebody_was_looking_is_told_and_nothing_is_overwritten(browser, ada):
    path = create(browser, "people", name="Iris", title="Baker")
    ada.put(path, {"title": "Miller"})
    one = restorable(history(browser, path))[0]
    ada.put(path, {"title": "Mayor"})
    answer = restore(browser, path, one)
    assert answer.status == 409
    assert "Somebody else changed this while you were looking" in text(answer)
    assert ada.get(path)["title"] == "Mayor"
    again = next(one for one in restorable(answer) if one["seq"] == one["seq"] and one["name"] == "title")
    assert restore(browser, path, again).status == 303


def test_what_was_taken_since_or_is_gone_is_named(browser, ada):
    path = create(browser, "people", name="Iris", **{"emails.email": "iris@moss.example", "emails.category": "work"})
    ada.put(path, {"emails": []})
    ada.post("/people", {"name": "Bob", "emails": [{"email": "iris@moss.example", "category": "work"}]})
    answer = restore(browser, path, restorable(history(browser, path))[0])
    assert answer.status == 422
    assert "has already been taken" in text(answer)


def test_the_whole_group_is_undone_from_the_history(browser, ada):
    path = create(browser, "people", name="Iris", title="Baker")
    ada.put(path, {"title": "Miller", "tags": ["oak"]})
    page = history(browser, path)
    address = re.search(r'action="(/undo/[^"]+)"', page.text)[1]
    assert browser.post(address, page.fields).status == 303
    assert (ada.get(path)["title"], ada.get(path)["tags"]) == ("Baker", [])
    assert "undone" in text(history(browser, path))


def test_what_an_undo_cannot_take_back_is_told_by_the_names_of_record_and_field(browser, ada):
    made = ada.post("/custom_field_definitions", {"name": "Wood", "data_type": "String", "available_on": ["person"]})
    path = create(browser, "people", name="Iris", title="Baker")
    for title, wood in (("Miller", "oak"), ("Mayor", "teak")):
        ada.put(path, {"title": title, "custom_fields": [{"custom_field_definition_id": made["id"], "value": wood}]})
    page = history(browser, path)
    first = re.findall(r'action="(/undo/[^"]+)"', page.text)[1]
    told_ = text(browser.post(first, page.fields))
    assert "Iris : Title was changed since by Ada" in told_
    assert "Iris : Wood was changed since by Ada" in told_


def test_mallory_reads_no_name_of_what_is_hidden_and_no_history_of_it(browser_of, browser, ada, cuprum):
    secret = ada.post("/companies", {"name": "Hidden Mill", "assignee_id": ada.id})
    path = create(browser, "people", name="Iris")
    ada.put(path, {"company_id": secret["id"]})
    headers = {"headers": ada.headers}
    ada.client.put(f"/automation/v1/companies/{secret['id']}/visibility", json={"visibility": "only_me"}, **headers)
    mallory = browser_of("mallory")
    page = text(history(mallory, path))
    assert "a company you cannot see" in page
    assert "Hidden Mill" not in page
    assert mallory.get(f"/companies/{secret['id']}/history").status == 404
    assert 'action="/undo/' not in history(mallory, path).text


def test_a_long_history_is_paged_and_strange_addresses_are_no_errors(browser, ada):
    path = create(browser, "people", name="Iris", title="T0")
    for number in range(1, 56):
        ada.put(path, {"title": f"T{number}"})
    first = history(browser, path)
    earlier = re.search(r'href="([^"]*below=\d+)"', first.text)[1]
    assert "T55" in text(first)
    assert "Ada created it" not in text(first)
    assert "Ada created it" in text(browser.get(earlier))
    for odd in ("below=x", "below=" + "9" * 30, "below=-1"):
        assert browser.get(f"{path}/history?{odd}").status == 200
    for odd in ({"seq": "x", "name": "title"}, {"seq": "9" * 40, "name": "title"}, {"seq": "1", "name": "nothing"}, {}):
        assert restore(browser, path, form(browser, path, **odd)).status == 404


def test_a_deleted_record_has_a_history_too(browser, ada):
    path = create(browser, "people", name="Iris")
    ada.delete(path)
    assert "Ada deleted it" in text(history(browser, path))


def relate(person, path, other, method="POST") -> str:
    entity, record_id = BY_PLURAL[other.split("/")[1]].entity, int(other.rpartition("/")[2])
    return group_of(person, method, f"{path}/related", {"resource": {"id": record_id, "type": entity}})


def test_both_ends_tell_of_what_they_were_related_to_and_are_no_longer(browser, ada, cuprum):
    company, deal = (create(browser, plural, name=name) for plural, name in (("companies", "漢 Yachts"), ("projects", "Deck")))
    relate(cuprum.grace, company, deal)
    relate(ada, deal, company, "DELETE")
    for path, other in ((company, "Deck"), (deal, "漢 Yachts")):
        page = text(history(browser, path))
        assert "Grace changed what it is related to just now by the API" in page
        assert f"Related to {other}" in page
        assert f"No longer related to {other}" in page
        assert page.index("No longer related") < page.index("Related to")


def test_what_it_was_related_to_through_a_deletion_is_told_and_undone_from_there(browser, ada):
    company, deal = create(browser, "companies", name="Costa"), create(browser, "projects", name="Deck")
    relate(ada, company, deal)
    ada.delete(company)
    page = history(browser, deal)
    assert "No longer related to Costa" in text(page)
    first = re.search(r'action="(/undo/[^"]+)"', page.text)[1]
    assert browser.post(first, page.fields).status == 303
    assert ada.get(f"{deal}/related") == [{"id": int(company.rpartition("/")[2]), "type": "company"}]


def test_who_follows_it_is_told(browser, browser_of, cuprum):
    path = create(browser, "people", name="Iris")
    for follows in ("1", ""):
        grace = browser_of("grace")
        assert grace.post(f"{path}/follow", form(grace, path, follows=follows)).status == 303
    page = text(history(browser, path))
    assert page.index("Grace follows it no longer") < page.rindex("Grace follows it")


def test_mallory_hears_nothing_of_relations_with_what_is_hidden(browser_of, browser, ada):
    secret = ada.post("/projects", {"name": "Hidden Mill", "assignee_id": ada.id})
    path = create(browser, "companies", name="Costa")
    share(ada, "projects", secret["id"], "only_me")
    relate(ada, path, f"/projects/{secret['id']}")
    assert "Related to Hidden Mill" in text(history(browser, path))
    page = text(history(browser_of("mallory"), path))
    assert "Hidden Mill" not in page
    assert "elated to" not in page


def test_what_a_run_an_app_and_an_import_did_says_so_with_the_way_there(browser, browser_of, cuprum, ada):
    path = create(browser, "people", name="Iris")
    group = group_of(ada, "PUT", path, {"title": "Baker"})
    cuprum.database.write_now(note_run, "binding/漢/7", "Welcome every lead", group)
    for page in (history(browser, path), browser.get("/changes"), browser.get(f"/changes/{group}")):
        assert "by the automation Welcome every lead" in text(page)
        assert 'href="/automations/runs/binding/%E6%BC%A2/7"' in page.text
    hidden = history(browser_of("mallory"), path)
    assert "Ada changed 1 value just now by an automation" in text(hidden)
    assert "Welcome" not in hidden.text
    named = update(change_group).where(change_group.c.id == group).values(via="app Sheets")
    cuprum.database.write_now(lambda db: [db.execute(delete(automation_step)), db.execute(named)])
    assert "by the app Sheets" in text(history(browser, path))
    assert "by an app" in text(history(browser_of("mallory"), path))


def note_run(connection, run_id: str, name: str, group: str) -> None:
    """A run that wrote this group of changes."""
    run = {"id": run_id, "name": name, "state": "done", "attempt": 0, "arguments": "{}", "depth": 0, "created_at": 1}
    step = {"run_id": run_id, "place": "1", "node": "a", "type": "copper/v1/updatePerson", "state": "done", "attempts": 1}
    connection.execute(insert(automation_run).values(run))
    connection.execute(insert(automation_step).values(**step, wrote_group=group, started_at=1))
