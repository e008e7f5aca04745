"""After a lost answer: exactly one record, found by itself; where that cannot be said, nobody guesses."""

import time
from typing import Any

import pytest

from cuprum.connector import Copper, OutcomeUnknown
from standin import StandIn

ADA = {"name": "Ada Quill", "emails": [{"email": "ada@quill.example", "category": "work"}], "title": "Boss", "tags": ["vip"]}


def lose(standin: StandIn, copper: Copper, operation: str, given: dict[str, Any], *, path: str, work_first: bool = True) -> int:
    since = int(time.time())
    standin.quirks.drop_answer(method="POST", path=path, work_first=work_first)
    with pytest.raises(OutcomeUnknown):
        copper.act(operation, given)
    return since


CREATES: dict[str, tuple[str, dict[str, Any]]] = {
    "createPerson": ("/people", ADA),
    "createCompany": ("/companies", {"name": "Acme", "email_domain": "acme.example", "address": {"country": "Portugal"}}),
    "createTask": ("/tasks", {"name": "Call", "due_date": "2026-07-01", "priority": "High", "status": "Open"}),
    "createLead": ("/leads", {"name": "Lea", "email": {"email": "lea@x.example", "category": "work"}, "monetary_value": "12"}),
    "createOpportunity": ("/opportunities", {"name": "Deal", "close_date": "2027-01-02", "monetary_value": 5}),
    "createProject": ("/projects", {"name": "Kick-off"}),
}


@pytest.mark.parametrize("operation", CREATES)
def test_a_create_that_happened_is_found_and_not_repeated(operation: str, standin: StandIn, copper: Copper):
    path, given = CREATES[operation]
    since = lose(standin, copper, operation, given, path=path)
    found = copper.recovered(operation, given, since)
    assert found.state == "happened"
    assert found.output
    assert found.output["name"] == given["name"]
    assert found.output["id"] == str(found.candidate_ids[0])


@pytest.mark.parametrize("operation", CREATES)
def test_a_create_that_did_not_happen_may_be_repeated(operation: str, standin: StandIn, copper: Copper):
    path, given = CREATES[operation]
    since = lose(standin, copper, operation, given, path=path, work_first=False)
    assert copper.recovered(operation, given, since).state == "did not happen"


def test_an_older_record_of_the_same_name_is_not_taken_for_it(standin: StandIn, copper: Copper):
    standin.state.clock = lambda: time.time() - 7200
    copper.projects.create(name="Kick-off")
    standin.state.clock = time.time
    since = lose(standin, copper, "createProject", {"name": "Kick-off"}, path="/projects", work_first=False)
    assert copper.recovered("createProject", {"name": "Kick-off"}, since).state == "did not happen"


def test_somebody_elses_namesake_of_the_same_minute_is_not_taken_for_it(standin: StandIn, copper: Copper):
    copper.people.create(name="Ada Quill", title="Other")
    since = lose(standin, copper, "createPerson", ADA, path="/people", work_first=False)
    assert copper.recovered("createPerson", ADA, since).state == "did not happen"


def test_two_that_could_be_it_are_undecidable(standin: StandIn, copper: Copper):
    copper.projects.create(name="Kick-off")
    since = lose(standin, copper, "createProject", {"name": "Kick-off"}, path="/projects")
    found = copper.recovered("createProject", {"name": "Kick-off"}, since)
    assert (found.state, len(found.candidate_ids)) == ("undecidable", 2)


def test_an_activity_is_found_by_parent_type_and_text(standin: StandIn, copper: Copper):
    person = copper.people.create(name="Ada")
    given = {"activity_type": 0, "details": "Called", "type": "person", "id": person["id"]}
    since = lose(standin, copper, "createActivity", given, path="/activities")
    assert copper.recovered("createActivity", given, since).state == "happened"
    assert copper.recovered("createActivity", {**given, "details": "Wrote"}, since).state == "did not happen"


def test_a_conversion_is_read_from_the_lead(standin: StandIn, copper: Copper):
    lead = copper.leads.create(name="Ada", company_name="Acme")
    given = {"id": lead["id"]}
    assert copper.recovered("convertLead", given, 0).state == "did not happen"
    since = lose(standin, copper, "convertLead", given, path="/convert")
    found = copper.recovered("convertLead", given, since)
    assert found.output
    assert (found.state, found.output["person"]["name"], found.output["company"]["name"]) == ("happened", "Ada", "Acme")
    assert copper.recovered("convertLead", {"id": 4711}, since).state == "undecidable"


def test_a_subscription_is_found_by_what_it_is_for(standin: StandIn, copper: Copper):
    given = {"target": "https://example.org/h", "type": "lead", "event": "new"}
    since = lose(standin, copper, "subscribeWebhook", given, path="/webhooks")
    assert copper.recovered("subscribeWebhook", given, since).state == "happened"


@pytest.mark.parametrize("operation", ["bulkCreateLeads", "customCall", "upsertLead"])
def test_what_leaves_no_mark_is_undecidable(operation: str, copper: Copper):
    given = {
        "bulkCreateLeads": {"items": [{"name": "One"}]},
        "customCall": {"method": "POST", "path": "/leads"},
        "upsertLead": {"match_by": "name", "match_value": "Ada"},
    }
    assert copper.recovered(operation, given[operation], 0).state == "undecidable"
