"""Pickers: paged, searchable, dependent on what was chosen before."""

import pytest

from cuprum.connector import Copper, errors
from cuprum.connector.catalogue import OPERATIONS
from cuprum.connector.options import SOURCES
from cuprum.connector.properties import Property
from cuprum.entities import BY_PLURAL
from standin import StandIn


def labels(answer: dict) -> list[str]:
    return [one["label"] for one in answer["options"]]


def test_companies_are_offered_past_the_first_page_and_by_what_is_typed(crm: Copper):
    for n in range(120):
        crm.companies.create(name=f"Company {n:03}")
    first = crm.options("createPerson", "company_id")
    assert (len(first["options"]), first["more"]) == (50, True)
    third = crm.options("createPerson", "company_id", page=3)
    assert (len(third["options"]), third["more"]) == (20, False)
    found = crm.options("createPerson", "company_id", search="ny 11")
    assert labels(found) == [f"Company 11{n}" for n in range(10)]
    assert set(found["options"][0]) == {"label", "value"}
    assert isinstance(found["options"][0]["value"], str)


def test_parents_depend_on_the_type(crm: Copper):
    crm.tasks.create(name="Call back")
    crm.leads.create(name="Lea")
    assert crm.options("createActivity", "id") == {"options": [], "more": False}
    assert labels(crm.options("createActivity", "id", {"type": "lead"})) == ["Lea"]
    assert labels(crm.options("createActivity", "id", {"type": "task"})) == ["Call back"]
    nested = {"related_resource": {"type": "lead"}}
    assert labels(crm.options("createTask", "related_resource.id", nested)) == ["Lea"]


def test_opportunities_are_found_by_any_part_although_the_api_finds_whole_names(crm: Copper):
    for name in ("Roof refit", "Shelving"):
        crm.opportunities.create(name=name)
    assert labels(crm.options("getOpportunityById", "id", search="refit")) == ["Roof refit"]


def test_only_activity_types_that_can_be_written_are_offered(standin: StandIn, copper: Copper):
    standin.state.activity_types["user"][2]["is_disabled"] = True
    offered = copper.options("createActivity", "activity_type")["options"]
    assert offered == [{"label": "Note", "value": "0"}, {"label": "Phone Call", "value": "83001"}]


def test_users_contact_types_and_tags(crm: Copper):
    crm.people.create(name="Ada", tags=["vip", "fair"])
    (grace,) = labels(crm.options("createPerson", "assignee_id", search="grace"))
    assert grace.startswith("Grace")
    assert "Uncategorized" in labels(crm.options("createPerson", "contact_type_id"))
    assert crm.options("createPerson", "tags")["options"] == [
        {"label": "fair", "value": "fair"},
        {"label": "vip", "value": "vip"},
    ]


def test_static_options_are_the_documents(crm: Copper):
    assert labels(crm.options("createTask", "priority")) == ["None", "Low", "Medium", "High"]
    assert labels(crm.options("createActivity", "type", search="p"))[0] == "Person"


def test_stages_depend_on_the_pipeline(crm: Copper):
    assert crm.options("createOpportunity", "pipeline_stage_id")["options"] == []
    pipeline = crm.pipelines.all()[0]
    offered = crm.options("createOpportunity", "pipeline_stage_id", {"pipeline_id": str(pipeline["id"])})["options"]
    assert [one["value"] for one in offered] == [str(stage["id"]) for stage in pipeline["stages"]]


def test_a_list_of_choices_offers_what_each_may_be(crm: Copper):
    assert labels(crm.options("searchTasks", "statuses")) == ["Open", "Completed"]
    assert labels(crm.options("searchTasks", "priorities", search="hi")) == ["High"]


def test_custom_fields_and_their_options_are_offered_by_name(crm: Copper):
    crm.custom_field_definitions.create(
        name="Region", data_type="Dropdown", available_on=["person"], options=[{"name": "North"}, {"name": "South"}]
    )
    crm.custom_field_definitions.create(name="Other", data_type="String", available_on=["lead"])
    assert labels(crm.options("createPerson", "custom_fields")) == ["Region"]
    assert labels(crm.options("createPerson", "custom_fields.Region")) == ["North", "South"]
    assert labels(crm.options("customFieldChanged", "custom_field_definition_id", {"entity": "lead"})) == ["Other"]


def test_free_text_and_unknown_properties_are_said(crm: Copper):
    for path in ("name", "nope", "address.street"):
        with pytest.raises(errors.InvalidInput):
            crm.options("createPerson", path)


def test_every_picker_of_the_catalogue_is_known():
    def pickers(properties: tuple[Property, ...]):
        for one in properties:
            yield one
            yield from pickers(one.properties)
            yield from pickers(one.items)

    known = {*SOURCES, *BY_PLURAL}
    for operation in OPERATIONS.values():
        for one in pickers(operation.fields):
            assert not one.source or one.source in known, (operation.name, one.name)
