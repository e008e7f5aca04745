"""Every row and every column of both documents is in the catalogue, to the character."""

import pytest

from cuprum.connector.catalogue import ACTIONS, FIRST_DOCUMENT, SECOND_DOCUMENT, TWELVE, catalogue
from unit.connector.documents import DocumentedAction, first_document, printed_type, second_document

DOCUMENT = first_document()
TRIGGER_ROWS, ACTION_ROWS = second_document()
LISTED = catalogue()
ACTIONS_BY_NAME = {one["name"]: one for one in LISTED["actions"]}


def test_the_first_document_has_four_actions_and_the_second_twenty_and_twelve_triggers():
    assert [len(DOCUMENT.actions), len(ACTION_ROWS), len(TRIGGER_ROWS)] == [4, 20, 12]


def test_title_description_category_type_and_version_are_the_documents():
    assert LISTED["title"] == DOCUMENT.title
    assert LISTED["description"] == DOCUMENT.description
    assert [one["label"] for one in LISTED["categories"]] == [DOCUMENT.category]
    assert f"{LISTED['name']}/v{LISTED['version']}" == DOCUMENT.type


def test_the_api_key_connection_is_the_documents():
    first = LISTED["connections"][0]
    assert (first["label"], first["version"]) == (DOCUMENT.connection_label, DOCUMENT.connection_version)
    rows = [
        [one["name"], one["label"], one["type"], one["description"], str(one["required"]).lower()] for one in first["properties"]
    ]
    assert rows == DOCUMENT.connection


@pytest.mark.parametrize("documented", DOCUMENT.actions, ids=lambda one: one.name)
class TestFirstDocument:
    def test_title_name_and_description(self, documented: DocumentedAction):
        listed = ACTIONS_BY_NAME[documented.name]
        assert [listed["title"], listed["name"], listed["description"]] == [
            documented.title,
            documented.name,
            documented.description,
        ]

    def test_every_property_has_its_name_label_type_options_description_and_required_flag(self, documented: DocumentedAction):
        rows = [
            [one["name"], one["label"], printed_type(one), one["description"], str(one["required"]).lower()]
            for one in ACTIONS_BY_NAME[documented.name]["properties"]
        ]
        assert rows == documented.properties

    def test_the_output_schema(self, documented: DocumentedAction):
        schema = ACTIONS_BY_NAME[documented.name]["outputDefinition"]["outputSchema"]
        assert schema["type"] == "OBJECT"
        assert [[one["name"], printed_type(one)] for one in schema["properties"]] == documented.output

    def test_the_example_is_the_documents_json_in_its_order(self, documented: DocumentedAction):
        example = ACTIONS_BY_NAME[documented.name]["example"]
        assert example == documented.example
        assert list(example["parameters"]) == list(documented.example["parameters"])


def test_the_four_stand_in_the_documents_order():
    assert [one.name for one in FIRST_DOCUMENT] == [one.name for one in DOCUMENT.actions]


@pytest.mark.parametrize(
    ("row", "action"), list(zip(ACTION_ROWS, SECOND_DOCUMENT, strict=True)), ids=[row[0] for row in ACTION_ROWS]
)
def test_every_action_of_the_second_document_has_its_name_method_and_description(row, action):
    assert [action.title, action.method, action.summary] == row
    assert ACTIONS[action.name] is action


@pytest.mark.parametrize(("row", "trigger"), list(zip(TRIGGER_ROWS, TWELVE, strict=True)), ids=[row[0] for row in TRIGGER_ROWS])
def test_every_trigger_of_the_second_document_has_its_name_kind_and_description(row, trigger):
    assert [trigger.title, trigger.kind, trigger.description] == row


def test_upsert_lead_states_patch_and_is_a_put_on_the_wire():
    listed = ACTIONS_BY_NAME["upsertLead"]
    assert (listed["method"], listed["call"]) == ("PATCH", "PUT /leads/upsert")


def test_the_names_are_in_the_style_of_the_first_document():
    assert " ".join(one.name for one in SECOND_DOCUMENT) == (
        "deleteCompany createCompany updateCompany deleteLead createLead updateLead getLeadByEmail getLeadById upsertLead "
        "deleteTask createTask updateTask deleteOpportunity createOpportunity updateOpportunity deletePerson createPerson "
        "updatePerson getPersonByEmail getPersonById"
    )
    assert " ".join(one.name for one in TWELVE) == (
        "companyCreated companyUpdated companyDeleted leadCreatedOrUpdated opportunityDeleted opportunityCreated "
        "opportunityUpdated personCreated personCreatedOrUpdated taskCreated taskUpdated taskDeleted"
    )


def test_every_entity_has_its_four_triggers():
    names = {one["name"] for one in LISTED["triggers"]}
    for entity in ("lead", "person", "company", "opportunity", "project", "task", "activity"):
        assert {f"{entity}{event}" for event in ("Created", "Updated", "CreatedOrUpdated", "Deleted")} <= names


def test_names_are_unique_and_every_property_says_what_it_is():
    for listed in (*LISTED["actions"], *LISTED["triggers"]):
        names = [one["name"] for one in (*listed["properties"], *listed.get("extraProperties", []))]
        assert len(names) == len(set(names)), listed["name"]
        assert all(one["label"] and one["type"] for one in listed["properties"]), listed["name"]
