"""Filters: tags, addresses, ids with -2 for none, ranges with both ends, followed, age."""

from __future__ import annotations

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update

from cuprum.storage import dialect
from cuprum.storage.account_tables import follow
from cuprum.storage.tables import TABLES
from searching import found, named

TAGGED = ("people", "leads", "companies", "opportunities", "projects", "tasks")


TAGS = [
    (["vip"], ["Both", "One"]),
    (["VIP", "partner"], ["Both", "One"]),
    ("vip", ["Both", "One"]),
    ({"option": "ANY", "value": ["vip", "partner"]}, ["Both", "One"]),
    ({"value": ["partner"]}, ["Both"]),
    ({"option": "ALL", "value": ["vip", "partner"]}, ["Both"]),
    ({"option": "all", "value": ["vip"]}, ["Both", "One"]),
    ({"option": "NONE", "value": ["partner"]}, ["Neither", "One"]),
    ({"allow_empty": True}, ["Neither"]),
    ({"value": ["partner"], "allow_empty": True}, ["Both", "Neither"]),
    ({"value": [], "option": "ANY"}, ["Both", "Neither", "One"]),
    (["nobody"], []),
    ([], ["Both", "Neither", "One"]),
]


@pytest.mark.parametrize("plural", TAGGED)
def test_a_tag_of_thousands_finds_what_a_rare_one_would(ada, plural, monkeypatch):
    monkeypatch.setattr(dialect, "CROWD", 0)
    test_tags_in_both_forms(ada, plural)
    for tags, names in TAGS:
        both = {"tags": tags, "minimum_created_date": 1, "sort_by": "name"}
        assert found(ada, plural, both) == names, tags


@pytest.mark.parametrize("plural", TAGGED)
def test_tags_in_both_forms(ada, plural):
    named(ada, plural, One={"tags": ["vip"]}, Both={"tags": ["vip", "Partner"]}, Neither={"tags": []})
    for tags, names in TAGS:
        assert found(ada, plural, {"tags": tags, "sort_by": "name"}) == names, tags


ADDRESSES = [
    ({"city": "porto"}, ["Porto"]),
    ({"city": "PÓRTO"}, ["Porto"]),
    ({"city": "Washington, D.C."}, ["Washington"]),
    ({"city": ["Porto", "Washington, D.C."]}, ["Porto", "Washington"]),
    ({"state": "DC"}, ["Washington"]),
    ({"postal_code": "4050-001"}, ["Porto"]),
    ({"postal_code": 20500}, ["Washington"]),
    ({"country": "PT"}, ["Porto"]),
    ({"country": "pt"}, ["Porto"]),
    ({"country": "United States"}, ["Washington"]),
    ({"city": {"allow_empty": True}}, ["Empty", "Nowhere", "Street"]),
    ({"state": {"allow_empty": True}}, ["Empty", "Nowhere", "Porto", "Street"]),
    ({"postal_code": {"value": "", "allow_empty": True}}, ["Empty", "Nowhere", "Street"]),
    ({"city": {"value": "Porto", "allow_empty": True}}, ["Empty", "Nowhere", "Porto", "Street"]),
    ({"city": {"value": "Porto"}}, ["Porto"]),
    ({"city": "Port"}, []),
    ({"city": "Porto", "country": "US"}, []),
]


@pytest.mark.parametrize("plural", ["people", "leads", "companies"])
def test_parts_of_an_address(ada, plural):
    keys = ("street", "city", "state", "postal_code", "country")
    named(
        ada, plural, Porto={"address": {"city": "Porto", "postal_code": "4050-001", "country": "Portugal"}},
        Washington={"address": {"city": "Washington, D.C.", "state": "DC", "postal_code": "20500", "country": "US"}},
        Nowhere={}, Empty={"address": dict.fromkeys(keys, "")}, Street={"address": {"street": "1 Main"}},
    )  # fmt: skip
    for filters, names in ADDRESSES:
        assert found(ada, plural, {**filters, "sort_by": "name"}) == names, filters


LINKS = {
    "leads": ["assignee_ids", "customer_source_ids"],
    "people": ["assignee_ids", "company_ids"],
    "companies": ["assignee_ids"],
    "opportunities": ["assignee_ids", "customer_source_ids", "loss_reason_ids", "company_ids", "primary_contact_ids"],
    "projects": ["assignee_ids"],
    "tasks": ["assignee_ids"],
}


@pytest.mark.parametrize(("plural", "key"), [(plural, key) for plural, keys in LINKS.items() for key in keys])
def test_minus_two_finds_those_without_a_value(ada, plural, key):
    linked = {"company_ids": "/companies", "primary_contact_ids": "/people"}.get(key)
    other = ada.post(linked, {"name": "Other"})["id"] if linked else 1
    named(ada, plural, With={key.removesuffix("s"): other}, Without={})
    without = [name for name in found(ada, plural, {key: [-2]}) if name != "Other"]
    assert without == ["Without"]
    assert found(ada, plural, {key: [other]}) == ["With"]
    assert {"With", "Without"} <= set(found(ada, plural, {key: [-2, str(other)]}))
    assert [one for one in found(ada, plural, {key: {"allow_empty": True}}) if one != "Other"] == ["Without"]
    assert {"With", "Without"} <= set(found(ada, plural, {key: {"value": [other], "allow_empty": True}}))
    assert found(ada, plural, {key: {"value": [other]}}) == ["With"]
    assert found(ada, plural, {key: other}) == ["With"]
    assert found(ada, plural, {key: [999_999]}) == []


def test_contact_types_and_statuses_by_id(ada):
    named(ada, "people", Current={"contact_type_id": 2}, Default={})
    assert found(ada, "people", {"contact_type_ids": [2, 999]}) == ["Current"]
    named(ada, "leads", Open={"status_id": 2}, New={})
    assert found(ada, "leads", {"status_ids": ["2"]}) == ["Open"]


def test_people_of_an_opportunity(ada):
    ids = named(ada, "people", Contact={}, Related={}, Stranger={})
    roof = ada.post("/opportunities", {"name": "Roof", "primary_contact_id": ids["Contact"]})["id"]
    ada.post(f"/people/{ids['Related']}/related", {"resource": {"id": roof, "type": "opportunity"}})
    assert found(ada, "people", {"opportunity_ids": [roof]}) == ["Contact", "Related"]
    assert found(ada, "people", {"opportunity_ids": [-2]}) == ["Stranger"]
    assert found(ada, "people", {"opportunity_ids": [roof + 1]}) == []


def test_tasks_of_projects_and_opportunities(ada):
    project, roof = ada.post("/projects", {"name": "P"})["id"], ada.post("/opportunities", {"name": "O"})["id"]
    named(ada, "tasks", OfProject={"related_resource": {"id": project, "type": "project"}},
          OfOpportunity={"related_resource": {"id": roof, "type": "opportunity"}}, Free={})  # fmt: skip
    assert found(ada, "tasks", {"project_ids": [str(project)]}) == ["OfProject"]
    assert found(ada, "tasks", {"project_ids": [-2], "sort_by": "name"}) == ["Free", "OfOpportunity"]
    assert found(ada, "tasks", {"opportunity_ids": [roof]}) == ["OfOpportunity"]
    assert found(ada, "tasks", {"related_resource": {"id": project, "type": "project"}}) == ["OfProject"]


def test_status_and_priority_by_word_and_by_number(ada):
    named(ada, "opportunities", Lost={"status": "Lost", "priority": "High"}, Open={"priority": None})
    for body in (
        {"status_ids": [2]},
        {"status_ids": ["2"]},
        {"statuses": ["lost"]},
        {"priority_ids": [3]},
        {"priorities": ["High"]},
    ):
        assert found(ada, "opportunities", body) == ["Lost"], body
    assert found(ada, "opportunities", {"status_ids": [0, 1]}) == ["Open"]
    assert "Statuses: must be one of Open, Won, Lost, Abandoned" in ada.refused(
        "POST", "/opportunities/search", {"statuses": ["x"]}
    )
    named(ada, "projects", Done={"status": "Completed"}, Open={})
    assert found(ada, "projects", {"status_ids": [1]}) == ["Done"]


def test_addresses_of_mail(ada):
    named(ada, "people", Ada={"emails": [{"email": "Ada@quill.example"}, {"email": "a@home.example"}]}, Bo={})
    for emails in (["ADA@quill.example"], "a@home.example", ["x@y.example", "a@home.example"]):
        assert found(ada, "people", {"emails": emails}) == ["Ada"]
    assert found(ada, "people", {"emails": ["quill.example"]}) == []
    named(ada, "leads", Cy={"email": {"email": "cy@quill.example"}})
    assert found(ada, "leads", {"emails": "CY@quill.example"}) == ["Cy"]
    named(ada, "companies", Quill={"email_domain": "quill.example"}, Other={})
    for domains in ("quill.example", ["QUILL.example"], "x.example,quill.example"):
        assert found(ada, "companies", {"email_domains": domains}) == ["Quill"]
    assert found(ada, "companies", {"email_domain": "quill.example"}) == ["Quill"]


def test_socials_match_whole_and_websites_are_none(ada):
    url = "https://linkedin.example/ada"
    named(ada, "people", Ada={"socials": [{"url": url, "category": "linkedin"}]}, Bo={"websites": [{"url": url}]})
    assert found(ada, "people", {"socials": [url.upper(), "x"]}) == ["Ada"]


@pytest.mark.parametrize("plural", ["leads", "opportunities"])
def test_money_between_two_ends_that_count(ada, plural):
    named(ada, plural, **{str(value): {"monetary_value": value} for value in (10, 20.5, 30)}, without={})
    for least, most, names in ((10, 20.5, ["10", "20.5"]), ("20.5", "20.5", ["20.5"]), (20.51, None, ["30"]), (None, 9.9999, [])):
        assert found(ada, plural, {"minimum_monetary_value": least, "maximum_monetary_value": most}) == names


def test_days_between_two_ends_that_count(ada):
    named(ada, "opportunities", First={"close_date": "1/5/2027"}, Second={"close_date": "1/6/2027"}, Never={})
    first = 1799107200  # 5 January 2027, 00:00 UTC
    assert found(ada, "opportunities", {"minimum_close_date": first, "maximum_close_date": first}) == ["First"]
    assert found(ada, "opportunities", {"minimum_close_date": first + 86_400}) == ["Second"]
    assert found(ada, "opportunities", {"close_date": first}) == ["First"]
    assert found(ada, "opportunities", {"close_date": "1/6/2027"}) == ["Second"]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Auckland"])
def test_seconds_are_a_close_date_in_the_accounts_zone(template, tmp_path, zone):
    """Midnight there is that day, whichever day it is in UTC; whole days of UTC are that day everywhere."""
    with template.copy(tmp_path / "home", date_zone=zone) as cuprum:
        ada = cuprum.ada
        midnight = int(datetime(2027, 1, 5, tzinfo=ZoneInfo(zone)).timestamp())
        named(
            ada,
            "opportunities",
            Before={"close_date": "1/4/2027"},
            Exact={"close_date": midnight},
            After={"close_date": "1/6/2027"},
        )
        assert ada.post("/opportunities/search", {"name": "Exact"})[0]["close_date"] == "1/5/2027"
        for first in (midnight, 1799107200):
            assert found(ada, "opportunities", {"close_date": first}) == ["Exact"]
            assert found(ada, "opportunities", {"minimum_close_date": first, "maximum_close_date": first}) == ["Exact"]
        assert found(ada, "opportunities", {"minimum_close_date": midnight + 1}) == ["After"]
        assert found(ada, "opportunities", {"maximum_close_date": str(midnight - 1)}) == ["Before"]


@pytest.mark.parametrize("name", ["due_date", "reminder_date"])
def test_moments_between_two_ends_that_count(ada, name):
    named(ada, "tasks", First={name: 1790000000}, Second={name: 1790000100}, Never={})
    for least, most, names in (
        (1790000000, 1790000000, ["First"]),
        ("1790000001", None, ["Second"]),
        (None, 1790000100, ["First", "Second"]),
    ):
        assert found(ada, "tasks", {f"minimum_{name}": least, f"maximum_{name}": most, "sort_by": "name"}) == names


def test_the_greatest_timestamp_that_copper_takes_is_taken(ada):
    ada.post("/people", {"name": "Ada"})
    assert found(ada, "people", {"maximum_created_date": 2147483648}) == ["Ada"]
    assert found(ada, "people", {"minimum_modified_date": 2147483648}) == []


def test_created_modified_and_age(cuprum):
    ada, now = cuprum.ada, int(time.time())
    ids = named(ada, "people", Old={}, New={})
    people = TABLES["person"]
    aged = update(people).where(people.c.id == ids["Old"]).values(date_created=now - 5000, date_modified=now - 4000)
    cuprum.database.write_now(lambda connection: connection.execute(aged))
    assert found(ada, "people", {"age": 4000}) == ["New"]
    assert found(ada, "people", {"age": "6000"}) == ["New", "Old"]
    assert found(ada, "people", {"maximum_created_date": now - 5000, "minimum_created_date": now - 5000}) == ["Old"]
    assert found(ada, "people", {"maximum_modified_date": str(now - 4000)}) == ["Old"]


def test_interactions_between_two_ends_that_count(ada):
    ids = named(ada, "companies", Twice={}, Never={})
    for at in (1767312500, 1767312600):
        ada.post(
            "/activities",
            {
                "parent": {"type": "company", "id": ids["Twice"]},
                "type": {"id": 1, "category": "user"},
                "details": "x",
                "activity_date": at,
            },
        )
    assert found(ada, "companies", {"minimum_interaction_count": 2, "maximum_interaction_count": 2}) == ["Twice"]
    assert found(ada, "companies", {"minimum_interaction_count": 1.5}) == ["Twice"]
    assert found(ada, "companies", {"maximum_interaction_count": 1.5}) == ["Never"]
    assert found(ada, "companies", {"minimum_interaction_date": 1767312600}) == ["Twice"]
    assert found(ada, "companies", {"maximum_interaction_date": 1767312599}) == []


@pytest.mark.parametrize(("plural", "entity"), [("people", "person"), ("tasks", "task"), ("opportunities", "opportunity")])
def test_followed_is_about_the_one_who_asks(cuprum, plural, entity):
    ids = named(cuprum.ada, plural, Followed={}, Other={})
    row = {"entity": entity, "user_id": cuprum.ada.id, "record_id": ids["Followed"]}
    cuprum.database.write_now(lambda connection: connection.execute(insert(follow).values(row)))
    assert found(cuprum.ada, plural, {"followed": 1}) == ["Followed"]
    assert found(cuprum.ada, plural, {"followed": "2"}) == ["Other"]
    assert found(cuprum.grace, plural, {"followed": 1}) == []
    assert found(cuprum.grace, plural, {"followed": 2, "sort_by": "name"}) == ["Followed", "Other"]


def test_leads_by_the_moment_of_their_status(cuprum):
    ada, now = cuprum.ada, int(time.time())
    ids = named(ada, "leads", Old={}, New={})
    leads = TABLES["lead"]
    aged = update(leads).values(date_status_changed=now - 5000)
    cuprum.database.write_now(lambda connection: connection.execute(aged))
    ada.put(f"/leads/{ids['New']}", {"status": "Open"})
    assert found(ada, "leads", {"minimum_status_change_date": now}) == ["New"]
    assert found(ada, "leads", {"maximum_status_change_date": now - 5000}) == ["Old"]


def test_converted_leads_are_hidden_until_asked_for(ada):
    ids = named(ada, "leads", Gone={}, Here={})
    ada.post(f"/leads/{ids['Gone']}/convert", {})
    assert found(ada, "leads") == found(ada, "leads", {"include_converted_leads": None}) == ["Here"]
    for yes in (True, "true", "True", 1):
        assert found(ada, "leads", {"include_converted_leads": yes}) == ["Gone", "Here"]


def test_ids_narrow_a_search_and_many_of_them_are_taken(ada):
    ids = named(ada, "people", A={}, B={}, C={})
    assert found(ada, "people", {"ids": [ids["A"], str(ids["C"]), 999]}) == ["A", "C"]
    assert found(ada, "people", {"ids": list(range(1, 1001))}) == ["A", "B", "C"]
    assert "too many" in ada.refused("POST", "/people/search", {"ids": list(range(1, 1002))})


def test_filters_are_joined_by_and(ada):
    named(ada, "people", A={"tags": ["x"], "title": "Owner"}, B={"tags": ["x"]}, C={"title": "Owner"})
    assert found(ada, "people", {"tags": ["x"], "title": "own"}) == ["A"]
