"""The page of a record: every kind of field edited in place, its timeline, what it is related to, who sees it, the trash."""

from __future__ import annotations

import html
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

import custom_fields
from automation import share
from unit.web.test_convert import text
from unit.web.test_pages import PART, create, form, told, undone

LISBON = ZoneInfo("Europe/Lisbon")
ANA = {"email": "ana@costa.example", "category": "work"}


def fact(page, name: str) -> str:
    """What stands on the page for one field."""
    found = re.search(rf'id="fact-{name}".*?<div class="fact-value">(.*?)</div>\s*<a class="fact-edit"', page.text, re.S)
    assert found, name
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", found[1]))).strip()


def edit(browser, path: str, name: str, typed):
    """Fill the form of one field, as the page gave it."""
    page = browser.get(f"{path}/fields/{name}")
    assert page.status == 200, page.text
    pairs = typed.items() if isinstance(typed, dict) else typed
    sent = [("form_token", page.fields["form_token"]), ("was", page.fields["was"]), *pairs]
    return browser.post(f"{path}/fields/{name}", sent)


def seconds(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=LISBON).timestamp())


_PARTS = ("street", "city", "state", "postal_code", "country")
# (list, field, typed, on the page, on the wire, typed to clear it, on the wire then)
# Days lie in a year gone by: of the present one no year is shown.
FIELDS = [
    ("people", "title", {"title": "Owner"}, "Owner", "Owner", {"title": ""}, None),
    ("people", "details", {"details": "Two\r\nlines"}, "Two lines", "Two\nlines", {"details": ""}, None),
    ("people", "emails", [("emails.email", "ana@costa.example"), ("emails.category", "work"), ("emails.email", ""),
     ("emails.category", "work")], "ana@costa.example work", [ANA], [("emails.email", ""), ("emails.category", "work")], []),
    ("leads", "email", {"email.email": "ana@costa.example", "email.category": "work"}, "ana@costa.example work", ANA,
     {"email.email": "", "email.category": "work"}, None),
    ("people", "phone_numbers", {"phone_numbers.number": "+351 1", "phone_numbers.category": "mobile"}, "+351 1 mobile",
     [{"number": "+351 1", "category": "mobile"}], {"phone_numbers.number": "", "phone_numbers.category": "mobile"}, []),
    ("people", "websites", {"websites.url": "https://costa.example", "websites.category": "work"}, "costa.example work",
     [{"url": "https://costa.example", "category": "work"}], {"websites.url": "", "websites.category": "work"}, []),
    ("people", "socials", {"socials.url": "https://social.example/ana", "socials.category": "other"},
     "social.example/ana other", [{"url": "https://social.example/ana", "category": "other"}],
     {"socials.url": "", "socials.category": "other"}, []),
    ("companies", "address", {"address.street": "Rua 1", "address.city": "Porto", "address.state": "", "address.postal_code": "4000",
     "address.country": "PT"}, "Rua 1, Porto, 4000, PT",
     {"street": "Rua 1", "city": "Porto", "state": None, "postal_code": "4000", "country": "PT"},
     {f"address.{part}": "" for part in _PARTS}, dict.fromkeys(_PARTS)),
    ("people", "tags", {"tags": "oak, spring fair"}, "oak spring fair", ["oak", "spring fair"], {"tags": ""}, []),
    ("companies", "email_domain", {"email_domain": "costa.example"}, "costa.example", "costa.example", {"email_domain": ""}, None),
    ("leads", "monetary_value", {"monetary_value": "1,800.50"}, "€1,800.50", 1800.5, {"monetary_value": ""}, None),
    ("leads", "monetary_unit", {"monetary_unit": "USD"}, "USD", "USD", {"monetary_unit": ""}, None),
    ("opportunities", "close_date", {"close_date": "2019-01-23"}, "23 Jan 2019", "1/23/2019", {"close_date": ""}, None),
    ("opportunities", "win_probability", {"win_probability": "35"}, "35%", 35, {"win_probability": ""}, None),
    ("opportunities", "status", {"status": "Won"}, "Won", "Won", {"status": ""}, "Open"),
    ("opportunities", "priority", {"priority": "High"}, "High", "High", {"priority": ""}, None),
    ("tasks", "due_date", {"due_date": "2027-07-01T09:30"}, None, seconds(2027, 7, 1, 9, 30), {"due_date": ""}, None),
    ("tasks", "reminder_date", {"reminder_date": "2027-01-01T08:00"}, None, seconds(2027, 1, 1, 8), {"reminder_date": ""}, None),
    ("tasks", "status", {"status": "Completed"}, "Completed", "Completed", {"status": ""}, "Open"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("plural", "name", "typed", "shown", "wire", "cleared", "blank"), FIELDS, ids=[f"{one[0]}-{one[1]}" for one in FIELDS]
)
def test_every_field_is_edited_saved_read_again_and_cleared(browser, ada, plural, name, typed, shown, wire, cleared, blank):
    path = create(browser, plural, name="Iris")
    answer = edit(browser, path, name, typed)
    assert answer.status == 303, answer.text
    read = ada.get(path)[name]
    assert read == wire
    if shown:
        assert fact(browser.get(path), name) == shown
    assert edit(browser, path, name, cleared).status == 303
    assert ada.get(path)[name] == blank


CUSTOM = [
    ("String", "oak", "oak", "oak", None),
    ("Text", "a\r\nb", "a b", "a\nb", None),
    ("Dropdown", 1, "South", 1, None),
    ("MultiSelect", [0, 2], "North West", [0, 2], []),
    ("Date", "2019-02-03", "3 Feb 2019", seconds(2019, 2, 3), None),
    ("Checkbox", "1", "Yes", True, False),
    ("Float", "2.5", "2.5", 2.5, None),
    ("URL", "https://x.example/a", "x.example/a", "https://x.example/a", None),
    ("Percentage", "30", "30%", 30, None),
    ("Currency", "99.5", "€99.50", 99.5, None),
]


@pytest.mark.parametrize(("data_type", "typed", "shown", "wire", "blank"), CUSTOM, ids=[one[0] for one in CUSTOM])
def test_a_custom_field_of_every_type_is_edited_saved_read_again_and_cleared(browser, ada, data_type, typed, shown, wire, blank):
    made = custom_fields.define(ada, data_type, **({"currency": "EUR"} if data_type == "Currency" else {}))
    if data_type in ("Dropdown", "MultiSelect"):
        ids = custom_fields.option_ids(made)
        typed = [str(ids[one]) for one in typed] if isinstance(typed, list) else str(ids[typed])
        wire = [ids[one] for one in wire] if isinstance(wire, list) else ids[wire]
    path, name = create(browser, "companies", name="Mill"), f"custom_field.{made['id']}"

    def value():
        return next(one["value"] for one in ada.get(path)["custom_fields"] if one["custom_field_definition_id"] == made["id"])

    hidden = [(name, {"MultiSelect": "", "Checkbox": "0"}[data_type])] if data_type in ("MultiSelect", "Checkbox") else []
    answer = edit(browser, path, name, [*hidden, *((name, one) for one in (typed if isinstance(typed, list) else [typed]))])
    assert answer.status == 303, answer.text
    assert value() == wire
    assert fact(browser.get(path), name.replace(".", "-")) == shown
    assert edit(browser, path, name, hidden or [(name, "")]).status == 303
    assert value() == blank


def test_links_owner_stage_and_what_a_task_is_about_are_chosen_and_cleared(browser, ada, cuprum):
    company = ada.post("/companies", {"name": "Costa Yachts"})
    person = create(browser, "people", name="Elena")
    assert edit(browser, person, "company_id", {"company_id": "costa yachts"}).status == 303
    assert fact(browser.get(person), "company_id") == "Costa Yachts"
    assert edit(browser, person, "company_id", {"company_id": ""}).status == 303
    assert ada.get(person)["company_id"] is None
    assert edit(browser, person, "assignee_id", {"assignee_id": str(cuprum.grace.id)}).status == 303
    assert "Grace" in fact(browser.get(person), "assignee_id")
    assert edit(browser, person, "assignee_id", {"assignee_id": ""}).status == 303
    assert ada.get(person)["assignee_id"] is None
    deal, stages = create(browser, "opportunities", name="Roof"), ada.get("/pipelines")[0]["stages"]
    assert edit(browser, deal, "pipeline_stage_id", {"pipeline_stage_id": str(stages[1]["id"])}).status == 303
    assert fact(browser.get(deal), "pipeline_stage_id") == stages[1]["name"]
    task = create(browser, "tasks", name="Ring")
    about = {"related_resource.type": "company", "related_resource.name": "Costa Yachts"}
    assert edit(browser, task, "related_resource", about).status == 303
    assert ada.get(task)["related_resource"] == {"id": company["id"], "type": "company"}
    assert edit(browser, task, "related_resource", about | {"related_resource.name": ""}).status == 303
    assert ada.get(task)["related_resource"]["id"] is None


@pytest.mark.parametrize(
    ("plural", "name", "typed", "reason"),
    [
        ("people", "name", " ", "blank"),
        ("opportunities", "monetary_value", "a lot", "number"),
        ("opportunities", "win_probability", "140", "100"),
        ("opportunities", "close_date", "soon", "date"),
        ("tasks", "due_date", "soon", "date and a time"),
    ],
)
def test_what_cannot_be_is_told_under_its_field_and_kept(browser, plural, name, typed, reason):
    path = create(browser, plural, name="Iris")
    answer = edit(browser, path, name, {name: typed})
    assert answer.status == 422
    told_ = re.search(rf'id="f-{name}-problem"[^>]*>(.*?)</p>', answer.text, re.S)[1]
    assert reason in told_.lower()


def test_half_characters_and_naughts_are_refused_and_break_nothing(browser):
    person = create(browser, "people", name="Iris")
    for name in ("company_id", "title", "tags", "name"):
        assert edit(browser, person, name, {name: "No\x00where"}).status == 422, name
    assert browser.post(f"{person}/related/companies", form(browser, person, name="No\x00where")).status == 422
    assert log(browser, person, type="x\x00", details="No\x00where").status == 422
    assert log(browser, person, type="9" * 40, details="Hi").status == 422
    assert log(browser, person, type="0", details="Hi", activity_date="9999-99-99T00:00").status == 422


# --- the timeline


def log(browser, path, **typed: str):
    return browser.post(f"{path}/activities", form(browser, path, **typed))


def test_a_call_of_last_week_stands_where_it_happened(browser, ada):
    path = create(browser, "people", name="Iris")
    types = {one["name"]: str(one["id"]) for one in ada.get("/activity_types")["user"]}
    log(browser, path, type="0", details="Today")
    assert log(browser, path, type=types["Phone Call"], details="Last week", activity_date="2026-01-02T10:00").status == 303
    page = text(browser.get(path)).partition(" Timeline ")[2]
    assert page.index("Today") < page.index("Created") < page.index("Last week")
    found = ada.post(f"{path}/activities", {})
    assert [one["activity_date"] for one in found if one["details"] == "Last week"] == [seconds(2026, 1, 2, 10)]


def test_types_of_the_account_are_logged_and_filtered(browser, ada):
    made = ada.post("/custom_activity_types", {"name": "Site visit", "icon_type": "Description"})
    path = create(browser, "people", name="Iris")
    log(browser, path, type=str(made["id"]), details="Measured")
    log(browser, path, type="0", details="A note")
    only = text(browser.get(f"{path}?type=user-{made['id']}"))
    assert "Measured" in only
    assert "A note" not in only
    part = browser.ask("GET", f"{path}?type=changes", None, PART)
    assert "<html" not in part.text
    assert "A note" not in part.text


def test_an_entry_is_changed_and_deleted_by_who_wrote_it_and_comes_back(browser, ada):
    path = create(browser, "people", name="Iris")
    log(browser, path, type="0", details="Frist")
    at = re.search(r'href="(/activities/\d+)/edit\?', browser.get(path).text)[1]
    page = browser.get(f"{at}/edit")
    assert "Frist" in page.text
    typed = {"form_token": page.fields["form_token"], "type": "0", "details": "First", "activity_date": "2026-02-03T09:00"}
    saved = browser.post(f"{at}/edit", typed).location
    assert saved.endswith(f"#activity-{at.rpartition('/')[2]}")
    assert told(browser, saved) == "Note changed"
    changed = ada.get(at)
    assert (changed["details"], changed["activity_date"]) == ("First", seconds(2026, 2, 3, 9))
    blank = browser.post(f"{at}/edit", typed | {"details": " "})
    assert blank.status == 422
    gone = browser.post(f"{at}/delete", form(browser, path))
    assert told(browser, gone.location) == "Note deleted"
    assert undone(browser, gone.location).status == 303
    assert "First" in text(browser.get(path))


def test_who_noted_something_down_for_somebody_else_finds_the_way_to_change_it(browser_of, ada, cuprum):
    path = create(browser_of("ada"), "people", name="Iris")
    parent = {"type": "person", "id": int(path.rpartition("/")[2])}
    noted = {"parent": parent, "type": {"category": "user", "id": 0}, "details": "They met", "user_id": ada.id}
    made = cuprum.grace.post("/activities", noted)
    at = f"/activities/{made['id']}"
    grace = browser_of("grace")
    assert f'href="{at}/edit' in grace.get(path).text
    page = grace.get(f"{at}/edit")
    typed = {"form_token": page.fields["form_token"], "type": "0", "details": "They met at the fair"}
    assert grace.post(f"{at}/edit", typed).status == 303
    assert ada.get(at)["details"] == "They met at the fair"
    assert f'href="{at}/edit' in grace.ask("GET", f"{at}/shown?on={path}", None, PART).text
    assert f'href="{at}/edit' not in browser_of("mallory").get(path).text


def test_mallory_changes_nothing_that_grace_wrote(browser_of, browser, ada, cuprum):
    path = create(browser, "people", name="Iris")
    log(browser_of("grace"), path, type="0", details="Mine")
    mallory = browser_of("mallory")
    page = mallory.get(path)
    assert "Mine" in page.text
    assert "/activities/" not in page.text.replace(f"{path}/activities", "")
    at = re.search(r'href="(/activities/\d+)/edit\?', browser.get(path).text)[1]
    answer = mallory.post(f"{at}/edit", form(mallory, path, details="Hers", type="0"))
    assert answer.status == 403
    assert "Ask an admin" in text(answer)
    assert mallory.post(f"{at}/delete", form(mallory, path)).status == 403


def test_what_is_logged_on_a_person_shows_on_company_and_opportunities_and_never_the_other_way(browser, ada):
    company = create(browser, "companies", name="Costa Yachts")
    person = create(browser, "people", name="Elena", company_id="Costa Yachts")
    deal = create(browser, "opportunities", name="Deck", primary_contact_id="Elena", company_id="Costa Yachts")
    other = create(browser, "opportunities", name="Hull")
    resource = {"resource": {"id": int(person.rpartition("/")[2]), "type": "person"}}
    ada.post(f"{other}/related", resource)
    for path, word in ((company, "oncompany"), (person, "onperson"), (deal, "ondeal")):
        log(browser, path, type="0", details=word)
    heard = {
        path: set(re.findall(r"\bon(?:company|person|deal)\b", text(browser.get(path))))
        for path in (company, person, deal, other)
    }
    assert heard == {company: {"oncompany", "onperson", "ondeal"}, person: {"onperson"}, deal: {"ondeal", "onperson"},
                     other: {"onperson"}}  # fmt: skip


def test_a_long_timeline_goes_back_page_by_page_and_ends_with_how_it_began(browser, ada):
    path = create(browser, "people", name="Iris")
    parent = {"type": "person", "id": int(path.rpartition("/")[2])}
    for number in range(70):
        ada.post("/activities", {"parent": parent, "type": {"category": "user", "id": 0}, "details": f"E{number:02}",
                                 "activity_date": seconds(2026, 1, 1) + number})  # fmt: skip
    seen, address = [], path
    for _ in range(3):
        page = browser.get(address)
        seen += re.findall(r"\bE\d\d\b", page.text)
        earlier = re.search(r'class="earlier"><a[^>]*href="([^"#]+)', page.text)
        address = html.unescape(earlier[1]) if earlier else ""
    assert seen == [f"E{number:02}" for number in reversed(range(70))]
    assert not address
    part = browser.ask("GET", f"{path}?page=2&type=all&until=1", None, PART)
    assert "<html" not in part.text
    assert 'id="happenings"' not in part.text


def test_a_link_to_an_entry_opens_the_page_of_the_timeline_that_has_it(browser, browser_of, ada, cuprum):
    path = create(browser, "people", name="Iris")
    parent = {"type": "person", "id": int(path.rpartition("/")[2])}
    made = []
    for number in range(70):
        noted = {"parent": parent, "type": {"category": "user", "id": 0}, "details": f"E{number:02}"}
        # Several at one moment: their order is that of their ids.
        made.append(ada.post("/activities", noted | {"activity_date": seconds(2026, 1, 1) + number // 4})["id"])
    for number, first, last in ((69, 69, 40), (40, 69, 40), (39, 39, 10), (9, 9, 0), (0, 9, 0)):
        page = browser.get(f"{path}?entry={made[number]}")
        shown = re.findall(r"\bE\d\d\b", page.text)
        assert (shown[0], shown[-1]) == (f"E{first:02}", f"E{last:02}")
        assert f'id="activity-{made[number]}" tabindex="-1"' in page.text
        assert (">Newest<" in page.text) is (first < 69)
    assert "Created" in text(browser.get(f"{path}?entry={made[0]}"))
    for odd in ("x", "999999999", "9" * 30, str(made[0]) + "'"):
        assert "E69" in browser.get(f"{path}?entry={odd}").text
    ada.put(f"/activities/{made[0]}", {"details": "E00 @Grace"})
    answer = cuprum.client.get("/automation/v1/notifications", headers=cuprum.grace.headers)
    (told_,) = answer.json()["notifications"]
    assert "E00" in text(browser_of("grace").get(told_["path"].partition("#")[0]))


def test_who_wrote_by_the_api_reads_on_the_web_who_was_not_told(browser, browser_of, ada, cuprum):
    person = ada.post("/people", {"name": "Iris", "assignee_id": ada.id})["id"]
    share(ada, "people", person, "teams", team_ids=[1])
    noted = {"parent": {"type": "person", "id": person}, "type": {"category": "user", "id": 0}}
    answer = ada.post("/activities", noted | {"details": "Ask @Grace and @Mallory"})
    assert answer["details"] == "Ask @Grace and @Mallory"
    line = "Mallory was not told: they may not see this person."
    page = text(browser.get(f"/people/{person}"))
    assert line in page
    assert "Grace was not told" not in page
    assert "was not told" not in text(browser_of("grace").get(f"/people/{person}"))
    share(ada, "people", person, "everyone")
    ada.put(f"/activities/{answer['id']}", {"details": "Ask @Grace, then @Mallory"})
    assert "was not told" not in text(browser.get(f"/people/{person}"))


def test_conversion_is_told_on_the_timeline_of_what_the_lead_became(browser, ada):
    lead = ada.post("/leads", {"name": "Elena Costa"})
    made = ada.post(f"/leads/{lead['id']}/convert", {})
    page = browser.get(f"/people/{made['person']['id']}")
    assert "Converted from the lead Elena Costa by Ada" in text(page)
    assert f'href="/leads/{lead["id"]}"' in page.text


# --- what is related


def test_a_record_that_is_there_is_added_and_parted_with_again(browser, ada):
    deal = create(browser, "opportunities", name="Deck")
    person = ada.post("/people", {"name": "Elena"})
    answer = browser.post(f"{deal}/related/people", form(browser, deal, name="elena"))
    assert told(browser, answer.location) == "Deck related to Elena"
    assert f'href="/people/{person["id"]}"' in browser.get(deal).text
    answer = browser.post(f"{deal}/related/people/{person['id']}/remove", form(browser, deal))
    assert told(browser, answer.location) == "Deck no longer related to Elena"
    assert undone(browser, answer.location).status == 303
    assert ada.get(f"{deal}/related") == [{"id": person["id"], "type": "person"}]


def test_why_nothing_was_added_stands_beside_what_was_typed(browser, ada):
    person = create(browser, "people", name="Elena")
    answer = browser.post(f"{person}/related/companies", form(browser, person, name="Nowhere"))
    assert answer.status == 422
    assert "There is no company named “Nowhere”" in text(answer)
    for name in ("One", "Two"):
        ada.post("/companies", {"name": name})
    browser.post(f"{person}/related/companies", form(browser, person, name="One"))
    full = browser.post(f"{person}/related/companies", form(browser, person, name="Two"))
    assert full.status == 422
    assert "Elena can be related to 1 company at most" in text(full)
    assert browser.post(f"{person}/related/leads", form(browser, person, name="One")).status in (404, 422)
    assert browser.get(f"{person}/related/nonsense").status == 404


def test_a_script_that_adds_gets_the_panel_and_the_details_that_changed_with_it(browser, ada):
    person = create(browser, "people", name="Elena")
    ada.post("/companies", {"name": "Costa Yachts"})
    typed = form(browser, person, name="Costa Yachts")
    answer = browser.ask("POST", f"{person}/related/companies", typed, {"Origin": browser.base, **PART})
    assert answer.status == 200
    assert "<html" not in answer.text
    assert 'hx-target="#record-details"' in answer.text
    assert fact(answer, "company_id") == "Costa Yachts"


def test_a_task_is_completed_from_the_page_of_what_it_is_about(browser, ada):
    person = create(browser, "people", name="Elena")
    about = {"type": "person", "id": int(person.rpartition("/")[2])}
    late = ada.post("/tasks", {"name": "Ring", "related_resource": about, "due_date": seconds(2026, 1, 5, 10)})
    assert "was due 5 Jan" in text(browser.get(person))
    answer = browser.post(f"{person}/tasks/{late['id']}/complete", form(browser, person))
    assert told(browser, answer.location) == "Ring completed"
    assert ada.get(f"/tasks/{late['id']}")["status"] == "Completed"
    assert "Nothing is waiting" in text(browser.get(person))


def test_many_related_people_are_counted_few_are_shown_and_all_are_found(browser, ada):
    company = ada.post("/companies", {"name": "Costa Yachts"})
    for number in range(105):
        ada.post("/people", {"name": f"P{number:03}", "company_id": company["id"]})
    page = browser.get(f"/companies/{company['id']}")
    assert len(set(re.findall(r">(P\d{3})<", page.text))) == 6
    assert "Show all 105" in text(page)
    address = f"/companies/{company['id']}/related/people"
    first, second = browser.get(address).text, browser.get(f"{address}?page=2").text
    names = re.findall(r">(P\d{3})<", first) + re.findall(r">(P\d{3})<", second)
    assert names == [f"P{number:03}" for number in range(105)]
    assert re.findall(r">(P\d{3})<", browser.get(f"{address}?name=p007").text) == ["P007"]


# --- who sees it


def test_who_sees_a_record_is_said_with_why_and_changed_by_its_owner(browser, browser_of, ada, cuprum):
    path = create(browser, "people", name="Iris", assignee_id=str(ada.id))
    assert "Everyone sees this" in text(browser.get(path))
    for visibility, further, word in (
        ("teams", [("team_ids", "1")], "Team Sales because it is shared with it (Ada, Grace)"),
        ("individuals", [("user_ids", str(cuprum.mallory.id))], "Mallory because it is shared with them"),
        ("only_me", [("team_ids", "1")], "because admins see everything"),
    ):
        sent = [("form_token", browser.get(f"{path}/access").fields["form_token"]), ("visibility", visibility), *further]
        answer = browser.post(f"{path}/access", sent)
        assert answer.status == 303, answer.text
        assert word in text(browser.get(f"{path}/access"))
        assert (browser_of("mallory").get(path).status == 200) == (visibility == "individuals")
    assert browser_of("mallory").get(f"{path}/access").status == 404


def test_a_choice_without_a_team_is_told_and_kept(browser, ada):
    path = create(browser, "people", name="Iris", assignee_id=str(ada.id))
    answer = browser.post(f"{path}/access", form(browser, path, visibility="teams"))
    assert answer.status == 422
    assert "Mark at least one team" in text(answer)
    assert re.search(r'value="teams" checked', answer.text)
    assert browser.post(f"{path}/access", form(browser, path, visibility="nonsense")).status == 422


def test_grace_is_told_who_can_change_what_she_may_not(browser, browser_of, ada):
    path = create(browser, "people", name="Iris", assignee_id=str(ada.id))
    grace = browser_of("grace")
    page = text(grace.get(f"{path}/access"))
    assert "You may not share this person" in page
    assert "Ask an admin" in page
    assert grace.post(f"{path}/access", form(grace, path, visibility="only_me")).status == 403
    assert "You may not delete this person" in text(grace.get(path))


def test_a_record_is_followed_and_no_longer(browser, ada):
    path = create(browser, "people", name="Iris", assignee_id=str(ada.id))
    answer = browser.post(f"{path}/follow", form(browser, path, follows="1"))
    assert told(browser, answer.location) == "You follow Iris"
    assert "Unfollow" in text(browser.get(path))
    browser.post(f"{path}/follow", form(browser, path, follows="0"))
    assert "Unfollow" not in text(browser.get(path))


# --- gone, and back


def test_the_address_of_what_was_deleted_says_so_and_by_whom_and_gives_it_back(browser, browser_of, ada):
    path = create(browser, "people", name="Iris", assignee_id=str(ada.id))
    deleting = form(browser, path, next="/people")
    browser.post(f"{path}/delete", deleting)
    twice = browser.post(f"{path}/delete", deleting)
    for page in (browser.get(path), twice):
        assert page.status == 404
        assert "Iris is in the trash" in text(page)
        assert "Ada deleted this person" in text(page)
    grace = browser_of("grace").get(path)
    assert "You may not restore this person" in text(grace)
    assert f'{path}/restore"' not in grace.text
    answer = browser.post(f"{path}/restore", form(browser, "/trash"))
    assert told(browser, answer.location) == "Iris restored"
    assert ada.get(path)["name"] == "Iris"


def test_a_restored_record_whose_address_was_taken_says_who_has_it(browser, ada):
    made = ada.post("/people", {"name": "Iris", "emails": [ANA]})
    ada.delete(f"/people/{made['id']}")
    ada.post("/people", {"name": "Ana", "emails": [ANA]})
    answer = browser.post(f"/people/{made['id']}/restore", form(browser, "/trash"))
    assert answer.status == 200
    assert "Iris: Emails ana@costa.example has been taken since by Ana" in text(answer)
    assert ada.get(f"/people/{made['id']}")["emails"] == []


def test_what_never_was_or_is_hidden_says_nothing(browser, browser_of, ada):
    path = create(browser, "people", name="Iris", assignee_id=str(ada.id))
    hide = [("form_token", browser.get(f"{path}/access").fields["form_token"]), ("visibility", "only_me")]
    browser.post(f"{path}/access", hide)
    ada.delete(path)
    mallory = browser_of("mallory")
    for address in (path, "/people/987654", f"{path}/history"):
        answer = mallory.get(address)
        assert answer.status == 404
        assert "Iris" not in answer.text
    assert mallory.post(f"{path}/restore", form(mallory, "/trash")).status == 404


def test_the_trash_lists_all_for_admins_and_their_own_for_members(browser, browser_of, ada, cuprum):
    mine = create(browser, "people", name="Adas", assignee_id=str(ada.id))
    graces = cuprum.grace.post("/companies", {"name": "Graces", "assignee_id": cuprum.grace.id})
    browser.post(f"{mine}/delete", form(browser, mine))
    cuprum.grace.delete(f"/companies/{graces['id']}")
    assert re.findall(r"<strong>(Graces|Adas)</strong>", browser.get("/trash").text) == ["Graces", "Adas"]
    assert re.findall(r"<strong>(Graces|Adas)</strong>", browser_of("grace").get("/trash").text) == ["Graces"]
    assert "The trash is empty" in text(browser_of("mallory").get("/trash"))
    assert re.findall(r"<strong>(Graces|Adas)</strong>", browser.get("/trash?of=people&page=x").text) == ["Adas"]
    assert 'href="/trash"' in browser.get("/changes").text


@pytest.mark.parametrize("name", ["N" * 250, "שלום עולם", "山田太郎" * 20, "<script>alert(1)</script>"])
def test_any_name_makes_a_page_with_everything_else_blank(browser, name):
    path = create(browser, "companies", name=name)
    for address in (path, f"{path}/history", f"{path}/access", f"{path}/related/people", f"{path}/fields/name"):
        page = browser.get(address)
        assert page.status == 200
        assert html.escape(name) in page.text
        assert "<script>alert" not in page.text


@pytest.mark.parametrize("number", ["9" * 19, "9" * 40])
@pytest.mark.parametrize("further", ["", "/history", "/access", "/related/people", "/edit"])
def test_numbers_beyond_all_records_are_not_found(browser, number, further):
    assert browser.get(f"/people/{number}{further}").status == 404
    assert browser.get(f"/leads/{number}/convert").status == 404
    assert browser.get(f"/activities/{number}/edit").status == 404
