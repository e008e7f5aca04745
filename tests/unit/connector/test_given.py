"""What somebody fills in: blanks, ids, lists, dates in the account's time zone; all problems before any request."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cuprum.connector import Copper, errors
from cuprum.connector.wire_values import start_of_day
from standin import StandIn

TASK = {"name": "Call", "priority": "None", "status": "Open"}


def sent_by(standin: StandIn, copper: Copper, operation: str, given: dict[str, Any]) -> dict[str, Any]:
    copper.act(operation, given)
    return dict(standin.writes()[-1].json)


def test_the_documents_example_is_refused_for_its_blank_required_properties_alone(standin: StandIn, copper: Copper):
    from unit.connector.documents import first_document

    for documented in first_document().actions:
        with pytest.raises(errors.InvalidInput) as caught:
            copper.act(documented.name, documented.example["parameters"])
        required = [row[0] for row in documented.properties if row[-1] == "true"]
        assert [one.field for one in caught.value.problems] == required
    assert standin.seen == []


def test_optional_blanks_are_left_out(standin: StandIn, copper: Copper):
    given = {
        "name": "Ada",
        "emails": [{"email": "", "category": "work"}, {"email": "ada@x.example", "category": ""}],
        "title": "  ",
        "assignee_id": "",
        "address": {"street": "", "city": ""},
        "tags": [""],
        "details": None,
    }
    assert sent_by(standin, copper, "createPerson", given) == {"name": "Ada", "emails": [{"email": "ada@x.example"}]}


def test_ids_are_numbers_and_numeric_strings_and_zero_is_a_value(standin: StandIn, copper: Copper):
    person = copper.people.create(name="Ada")
    for given in (0, "0", 0.0):
        body = sent_by(
            standin, copper, "createActivity", {"activity_type": given, "details": "x", "type": "person", "id": str(person["id"])}
        )
        assert (body["type"], body["parent"]["id"]) == ({"category": "user", "id": 0}, person["id"])


@pytest.mark.parametrize("wrong", ["seventeen", True, "1.5", [1]])
def test_what_is_no_id_is_refused_before_any_request(wrong: Any, standin: StandIn, copper: Copper):
    with pytest.raises(errors.InvalidInput) as caught:
        copper.act("createPerson", {"name": "Ada", "company_id": wrong})
    assert caught.value.problems[0].field == "company_id"
    assert standin.seen == []


def test_all_problems_are_named_at_once(standin: StandIn, copper: Copper):
    with pytest.raises(errors.InvalidInput) as caught:
        copper.act("createTask", {"nme": "x", "due_date": "tomorrow", "priority": "Urgent"})
    assert [one.field for one in caught.value.problems] == ["name", "due_date", "priority", "status", "nme"]
    assert "is name meant?" in caught.value.problems[-1].message
    assert standin.seen == []


def test_a_parent_may_be_a_project_or_a_task(standin: StandIn, copper: Copper):
    project = copper.projects.create(name="Kick-off")
    given = {"activity_type": 0, "details": "x", "type": "project", "id": project["id"], "activity_date": "2026-01-01T00:00:00Z"}
    body = sent_by(standin, copper, "createActivity", given)
    assert (body["parent"]["type"], body["activity_date"]) == ("project", 1767225600)


def test_a_task_can_be_about_a_record_and_hold_custom_fields(standin: StandIn, copper: Copper):
    company = copper.companies.create(name="Acme")
    field = copper.custom_field_definitions.create(name="Score", data_type="Float", available_on=["task"])
    given = {**TASK, "related_resource": {"type": "company", "id": str(company["id"])}, "custom_fields": {"score": "4.5"}}
    body = sent_by(standin, copper, "createTask", given)
    assert body["related_resource"] == {"type": "company", "id": company["id"]}
    assert body["custom_fields"] == [{"custom_field_definition_id": field["id"], "value": 4.5}]


ZONES = ["Europe/Lisbon", "America/Los_Angeles", "Pacific/Auckland"]
# The days on which clocks change in one of the three, their neighbours, and plain ones.
DAYS = [
    "2026-03-08", "2026-03-29", "2026-03-28", "2026-04-05", "2026-09-27", "2026-10-25", "2026-10-26", "2026-11-01", "2026-07-01",
    "2026-01-01",
]  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", DAYS)
def test_a_date_is_the_start_of_that_day_in_the_accounts_time_zone(zone: str, day: str, standin: StandIn, copper: Copper):
    standin.state.account["primary_timezone"] = zone
    output = copper.act("createTask", {**TASK, "due_date": day, "reminder_date": day})
    second = standin.writes()[-1].json["due_date"]
    there = datetime.fromtimestamp(second, ZoneInfo(zone))
    assert (there.date().isoformat(), there.hour, there.minute) == (day, 0, 0)
    assert output["due_date"] == there.isoformat()
    # What comes out goes in again as the same day.
    copper.act("updateTask", {"id": output["id"], "due_date": output["due_date"]})
    assert standin.writes()[-1].json["due_date"] == second


def test_the_seconds_are_the_known_ones(standin: StandIn, copper: Copper):
    known = {
        ("Europe/Lisbon", "2026-03-30"): 1774825200,
        ("America/Los_Angeles", "2026-03-09"): 1773039600,
        ("Pacific/Auckland", "2026-04-06"): 1775390400,
    }
    for (zone, day), second in known.items():
        assert start_of_day(date.fromisoformat(day), ZoneInfo(zone)) == second


def test_a_day_whose_midnight_the_clocks_skip_starts_at_its_first_moment():
    zone = ZoneInfo("Africa/Cairo")
    # On 26 April 2024 Cairo went from 23:59:59 to 01:00.
    first = datetime.fromtimestamp(start_of_day(date(2024, 4, 26), zone), zone)
    assert (first.date(), first.hour) == (date(2024, 4, 26), 1)


def test_an_account_without_a_time_zone_is_in_utc(standin: StandIn, copper: Copper):
    del standin.state.account["primary_timezone"]
    assert sent_by(standin, copper, "createTask", {**TASK, "due_date": "2026-07-01"})["due_date"] == 1782864000


def test_a_moment_means_its_day_there(standin: StandIn, copper: Copper):
    standin.state.account["primary_timezone"] = "Pacific/Auckland"
    body = sent_by(standin, copper, "createTask", {**TASK, "due_date": "2026-07-01T13:00:00Z"})
    assert datetime.fromtimestamp(body["due_date"], ZoneInfo("Pacific/Auckland")).date() == date(2026, 7, 2)


def test_a_close_date_goes_out_as_the_wire_writes_days_and_comes_back_as_iso(standin: StandIn, copper: Copper):
    output = copper.act("createOpportunity", {"name": "Deal", "close_date": "2027-01-05"})
    assert standin.writes()[-1].json["close_date"] == "01/05/2027"
    assert (output["raw"]["close_date"], output["close_date"]) == ("1/5/2027", "2027-01-05")


CUSTOM = {
    "String": ("text", "text"),
    "Text": ("long text", "long text"),
    "URL": ("www.example.org", "www.example.org"),
    "Float": ("3.5", 3.5),
    "Currency": (55.5, 55.5),
    "Percentage": ("95", 95),
    "Checkbox": ("true", True),
    "Date": ("2026-12-15", "12/15/2026"),
}


@pytest.mark.parametrize("kind", CUSTOM)
def test_a_custom_field_is_given_by_name_in_its_type(kind: str, standin: StandIn, copper: Copper):
    field = copper.custom_field_definitions.create(name="Favourite Thing", data_type=kind, available_on=["person"])
    given, wanted = CUSTOM[kind]
    body = sent_by(standin, copper, "createPerson", {"name": "Ada", "custom_fields": {"favourite thing": given}})
    assert body["custom_fields"] == [{"custom_field_definition_id": field["id"], "value": wanted}]


def test_options_of_custom_fields_are_given_by_name_or_id(standin: StandIn, copper: Copper):
    options = [{"name": "North"}, {"name": "South"}]
    one = copper.custom_field_definitions.create(name="Region", data_type="Dropdown", available_on=["person"], options=options)
    many = copper.custom_field_definitions.create(name="Areas", data_type="MultiSelect", available_on=["person"], options=options)
    given = {"Region": "south", str(many["id"]): ["North", many["options"][1]["id"]]}
    body = sent_by(standin, copper, "createPerson", {"name": "Ada", "custom_fields": given})
    assert [item["value"] for item in body["custom_fields"]] == [
        one["options"][1]["id"],
        [option["id"] for option in many["options"]],
    ]


def test_what_is_no_custom_field_or_option_is_refused_before_the_write(standin: StandIn, copper: Copper):
    copper.custom_field_definitions.create(
        name="Region", data_type="Dropdown", available_on=["person"], options=[{"name": "North"}]
    )
    standin.seen.clear()
    with pytest.raises(errors.InvalidInput) as caught:
        copper.act("createPerson", {"name": "Ada", "custom_fields": {"Region": "West", "Planet": "Mars"}})
    assert len(caught.value.problems) == 2
    assert standin.writes() == []


def test_answers_whose_numbers_are_strings_come_out_in_the_declared_types(standin: StandIn, copper: Copper):
    standin.quirks.string_numbers = True
    output = copper.act("createOpportunity", {"name": "Deal", "monetary_value": 12})
    assert isinstance(output["raw"]["id"], str)
    assert isinstance(output["interaction_count"], int)
    assert output["date_created"].endswith("Z")
