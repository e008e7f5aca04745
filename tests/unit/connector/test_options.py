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


def test_companies_are_offered_past_the_first_page_and_by_what_is_typed(copper: Copper):
    for n in range(120):
        copper.companies.create(name=f"Company {n:03}")
    first = copper.options("createPerson", "company_id")
    assert (len(first["options"]), first["more"]) == (50, True)
    third = copper.options("createPerson", "company_id", page=3)
    assert (len(third["options"]), third["more"]) == (20, False)
    found = copper.options("createPerson", "company_id", search="ny 11")
    assert labels(found) == [f"Company 11{n}" for n in range(10)]
    assert set(found["options"][0]) == {"label", "value"}
    assert isinstance(found["options"][0]["value"], str)


def test_parents_depend_on_the_type(copper: Copper):
    copper.tasks.create(name="Call back")
    copper.leads.create(name="Lea")
    assert copper.options("createActivity", "id") == {"options": [], "more": False}
    assert labels(copper.options("createActivity", "id", {"type": "lead"})) == ["Lea"]
    assert labels(copper.options("createActivity", "id", {"type": "task"})) == ["Call back"]
    nested = {"related_resource": {"type": "lead"}}
    assert labels(copper.options("createTask", "related_resource.id", nested)) == ["Lea"]


def test_opportunities_are_found_by_any_part_although_the_api_finds_whole_names(copper: Copper):
    for name in ("Roof refit", "Shelving"):
        copper.opportunities.create(name=name)
    assert labels(copper.options("getOpportunityById", "id", search="refit")) == ["Roof refit"]


def test_only_activity_types_that_can_be_written_are_offered(standin: StandIn, copper: Copper):
    standin.state.activity_types["user"][2]["is_disabled"] = True
    offered = copper.options("createActivity", "activity_type")["options"]
    assert offered == [{"label": "Note", "value": "0"}, {"label": "Phone Call", "value": "83001"}]


def test_users_contact_types_and_tags(copper: Copper):
    copper.people.create(name="Ada", tags=["vip", "fair"])
    assert labels(copper.options("createPerson", "assignee_id", search="grace")) == ["Grace Okafor"]
    assert "Uncategorized" in labels(copper.options("createPerson", "contact_type_id"))
    assert copper.options("createPerson", "tags")["options"] == [
        {"label": "fair", "value": "fair"},
        {"label": "vip", "value": "vip"},
    ]


def test_static_options_are_the_documents(copper: Copper):
    assert labels(copper.options("createTask", "priority")) == ["None", "Low", "Medium", "High"]
    assert labels(copper.options("createActivity", "type", search="p"))[0] == "Person"


def test_stages_depend_on_the_pipeline(copper: Copper):
    assert copper.options("createOpportunity", "pipeline_stage_id")["options"] == []
    assert labels(copper.options("createOpportunity", "pipeline_stage_id", {"pipeline_id": "41"})) == ["First Meeting"]


def test_custom_fields_and_their_options_are_offered_by_name(copper: Copper):
    copper.custom_field_definitions.create(
        name="Region", data_type="Dropdown", available_on=["person"], options=[{"name": "North"}, {"name": "South"}]
    )
    copper.custom_field_definitions.create(name="Other", data_type="String", available_on=["lead"])
    assert labels(copper.options("createPerson", "custom_fields")) == ["Region"]
    assert labels(copper.options("createPerson", "custom_fields.Region")) == ["North", "South"]
    assert labels(copper.options("customFieldChanged", "custom_field_definition_id", {"entity": "lead"})) == ["Other"]


def test_free_text_and_unknown_properties_are_said(copper: Copper):
    for path in ("name", "nope", "address.street"):
        with pytest.raises(errors.InvalidInput):
            copper.options("createPerson", path)


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
