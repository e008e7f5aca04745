"""Another name for a node: texts, formulas, nested steps and outputs follow; what cannot be a name is refused with the rule."""

from __future__ import annotations

import copy

import pytest

from cuprum.automation.checking import check_workflow
from cuprum.automation.renaming import refusal_of_name, rename

WORKFLOW = {
    "inputs": [{"name": "owner"}],
    "triggers": [{"name": "trigger_1", "type": "copper/v1/leadCreated"}],
    "tasks": [
        {"name": "copper_1", "type": "copper/v1/createPerson", "parameters": {"name": "${trigger_1.record.name}"}},
        {
            "name": "condition_1",
            "type": "condition/v1",
            "parameters": {
                "rawExpression": True,
                "expression": "=${copper_1.id} > 1 && copper_1.name != 'copper_1' && size(copper_1.tags) == 0",
                "caseTrue": [
                    {
                        "name": "copper_2",
                        "type": "copper/v1/createTask",
                        "label": "After ${copper_1.name}",
                        "parameters": {
                            "name": "Call ${copper_1.name} at ${copper_1.phone_numbers[0].number} (copper_1)",
                            "tags": ["new", "${copper_1.title}"],
                        },
                    }
                ],
                "caseFalse": [],
            },
        },
    ],
    "outputs": [{"name": "person", "value": "${copper_1.id}"}],
}


@pytest.fixture
def workflow() -> dict:
    return copy.deepcopy(WORKFLOW)


def test_whatever_is_said_of_it_follows(workflow):
    followed = rename(workflow, "tasks[0]", "person")
    inner = workflow["tasks"][1]["parameters"]
    assert inner["expression"] == "=${person.id} > 1 && person.name != 'copper_1' && size(person.tags) == 0"
    assert inner["caseTrue"][0]["parameters"]["name"] == "Call ${person.name} at ${person.phone_numbers[0].number} (copper_1)"
    assert inner["caseTrue"][0]["parameters"]["tags"] == ["new", "${person.title}"]
    assert inner["caseTrue"][0]["label"] == "After ${copper_1.name}"
    assert workflow["outputs"] == [{"name": "person", "value": "${person.id}"}]
    assert followed == [
        "tasks[1].parameters.expression",
        "tasks[1].parameters.caseTrue[0].parameters.name",
        "tasks[1].parameters.caseTrue[0].parameters.tags[1]",
        "outputs[0].value",
    ]
    check_workflow(workflow)


def test_a_trigger_is_renamed_in_any_letters(workflow):
    assert rename(workflow, "triggers[0]", "新しいリード") == ["tasks[0].parameters.name"]
    assert workflow["tasks"][0]["parameters"]["name"] == "${新しいリード.record.name}"
    check_workflow(workflow)


def test_of_two_that_share_a_name_nothing_follows_the_one_that_leaves(workflow):
    workflow["tasks"].append({"name": "copper_1", "type": "copper/v1/createPerson", "parameters": {"name": "Elena"}})
    assert rename(workflow, "tasks[2]", "second") == []
    assert workflow["outputs"][0]["value"] == "${copper_1.id}"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "can't be blank"),
        ("two words", "must be letters, digits and _"),
        ("1st", "must be letters, digits and _"),
        ("AND", "is a word that formulas use"),
        ("copper_2", "something else here is called copper_2 already"),
        ("owner", "something else here is called owner already"),
        ("trigger_1", "something else here is called trigger_1 already"),
        ("x" * 101, "must be at most 100 characters"),
    ],
)
def test_what_cannot_be_a_name_is_refused_with_the_rule(workflow, name, why):
    assert (refusal_of_name(workflow, "tasks[0]", name) or "").startswith(why)


def test_its_own_name_is_none_of_somebody_else(workflow):
    assert refusal_of_name(workflow, "tasks[0]", "copper_1") is None
