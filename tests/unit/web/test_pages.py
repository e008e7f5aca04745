"""The web face without script: pages, forms and redirects are enough for reading, creating, editing, paging and undo."""

from __future__ import annotations

import html
import re

import pytest

from cuprum.entities import ENTITIES, field
from cuprum.records.criteria import criteria
from cuprum.web.arrangement import COLUMNS, FILTERS, MAIN
from forms import filled, form_of
from oauth import Browser

PLURALS = {entity: ENTITIES[entity].plural for entity in MAIN}
PART = {"HX-Request": "true"}


def told(browser: Browser, location: str) -> str:
    """What the page after a form says was done."""
    page = browser.get(location).text
    found = re.search(r"data-toast>\s*<p>.*?<span>(.*?)</span>", page, re.S)
    assert found, page[-2000:]
    return html.unescape(found[1])


def undone(browser: Browser, location: str):
    page = browser.get(location).text
    address = re.search(r'action="(/undo/[^"]+)"', page)[1]
    return browser.post(address, browser.get(location).fields)


def form(browser: Browser, path: str, **typed: str) -> dict[str, str]:
    page = browser.get(path)
    assert page.status == 200, page.text
    return {"form_token": page.fields["form_token"], **typed}


def create(browser: Browser, plural: str, **typed: str) -> str:
    answer = browser.post(f"/{plural}/new", form(browser, f"/{plural}/new", **typed))
    assert answer.status == 303, answer.text
    return answer.location.partition("?")[0]


@pytest.mark.parametrize("entity", MAIN)
def test_the_arrangement_names_fields_and_parameters_that_there_are(entity):
    for name in (*MAIN[entity], *COLUMNS[entity]):
        field(ENTITIES[entity], name)
    for parameter, name in FILTERS[entity]:
        assert parameter in criteria(ENTITIES[entity])
        field(ENTITIES[entity], name)


@pytest.mark.parametrize("plural", PLURALS.values())
def test_who_is_not_signed_in_is_asked_to_and_then_goes_on(cuprum, plural):
    answer = Browser(cuprum).get(f"/{plural}?name=oak")
    assert (answer.status, answer.location) == (303, f"/sign-in?next=%2F{plural}%3Fname%3Doak")


@pytest.mark.parametrize("entity", MAIN)
def test_a_record_is_created_listed_edited_deleted_and_brought_back(browser, entity):
    plural = PLURALS[entity]
    path = create(browser, plural, name="Élena Łan 漢")
    assert "Élena Łan 漢" in browser.get(path).text
    assert "Élena Łan 漢" in browser.get(f"/{plural}?name=elena").text
    saved = browser.post(f"{path}/edit", form(browser, f"{path}/edit", name="Elena Costa", details="Two\r\nlines"))
    assert saved.status == 303
    assert "Two\nlines" in html.unescape(browser.get(path).text)
    gone = browser.post(f"{path}/delete", form(browser, path))
    assert told(browser, gone.location) == "Elena Costa deleted"
    assert browser.get(path).status == 404
    assert undone(browser, gone.location).status == 303
    assert "Elena Costa" in browser.get(path).text


def test_what_was_typed_is_kept_and_the_trouble_stands_under_its_field(browser):
    typed = {"name": "Iris", "emails.email": "no address", "emails.category": "work", "title": "Baker"}
    answer = browser.post("/people/new", form(browser, "/people/new", **typed))
    assert answer.status == 422
    assert 'value="Baker"' in answer.text
    assert 'id="f-emails-problem"' in answer.text
    assert re.search(r'name="emails.email" value="no address" aria-label="Emails" aria-invalid="true"', answer.text)


def test_a_needed_field_left_blank_is_named(browser):
    answer = browser.post("/companies/new", form(browser, "/companies/new", name="  "))
    assert answer.status == 422
    assert "Can&#39;t be blank" in answer.text


def test_one_fact_is_edited_alone(browser, ada):
    path = create(browser, "people", name="Iris", title="Baker")
    page = browser.get(f"{path}/fields/title")
    assert 'value="Baker"' in page.text
    typed = {"form_token": page.fields["form_token"], "was": page.fields["was"], "title": "Miller"}
    answer = browser.post(f"{path}/fields/title", typed)
    assert answer.status == 303
    assert ada.get(path)["title"] == "Miller"
    assert told(browser, answer.location) == "Title of Iris changed"


def test_a_change_meanwhile_is_shown_beside_what_was_typed_and_nothing_is_lost(browser, ada):
    path = create(browser, "people", name="Iris", title="Baker")
    page = browser.get(f"{path}/fields/title")
    ada.put(path, {"title": "Mayor"})
    typed = {"form_token": page.fields["form_token"], "was": page.fields["was"], "title": "Miller"}
    answer = browser.post(f"{path}/fields/title", typed)
    assert answer.status == 409
    assert 'value="Miller"' in answer.text
    assert "Now it is: Mayor" in re.sub(r"\s+", " ", answer.text)
    assert ada.get(path)["title"] == "Mayor"
    again = {"form_token": answer.fields["form_token"], "was": answer.fields["was"], "title": "Miller"}
    assert browser.post(f"{path}/fields/title", again).status == 303
    assert ada.get(path)["title"] == "Miller"


def test_a_script_gets_the_part_that_changed_and_word_of_it(browser):
    path = create(browser, "people", name="Iris", title="Baker")
    typed = form(browser, path, title="Miller")
    answer = browser.ask("POST", f"{path}/fields/title", typed, {"Origin": browser.base, **PART})
    assert answer.status == 200
    assert "<html" not in answer.text
    assert "Title of Iris changed" in answer.text
    assert "<html" in browser.get(path).text


def test_a_call_is_logged_and_shows_on_the_company_too(browser):
    company = create(browser, "companies", name="Costa Yachts")
    person = create(browser, "people", name="Elena Costa", company_id="Costa Yachts")
    assert browser.post(f"{person}/activities", form(browser, person, type="0", details="She wants <b>oak</b>.")).status == 303
    for page in (person, company):
        assert "She wants &lt;b&gt;oak&lt;/b&gt;." in browser.get(page).text


def test_a_company_that_is_not_there_yet_is_made_with_the_person(browser, ada):
    person = create(browser, "people", name="Elena Costa", company_id="Costa Yachts")
    assert ada.get(person)["company_name"] == "Costa Yachts"


def test_a_name_that_several_have_must_be_chosen(browser, ada):
    for _ in range(2):
        ada.post("/companies", {"name": "Twin Ltd"})
    answer = browser.post("/people/new", form(browser, "/people/new", name="Iris", company_id="twin ltd"))
    assert answer.status == 422
    assert "Several records are named" in answer.text
    suggested = browser.get("/suggest/company?company_id=twin").text
    chosen = re.search(r"Twin Ltd \(#\d+\)", suggested)[0]
    person = create(browser, "people", name="Iris", company_id=chosen)
    assert f"(#{ada.get(person)['company_id']})" in chosen


def test_a_stage_brings_its_pipeline(browser, ada):
    stages = [(one["id"], stage) for one in ada.get("/pipelines") for stage in one["stages"]]
    pipeline_id, stage = stages[-1]
    deal = create(browser, "opportunities", name="Roof", pipeline_stage_id=str(stage["id"]))
    assert (ada.get(deal)["pipeline_id"], ada.get(deal)["pipeline_stage_id"]) == (pipeline_id, stage["id"])


def test_numbers_and_days_are_taken_as_people_write_them(browser, ada):
    deal = create(browser, "opportunities", name="Roof", monetary_value="12,500.50", close_date="2027-01-23")
    read = ada.get(deal)
    assert (read["monetary_value"], read["close_date"]) == (12500.5, "1/23/2027")


def test_a_task_that_begins_at_a_record_is_about_it(browser, ada):
    person = int(create(browser, "people", name="Iris").rpartition("/")[2])
    page = browser.get(f"/tasks/new?for=person&id={person}")
    sent = filled(form_of(page.text, "/tasks/new"), name="Call her")
    made = browser.post("/tasks/new", dict(sent)).location.partition("?")[0]
    assert ada.get(made)["related_resource"] == {"type": "person", "id": person}


def test_a_task_for_somebody_is_offered_filled_in(browser, ada):
    person = create(browser, "people", name="Iris")
    page = browser.get(f"/tasks/new?for=person&id={person.rpartition('/')[2]}")
    assert 'value="Iris"' in page.text
    task = create(browser, "tasks", name="Ring", **{"related_resource.type": "person", "related_resource.name": "Iris"})
    assert ada.get(task)["related_resource"]["type"] == "person"


@pytest.mark.parametrize("number", ["9" * 18, "9" * 400, "٣", "-1", ""])
def test_a_form_for_a_record_that_never_was_is_an_empty_form(browser, number):
    assert browser.get(f"/tasks/new?for=person&id={number}").status == 200


def test_custom_fields_of_every_type_are_edited_in_place(browser, ada):
    kinds = {"String": "oak", "Text": "a\nb", "Float": "2.5", "URL": "https://x.example", "Percentage": "30", "Currency": "99.5",
             "Date": "2027-02-03", "Checkbox": "1"}  # fmt: skip
    path = create(browser, "companies", name="Mill")
    for kind, typed in kinds.items():
        made = ada.post("/custom_field_definitions", {"name": kind, "data_type": kind, "available_on": ["company"]})
        answer = browser.post(
            f"{path}/fields/custom_field.{made['id']}", form(browser, path, **{f"custom_field.{made['id']}": typed})
        )
        assert answer.status == 303, answer.text
        value = next(one["value"] for one in ada.get(path)["custom_fields"] if one["custom_field_definition_id"] == made["id"])
        assert value not in (None, "", False), kind
    chosen = ada.post(
        "/custom_field_definitions",
        {"name": "Wood", "data_type": "Dropdown", "available_on": ["company"], "options": [{"name": "Oak"}, {"name": "Teak"}]},
    )
    name, option = f"custom_field.{chosen['id']}", chosen["options"][1]
    assert browser.post(f"{path}/fields/{name}", form(browser, path, **{name: str(option["id"])})).status == 303
    assert "Teak" in browser.get(path).text


def test_colours_and_rows_are_kept_in_the_browser(browser):
    browser.post("/preferences", form(browser, "/people", theme="dark", density="compact", next="/people"))
    page = browser.get("/people").text
    assert 'data-theme="dark"' in page
    assert 'data-density="compact"' in page
    assert "data-keys" not in page
    browser.post("/preferences", form(browser, "/people", keys="off", next="/people"))
    assert 'data-keys="off"' in browser.get("/people").text
    assert browser.post("/preferences", form(browser, "/people", theme="dark", next="https://evil.example")).location == "/"
    assert browser.get("/").location == "/home"


def test_ticks_are_kept_too_when_the_rules_refuse(browser, ada):
    kinds = {
        "Woods": {"data_type": "MultiSelect", "options": [{"name": "Oak"}, {"name": "Teak"}]},
        "Sails": {"data_type": "Checkbox"},
    }
    woods, sails = (
        ada.post("/custom_field_definitions", {"name": name, "available_on": ["person"], **kind}) for name, kind in kinds.items()
    )
    typed = {"name": "Iris", "emails.email": "no address", "emails.category": "work"}
    ticks = {f"custom_field.{woods['id']}": str(woods["options"][1]["id"]), f"custom_field.{sails['id']}": "1"}
    page = browser.post("/people/new", form(browser, "/people/new", **typed, **ticks)).text
    for name, value in ticks.items():
        assert re.search(
            rf'<input[^>]*name="{name}"[^>]* checked>|<input[^>]*value="{value}"[^>]*name="{name}"[^>]* checked>', page
        ), name
    assert page.count(" checked>") == 2
