"""The difference between two versions, in the words of the forms."""

from __future__ import annotations

import copy

import pytest

from cuprum.automation.differences import Difference, differences, differences_of_connections
from cuprum.automation.editing import add_step, move, remove, set_trigger
from cuprum.automation.paths import put
from cuprum.automation.renaming import rename
from cuprum.automation.templates import TEMPLATES

BEFORE = {
    "label": "New leads",
    "triggers": [{"name": "trigger_1", "type": "copper/v1/leadCreated"}],
    "tasks": [
        {"name": "copper_1", "type": "copper/v1/createTask", "label": "Task to call", "parameters": {"name": "Call", "priority": "High"}},
        {"name": "logger_1", "type": "logger/v1/info", "parameters": {"text": "${copper_1.id}"}},
        {
            "name": "condition_1",
            "type": "condition/v1",
            "parameters": {"conditions": [[{"value1": "a"}]], "caseTrue": [{"name": "var_1", "type": "var/v1/set", "parameters": {"value": 1}}]},
        },
    ],
}  # fmt: skip


@pytest.fixture
def after() -> dict:
    return copy.deepcopy(BEFORE)


def test_what_says_the_same_differs_in_nothing(after):
    assert differences(BEFORE, after) == []
    assert all(differences(one.workflow, copy.deepcopy(one.workflow)) == [] for one in TEMPLATES)


def test_a_value_is_named_by_step_and_field(after):
    put(after, "tasks[0].parameters.priority", "Low")
    put(after, "tasks[0].parameters.tags", ["a", "b"])
    assert differences(BEFORE, after) == [
        Difference("Task to call", "Priority", "High", "Low"),
        Difference("Task to call", "Tags", "", "a, b"),
    ]


def test_steps_come_go_and_move(after):
    remove(after, "tasks[1]")
    add_step(after, "tasks[1].parameters.caseTrue", 1, "copper/v1/createLead")
    assert [(one.where, one.what) for one in differences(BEFORE, after)] == [
        ("Log (info)", "was taken out"),
        ("Create Lead", "was added"),
    ]


def test_another_order_is_told_once(after):
    move(after, "tasks[0]", 1)
    assert differences(BEFORE, after) == [
        Difference("The order", "", "Task to call, Log (info), Condition, Set a value", "Log (info), Task to call, Condition, Set a value")
    ]  # fmt: skip


def test_a_renamed_step_is_the_same_step(after):
    rename(after, "tasks[0]", "call")
    assert differences(BEFORE, after) == [
        Difference("Task to call", "has another name in expressions", "copper_1", "call"),
        Difference("Log (info)", "Text", "${copper_1.id}", "${call.id}"),
    ]


def test_a_step_that_went_into_another_list_is_told(after):
    after["tasks"][2]["parameters"]["caseTrue"].append(after["tasks"].pop(1))
    assert differences(BEFORE, after) == [Difference("Log (info)", "was moved to another list")]


def test_another_trigger_and_other_words_are_told(after):
    set_trigger(after, 0, "copper/v1/personCreated")
    after["label"] = "New people"
    after["outputs"] = [{"name": "x", "value": 1}]
    assert differences(BEFORE, after) == [
        Difference("Name", "", "New leads", "New people"),
        Difference("Outputs", "", "", '[{"name":"x","value":1}]'),
        Difference("When a lead is created", "is of another kind", "When a lead is created", "When a person is created"),
    ]


def test_connections_are_told_by_the_step_that_goes_through_them():
    assert differences_of_connections({"": "main", "copper_1": "b"}, {"": "second"}) == [
        Difference("Connection", "", "main", "second"),
        Difference("Connection of copper_1", "", "b", ""),
    ]


@pytest.mark.parametrize("odd", [{}, {"tasks": "x", "triggers": 3}, {"tasks": [1, {"type": 5}], "triggers": ["x"]}, {"tasks": [{"name": "a", "type": "branch/v1", "parameters": {"cases": 3}}]}])  # fmt: skip
def test_odd_files_are_compared_too(odd, after):
    assert isinstance(differences(odd, after), list)
    assert isinstance(differences(after, odd), list)
