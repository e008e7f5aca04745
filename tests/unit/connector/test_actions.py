"""Actions with behaviour of their own: by e-mail, delete, update, match, convert, relate, bulk."""

from dataclasses import dataclass
from typing import Any

import pytest

from cuprum.connector import Copper, errors
from standin import StandIn
from standin.quirks import Fault


def lead(copper: Copper, name: str, email: str) -> int:
    return int(copper.leads.create(name=name, email={"email": email, "category": "work"})["id"])


@pytest.mark.parametrize("spelling", ["ada@quill.example", "ADA@QUILL.example"])
@pytest.mark.parametrize("operation", ["getLeadByEmail", "getPersonByEmail"])
def test_by_email_ignores_case(operation: str, spelling: str, crm: Copper):
    lead(crm, "Ada", "Ada@quill.example")
    crm.people.create(name="Ada", emails=[{"email": "Ada@quill.example", "category": "work"}])
    output = crm.act(operation, {"email": spelling})
    assert (output["found"], output["name"]) == (True, "Ada")


@pytest.mark.parametrize("operation", ["getLeadByEmail", "getPersonByEmail"])
def test_nobody_with_that_address_is_an_answer_or_a_failure(operation: str, crm: Copper):
    assert crm.act(operation, {"email": "no@body.example"})["found"] is False
    with pytest.raises(errors.NothingFound):
        crm.act(operation, {"email": "no@body.example", "when_none": "fail"})


def test_several_leads_with_one_address_are_an_error_with_their_ids_or_the_newest(standin: StandIn, copper: Copper):
    standin.state.clock = lambda: 1_000
    older = lead(copper, "Older", "ada@quill.example")
    standin.state.clock = lambda: 2_000
    newer = lead(copper, "Newer", "Ada@quill.example")
    with pytest.raises(errors.SeveralFound) as caught:
        copper.act("getLeadByEmail", {"email": "ada@quill.example"})
    assert sorted(caught.value.ids) == [older, newer]
    assert copper.act("getLeadByEmail", {"email": "ada@quill.example", "when_several": "newest"})["name"] == "Newer"


def test_an_upsert_that_several_leads_match_names_them(crm: Copper):
    ids = [lead(crm, "Ada", "ada@quill.example") for _ in range(2)]
    with pytest.raises(errors.SeveralFound) as caught:
        crm.act("upsertLead", {"match_by": "email", "match_value": "ada@quill.example", "title": "Boss"})
    assert caught.value.ids == ids


def test_upsert_lead_creates_by_name_and_by_custom_field(standin: StandIn, copper: Copper):
    field = copper.custom_field_definitions.create(name="Number", data_type="Float", available_on=["lead"])
    made = copper.act("upsertLead", {"match_by": "name", "match_value": "New One"})
    assert made["name"] == "New One"
    given = {"match_by": "custom", "match_custom_field": "Number", "match_value": "7", "name": "By number"}
    assert copper.act("upsertLead", given)["name"] == "By number"
    value = {"custom_field_definition_id": field["id"], "value": 7}
    assert standin.writes()[-1].json["match"] == {"field_name": "custom", "field_value": value}


def test_an_upsert_without_anything_to_match_is_refused_before_any_request(standin: StandIn, copper: Copper):
    with pytest.raises(errors.InvalidInput):
        copper.act("upsertLead", {"match_by": "email", "name": "Nobody"})
    assert standin.seen == []


@pytest.mark.parametrize("entity", ["lead", "person", "company", "opportunity", "project", "task"])
def test_deleting_what_is_gone_succeeds_and_says_so(entity: str, crm: Copper):
    record = crm.records_of(entity).create(name="Short-lived")
    first, second = (crm.act(f"delete{entity.capitalize()}", {"id": record["id"]}) for _ in range(2))
    assert [one["already_deleted"] for one in (first, second)] == [False, True]
    assert first["id"] == second["id"] == str(record["id"])


def test_deleting_below_a_wrong_base_url_is_no_success(standin: StandIn):
    lost = Copper(email=standin.email, key=standin.key, base_url=standin.base_url + "/nowhere")
    with lost, pytest.raises(errors.NoSuchRoute):
        lost.act("deletePerson", {"id": 1})


def test_a_delete_whose_answer_was_lost_counts_as_ours(standin: StandIn, copper: Copper):
    person = copper.people.create(name="Ada")
    standin.quirks.drop_answer(method="DELETE")
    assert copper.act("deletePerson", {"id": person["id"]})["already_deleted"] is False


def test_an_update_sends_only_what_was_given_and_null_clears(standin: StandIn, copper: Copper):
    person = copper.people.create(name="Ada", title="Boss", tags=["a"], details="x")
    output = copper.act("updatePerson", {"id": person["id"], "title": None, "tags": [], "details": ""})
    assert standin.writes()[-1].json == {"title": None, "tags": []}
    assert (output["title"], output["tags"], output["details"]) == (None, [], "x")


def test_an_update_of_what_is_gone_fails_or_answers_as_was_chosen(crm: Copper):
    person = crm.people.create(name="Ada")
    there = crm.act("updatePerson", {"id": person["id"], "title": "Boss", "when_gone": "answer"})
    assert (there["found"], there["title"]) == (True, "Boss")
    assert crm.act("updatePerson", {"id": there["id"], "title": "CTO"})["found"] is True
    crm.people.delete(person["id"])
    assert crm.act("updatePerson", {"id": person["id"], "title": "Boss", "when_gone": "answer"})["found"] is False
    with pytest.raises(errors.NotFound):
        crm.act("updatePerson", {"id": person["id"], "title": "Boss"})


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [("replace", ["b", "C"]), ("add", ["a", "B", "C"]), ("remove", ["a"])],
)
def test_a_list_replaces_adds_or_removes_whatever_the_case(mode: str, wanted: list[str], crm: Copper):
    person = crm.people.create(name="Ada", tags=["a", "B"])
    assert crm.act("updatePerson", {"id": person["id"], "tags": ["b", "C"], "tags_mode": mode})["tags"] == wanted


def test_an_address_is_added_beside_the_others(crm: Copper):
    person = crm.people.create(name="Ada", emails=[{"email": "a@x.example", "category": "work"}])
    given = {"emails": [{"email": "A@x.example", "category": "other"}, {"email": "b@x.example", "category": "personal"}]}
    output = crm.act("updatePerson", {"id": person["id"], "emails_mode": "add", **given})
    assert [one["email"] for one in output["emails"]] == ["a@x.example", "b@x.example"]


def test_find_or_create_compares_whole_values_where_the_search_only_contains(crm: Copper):
    crm.companies.create(name="Acme Roofing")
    output = crm.act("findOrCreateCompany", {"name": "Acme"})
    assert (output["created"], output["name"]) == (True, "Acme")
    assert crm.act("findOrCreateCompany", {"name": "ACME"})["created"] is False


def test_several_matches_fail_with_their_ids_or_take_the_newest(crm: Copper):
    ids = [crm.projects.create(name="Kick-off")["id"] for _ in range(2)]
    with pytest.raises(errors.SeveralFound) as caught:
        crm.act("upsertProject", {"name": "Kick-off"})
    assert caught.value.ids == ids
    assert crm.act("upsertProject", {"name": "Kick-off", "when_several": "newest"})["id"] == str(ids[1])


def test_what_cannot_be_searched_by_cannot_be_matched_by(standin: StandIn, copper: Copper):
    with pytest.raises(errors.InvalidInput) as caught:
        copper.act("findOrCreatePerson", {"name": "Ada", "details": "x", "match_by": ["details", "title"], "company_id": "x"})
    assert [one.field for one in caught.value.problems] == ["match_by[0]", "company_id"]
    assert "must be one of name, " in str(caught.value)
    with pytest.raises(errors.InvalidInput) as caught:
        copper.act("findOrCreatePerson", {"name": "Ada", "match_by": ["title", "emails"]})
    assert [one.field for one in caught.value.problems] == ["title", "emails"]
    assert standin.seen == []


def test_the_catalogue_says_what_can_be_matched_by(copper: Copper):
    offered = copper.options("upsertPerson", "match_by")["options"]
    assert {"label": "Emails", "value": "emails"} in offered
    assert "details" not in {one["value"] for one in offered}


def test_a_lead_can_be_converted_without_a_company(standin: StandIn, copper: Copper):
    number = copper.leads.create(name="Ada", company_name="Acme")["id"]
    output = copper.act("convertLead", {"id": number, "without_company": True})
    assert standin.writes()[-1].json == {"details": {"company": {"name": ""}}}
    assert (output["person"]["name"], output["company"], output["opportunity"]) == ("Ada", None, None)


def test_relating_and_unrelating_twice_is_as_wanted(crm: Copper):
    person, deal = crm.people.create(name="Ada"), crm.opportunities.create(name="Deal")
    ends = {"type": "person", "id": person["id"], "related_type": "opportunity", "related_id": deal["id"]}
    for _ in range(2):
        assert crm.act("relateRecords", ends)["added"] is True
    listed = crm.act("listRelatedRecords", {"type": "opportunity", "id": deal["id"]})
    assert listed["items"] == [{"id": str(person["id"]), "type": "person"}]
    assert [crm.act("unrelateRecords", ends)["already_removed"] for _ in range(2)] == [False, True]


def test_bulk_takes_any_number_ten_at_a_time_and_each_has_its_outcome(standin: StandIn, copper: Copper):
    items = [{"name": f"Lead {n}"} for n in range(24)]
    output = copper.act("bulkCreateLeads", {"items": items})
    assert [len(one.json["leads"]) for one in standin.writes()] == [10, 10, 4]
    assert (output["succeeded"], output["failed"]) == (24, 0)
    taken = {"name": "Twin", "emails": [{"email": "t@x.example", "category": "work"}]}
    outcome = copper.act("bulkCreatePeople", {"items": [taken, taken, {"name": "Other"}]})
    assert [one["success"] for one in outcome["results"]] == [True, False, True]
    assert outcome["results"][1]["error"] == "name: invalid"


def test_a_bulk_that_meets_trouble_half_way_makes_nothing_twice_and_says_what_was_left(standin: StandIn, copper: Copper):
    items = [{"name": f"Lead {n}"} for n in range(24)]
    refuse = Limit(429, {}, b'{"success":false,"status":429,"message":"Rate limit exceeded"}', work_first=False, times=9)
    standin.quirks.faults.append(refuse)
    output = copper.act("bulkCreateLeads", {"items": items})
    assert (output["succeeded"], output["failed"]) == (10, 14)
    assert len(standin.state.records["lead"]) == 10
    errors_said = [one["error"] for one in output["results"]]
    assert errors_said[:10] == [None] * 10
    assert ["not sent" in one for one in errors_said[10:]] == [False] * 10 + [True] * 4
    # An update may be made twice, and a server that knows the keys makes nothing twice: there it is an error to try again.
    changes = [{"id": number, "name": "x"} for number in standin.state.records["lead"]]
    changes += changes[:1]
    for idempotency, operation, given in ((False, "bulkUpdateLeads", changes), (True, "bulkCreateLeads", items)):
        standin.quirks.idempotency, refuse.times, refuse.let_through = idempotency, 9, 1
        once = Copper(email=standin.email, key=standin.key, base_url=standin.base_url, attempts=1)
        with once, pytest.raises(errors.RateLimited):
            once.act(operation, {"items": given})


@dataclass
class Limit(Fault):
    """Lets one bulk request through before it refuses."""

    let_through: int = 1

    def fits(self, scope: Any) -> bool:
        if "/bulk_" not in scope["path"] or self.times <= 0:
            return False
        self.let_through -= 1
        return self.let_through < 0


def test_a_custom_call_stays_below_the_base_url(standin: StandIn, copper: Copper):
    for path in ("https://elsewhere.example/x", "../../etc", "//elsewhere.example"):
        with pytest.raises((errors.InvalidInput, errors.NotFound)):
            copper.act("customCall", {"method": "GET", "path": path})
    assert all(one.path.startswith("/developer_api/v1") for one in standin.seen)


def test_an_unknown_operation_is_named_with_a_guess(crm: Copper):
    with pytest.raises(errors.InvalidInput, match="is createPerson meant"):
        crm.act("createPersn", {})


def test_search_reads_one_page_or_all(crm: Copper):
    for n in range(25):
        crm.people.create(name=f"P {n:02}")
    page = crm.act("searchPeople", {"sort_by": "name"})
    assert (len(page["items"]), page["total"], page["more"]) == (20, 25, True)
    assert len(crm.act("searchPeople", {"all_pages": True})["items"]) == 25
    last = crm.act("searchPeople", {"page_number": "2"})
    assert (len(last["items"]), last["more"]) == (5, False)


def test_a_search_by_custom_field_uses_names(crm: Copper):
    options = [{"name": "North"}, {"name": "South"}]
    crm.custom_field_definitions.create(name="Region", data_type="Dropdown", available_on=["person"], options=options)
    crm.custom_field_definitions.create(name="Score", data_type="Currency", available_on=["person"])
    crm.act("createPerson", {"name": "In", "custom_fields": {"Region": "North", "Score": 5}})
    crm.act("createPerson", {"name": "Out", "custom_fields": {"Region": "South", "Score": 50}})
    for wanted in ({"Region": "North"}, {"Score": {"maximum": 10}}, {"Region": ["North"], "Score": 5}):
        found = crm.act("searchPeople", {"custom_fields": wanted})["items"]
        assert [one["name"] for one in found] == ["In"]
