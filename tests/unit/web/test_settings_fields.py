"""Custom fields in the settings: defined, required of people, put in order, deleted with their values and brought back."""

from __future__ import annotations

import re

import pytest

from settings_pages import ask, id_of, names, undo

BASE = "/settings/fields"
DEFINITIONS = "/custom_field_definitions"


def define(browser, name: str, data_type: str = "String", **more: str):
    answer = ask(browser, f"{BASE}/new", name=name, data_type=data_type, available_on="person", **more)
    assert answer.status == 303, answer.text
    return id_of(browser, BASE, name)


@pytest.mark.parametrize(
    "data_type", ["String", "Text", "Dropdown", "MultiSelect", "Date", "Checkbox", "Float", "URL", "Percentage", "Currency"]
)
def test_a_field_of_every_type_is_defined_shown_and_deleted(cuprum, browser, data_type):
    number = define(browser, "Berth", data_type, options="North\nSouth\n", currency="SEK")
    known = cuprum.ada.get(f"{DEFINITIONS}/{number}")
    assert (known["data_type"], known["available_on"]) == (data_type, ["person"])
    assert [one["name"] for one in known.get("options", [])] == (["North", "South"] if "options" in known else [])
    assert known.get("currency", "SEK") == "SEK"
    assert "Berth" in browser.get("/people/new").text
    deleted = ask(browser, f"{BASE}/{number}/delete")
    assert "Berth" not in browser.get("/people/new").text
    undo(browser, deleted)
    assert "Berth" in browser.get("/people/new").text


def test_what_is_wrong_with_a_field_is_told_and_what_was_typed_is_kept(browser):
    answer = ask(
        browser, f"{BASE}/new", name=" ", data_type="MultiSelect", available_on="person", options="Lone", is_required="1"
    )
    assert answer.status == 422
    assert 'id="name-said"' in answer.text
    assert "Must have at least 2 options" in answer.text
    assert ">Lone</textarea>" in answer.text
    assert re.search(r'name="available_on" value="person" checked', answer.text)
    assert ask(browser, f"{BASE}/new", name="x", data_type="Connect").status == 422
    assert ask(browser, f"{BASE}/new", name="x", data_type="\0").status in (400, 422)


def test_a_required_field_is_asked_of_people_and_not_of_programs(cuprum, browser_of):
    grace = browser_of("grace")
    number = define(browser_of("ada"), "Berth", "Dropdown", options="North\nSouth", is_required="1")
    north = cuprum.ada.get(f"{DEFINITIONS}/{number}")["options"][0]["id"]
    form = grace.get("/people/new").text
    assert re.search(r"Berth <span class=\"needed\"", form)
    assert re.search(rf'name="custom_field\.{number}"[^>]*>\s*<option value="">–</option>', form)
    refused = ask(grace, "/people/new", name="Iris", **{f"custom_field.{number}": ""})
    assert refused.status == 422
    assert f'id="f-custom_field-{number}-problem"' in refused.text
    assert "Can&#39;t be blank" in refused.text
    made = ask(grace, "/people/new", name="Iris", **{f"custom_field.{number}": str(north)})
    assert made.status == 303
    person = cuprum.ada.post("/people", {"name": "By a program"})
    path = f"/people/{person['id']}"
    assert ask(grace, f"{path}/edit", name="Still blank", **{f"custom_field.{number}": ""}).status == 303
    assert ask(grace, f"{path}/fields/custom_field.{number}", **{f"custom_field.{number}": str(north)}).status == 303
    blanked = ask(grace, f"{path}/fields/custom_field.{number}", **{f"custom_field.{number}": ""})
    assert blanked.status == 422
    assert "Can&#39;t be blank" in blanked.text
    assert ask(grace, f"{path}/edit", name="x", **{f"custom_field.{number}": ""}).status == 422
    cuprum.ada.put(path, {"custom_fields": [{"custom_field_definition_id": number, "value": None}]})


def test_a_box_is_never_required(browser):
    number = define(browser, "Insured", "Checkbox", is_required="1")
    assert "required" not in browser.get(BASE).text.split('data-order="order"')[1].split("</ol>")[0]
    assert "is_required" not in browser.get(f"{BASE}/{number}").text
    assert ask(browser, "/people/new", name="Iris").status == 303


def test_fields_stand_in_the_order_given_on_forms_and_pages(cuprum, browser):
    first, second = define(browser, "Berth"), define(browser, "Length")
    person = cuprum.ada.post("/people", {"name": "Iris"})["id"]
    moved = ask(browser, f"{BASE}/order", up=str(second))
    assert names(browser, BASE) == ["Length", "Berth"]
    for page in ("/people/new", f"/people/{person}"):
        text = browser.get(page).text
        assert text.index("Length") < text.index("Berth")
    undo(browser, moved)
    assert names(browser, BASE) == ["Berth", "Length"]
    third = define(browser, "Draught")
    assert names(browser, BASE) == ["Berth", "Length", "Draught"]
    assert {first, second, third} == {one["id"] for one in cuprum.ada.get(DEFINITIONS)}


def test_options_are_added_renamed_ordered_and_removed_with_their_use(cuprum, browser):
    number = define(browser, "Berth", "Dropdown", options="North\nSouth")
    path = f"{BASE}/{number}"
    north, south = (one["id"] for one in cuprum.ada.get(f"{DEFINITIONS}/{number}")["options"])
    person = cuprum.ada.post(
        "/people", {"name": "Iris", "custom_fields": [{"custom_field_definition_id": number, "value": north}]}
    )
    assert ask(browser, f"{path}/options", name="East").status == 303
    assert ask(browser, f"{path}/options", name="north").status == 422
    assert ask(browser, f"{path}/options/{north}", name="Upper north").status == 303
    assert ask(browser, f"{path}/options/{north}", name=" ").status == 422
    ask(browser, f"{path}/options/order", down=str(north))
    assert names(browser, path) == ["South", "Upper north", "East"]
    assert "1 person" in browser.get(f"{path}/options/{north}").text
    removed = ask(browser, f"{path}/options/{north}/remove")
    assert cuprum.ada.get(f"/people/{person['id']}")["custom_fields"][0]["value"] is None
    undo(browser, removed)
    assert cuprum.ada.get(f"/people/{person['id']}")["custom_fields"][0]["value"] == north
    assert browser.get(f"{path}/options/999999").status == 404
    assert south in {one["id"] for one in cuprum.ada.get(f"{DEFINITIONS}/{number}")["options"]}


def test_a_field_is_changed(cuprum, browser):
    number = define(browser, "Berth", "Currency", currency="SEK")
    assert ask(browser, f"{BASE}/{number}", name="Fee", available_on="lead", currency="NOK", is_required="1").status == 303
    known = cuprum.ada.get(f"{DEFINITIONS}/{number}")
    assert (known["name"], known["available_on"], known["currency"]) == ("Fee", ["lead"], "NOK")
    assert "required" in browser.get(BASE).text


def test_members_see_the_fields_and_change_none(cuprum, browser_of):
    number = define(browser_of("ada"), "Berth", "Dropdown", options="North")
    mallory, option = browser_of("mallory"), cuprum.ada.get(f"{DEFINITIONS}/{number}")["options"][0]["id"]
    for page in (BASE, f"{BASE}/new", f"{BASE}/{number}", f"{BASE}/{number}/options/{option}"):
        text = mallory.get(page).text
        assert "Ask Ada" in text
        assert 'action="/settings/fields' not in text
    for path in ("new", "order", number, f"{number}/delete", f"{number}/options", f"{number}/options/{option}/remove"):
        assert ask(mallory, f"{BASE}/{path}", name="x", data_type="String", up=str(number)).status == 403
    for path in ("999", "9" * 40):
        assert mallory.get(f"{BASE}/{path}").status == 404
