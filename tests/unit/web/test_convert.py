"""Converting a lead on the web: proposals, real choices, where every value goes, and the lead that stays findable."""

from __future__ import annotations

import html
import re

from unit.web.test_pages import form, told, undone

LEAD = {
    "name": "Elena Costa",
    "email": {"email": "elena@costa.example", "category": "work"},
    "company_name": "Costa Yachts",
    "title": "Owner",
    "tags": ["fair"],
    "monetary_value": 1800,
    "phone_numbers": [{"number": "+351 220 000 111", "category": "mobile"}],
}


def text(page) -> str:
    """What a reader hears of a page."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.text)))


def marked(page, kind: str) -> str:
    return re.search(rf'name="{kind}" value="([^"]+)" checked', page.text)[1]


def convert(browser, lead, **chosen: str):
    return browser.post(f"/leads/{lead['id']}/convert", form(browser, f"/leads/{lead['id']}/convert", **chosen))


def became(browser, answer) -> dict[str, str]:
    found = re.findall(r'href="(/(people|companies|opportunities)/\d+)"', browser.get(answer.location).text)
    return {plural: path for path, plural in found}


def test_the_company_of_the_same_domain_is_proposed_first(browser, ada):
    ada.post("/companies", {"name": "Costa Yachts"})
    domain = ada.post("/companies", {"name": "Estaleiro", "email_domain": "costa.example"})
    page = browser.get(f"/leads/{ada.post('/leads', LEAD)['id']}/convert")
    assert marked(page, "company") == str(domain["id"])
    assert "has the domain costa.example" in text(page)
    assert "Costa Yachts has the same name" in text(page)


def test_open_deals_of_whom_it_may_join_are_offered_and_closed_ones_are_not(browser, ada):
    company = ada.post("/companies", {"name": "Costa Yachts"})
    for name, status in (("Deck", "Open"), ("Hull", "Lost")):
        ada.post("/opportunities", {"name": name, "company_id": company["id"], "status": status})
    page = text(browser.get(f"/leads/{ada.post('/leads', LEAD)['id']}/convert"))
    assert "Deck is open with Costa Yachts" in page
    assert "Hull" not in page


def test_nothing_that_fits_proposes_new_ones_and_says_where_every_value_goes(browser, ada):
    page = browser.get(f"/leads/{ada.post('/leads', LEAD)['id']}/convert")
    assert (marked(page, "person"), marked(page, "company"), marked(page, "opportunity")) == ("new", "new", "new")
    told_ = text(page)
    for line in (
        "Email elena@costa.example",
        "Company name Costa Yachts Company",
        "Title Owner Person",
        "Value €1,800 Opportunity",
    ):
        assert line.split(" ")[0] in told_
    assert "Title Owner Person" in told_
    assert "Tags fair Person, company, opportunity" in told_
    assert "Status New nowhere: it stays on the lead" in told_


def test_a_custom_field_that_only_leads_have_is_told_to_have_no_home(browser, ada):
    for name, entities in (("Wood", ["lead", "person"]), ("Heard at", ["lead"])):
        ada.post("/custom_field_definitions", {"name": name, "data_type": "String", "available_on": entities})
    wood, heard = (one["id"] for one in ada.get("/custom_field_definitions"))
    values = [{"custom_field_definition_id": one, "value": "oak"} for one in (wood, heard)]
    page = text(browser.get(f"/leads/{ada.post('/leads', {**LEAD, 'custom_fields': values})['id']}/convert"))
    assert "Wood oak Person" in page
    assert "Heard at oak nowhere" in page


def test_the_proposal_is_carried_out_and_the_lead_is_kept_under_converted(browser, ada):
    lead = ada.post("/leads", LEAD)
    ada.post(
        "/activities", {"parent": {"type": "lead", "id": lead["id"]}, "type": {"category": "user", "id": 0}, "details": "Hi"}
    )
    chosen = {"person": "new", "person_name": "Elena M. Costa", "company": "new", "company_name": "Costa Boats",
              "opportunity": "new", "opportunity_name": "Deck", "monetary_value": "2,500.50"}  # fmt: skip
    answer = convert(browser, lead, **chosen)
    assert answer.status == 303, answer.text
    assert told(browser, answer.location) == "Elena Costa converted"
    made = became(browser, answer)
    assert (ada.get(made["people"])["name"], ada.get(made["companies"])["name"]) == ("Elena M. Costa", "Costa Boats")
    assert (ada.get(made["opportunities"])["name"], ada.get(made["opportunities"])["monetary_value"]) == ("Deck", 2500.5)
    assert "1 activity moved to the person" in text(browser.get(f"/leads/{lead['id']}"))
    assert "Elena Costa" not in browser.get("/leads").text
    converted = html.unescape(re.search(r'href="(/leads\?include[^"]+)"', browser.get("/leads").text)[1])
    assert f'href="/leads/{lead["id"]}"' in browser.get(converted).text


def test_none_is_a_real_choice(browser, ada):
    answer = convert(browser, ada.post("/leads", LEAD), person="new", person_name="", company="none", opportunity="none")
    made = became(browser, answer)
    assert made.keys() == {"people"}
    assert ada.get(made["people"])["company_id"] is None


def test_what_is_there_already_is_joined_and_keeps_what_it_has(browser, ada):
    person = ada.post("/people", {"name": "Elena Costa", "title": "Chair"})
    company = ada.post("/companies", {"name": "Mill"})
    deal = ada.post("/opportunities", {"name": "Roof", "company_id": company["id"]})
    chosen = {"person": str(person["id"]), "company": "other", "company_other": "Mill", "opportunity": "other",
              "opportunity_other": "Roof"}  # fmt: skip
    made = became(browser, convert(browser, ada.post("/leads", LEAD), **chosen))
    assert made == {"people": f"/people/{person['id']}", "companies": f"/companies/{company['id']}",
                    "opportunities": f"/opportunities/{deal['id']}"}  # fmt: skip
    now = ada.get(made["people"])
    assert (now["title"], now["company_id"], now["phone_numbers"][0]["number"]) == ("Chair", company["id"], "+351 220 000 111")
    assert now["emails"] == [LEAD["email"]]
    assert ada.get(made["opportunities"])["primary_contact_id"] == person["id"]


def test_a_name_that_nothing_has_is_told_beside_the_choice_and_what_was_typed_stays(browser, ada):
    lead = ada.post("/leads", LEAD)
    answer = convert(
        browser, lead, person="new", person_name="Elena X", company="other", company_other="Nowhere", opportunity="none"
    )
    assert answer.status == 422
    assert "there is none named “Nowhere”" in text(answer)
    assert 'value="Elena X"' in answer.text
    assert browser.get(f"/leads/{lead['id']}/convert").status == 200


def test_an_address_that_somebody_has_leaves_no_choice_of_person(browser, ada):
    person = ada.post("/people", {"name": "Elena C.", "emails": [LEAD["email"]]})
    lead = ada.post("/leads", LEAD)
    page = browser.get(f"/leads/{lead['id']}/convert")
    assert marked(page, "person") == str(person["id"])
    assert 'name="person" value="new"' not in page.text


def test_looking_where_things_go_converts_nothing(browser, ada):
    lead = ada.post("/leads", LEAD)
    answer = convert(browser, lead, person="new", company="none", opportunity="none", look="1")
    assert answer.status == 200
    assert "Company name Costa Yachts nowhere" in text(answer)
    assert ada.get(f"/leads/{lead['id']}")["name"] == "Elena Costa"


def test_a_conversion_is_undone_and_a_converted_lead_is_not_converted_again(browser, ada):
    lead = ada.post("/leads", LEAD)
    answer = convert(browser, lead, person="new", company="none", opportunity="none")
    again = browser.get(f"/leads/{lead['id']}/convert")
    assert (again.status, again.location) == (303, f"/leads/{lead['id']}")
    assert undone(browser, answer.location).status == 303
    assert ada.get(f"/leads/{lead['id']}")["name"] == "Elena Costa"
    assert ada.post("/people/search", {}) == []


def test_a_form_that_was_sent_twice_converts_once_and_a_look_that_comes_late_changes_nothing(browser, ada):
    lead = ada.post("/leads", LEAD)
    path = f"/leads/{lead['id']}/convert"
    sent = form(browser, path, person="new", company="none", opportunity="none")
    assert browser.post(path, sent).location.startswith(f"/leads/{lead['id']}?done=")
    assert browser.post(path, sent | {"look": "1"}, HX_Request="true").status == 204
    again = browser.post(path, sent)
    assert (again.status, again.location) == (303, f"/leads/{lead['id']}")
    assert len(ada.post("/people/search", {})) == 1


def test_the_conversion_of_a_lead_that_is_hidden_is_not_there(browser_of, cuprum, ada):
    lead = ada.post("/leads", {**LEAD, "assignee_id": ada.id})
    mallory = browser_of("mallory")
    path = f"/leads/{lead['id']}/convert"
    sent = form(mallory, path)
    ada.client.put(f"/automation/v1/leads/{lead['id']}/visibility", headers=ada.headers, json={"visibility": "only_me"})
    assert mallory.get(path).status == 404
    assert mallory.post(path, sent | {"look": "1"}, HX_Request="true").status == 404
    ada.post(path, {"details": {"person": {"name": "Elena"}}})
    assert mallory.post(path, sent).status == 404


def test_mallory_sees_of_a_hidden_person_no_name(browser_of, cuprum, ada):
    lead = ada.post("/leads", {**LEAD, "assignee_id": cuprum.mallory.id})
    made = ada.post(f"/leads/{lead['id']}/convert", {"details": {"person": {"name": "Secret", "assignee_id": ada.id}}})
    hide = {"visibility": "only_me"}
    answer = ada.client.put(f"/automation/v1/people/{made['person']['id']}/visibility", headers=ada.headers, json=hide)
    assert answer.status_code == 200, answer.text
    page = text(browser_of("mallory").get(f"/leads/{lead['id']}"))
    assert "a person you cannot see" in page
    assert "Secret" not in page
