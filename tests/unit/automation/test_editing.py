"""An editor's changes to a workflow file: what is not touched stays."""

from __future__ import annotations

import copy

import pytest

from cuprum.automation import editing
from cuprum.automation.checking import check_workflow, not_filled_in
from cuprum.automation.paths import at, drop, parts_of, path_of, put
from cuprum.automation.templates import BLANK, TEMPLATES
from cuprum.automation.words import step_in_words, trigger_in_words

FILE = {
    "label": "x",
    "tasks": [
        {"name": "copper_1", "type": "copper/v1/createTask", "parameters": {"name": "Call"}},
        {
            "name": "each_1",
            "type": "each/v1",
            "parameters": {"items": [], "iteratee": {"name": "logger_1", "type": "logger/v1/info"}},
        },
    ],
}


@pytest.fixture
def workflow():
    return copy.deepcopy(FILE)


def test_a_place_is_read_and_written_as_troubles_name_it():
    place = "tasks[1].parameters.caseTrue[0].parameters.main-branch[2]"
    assert path_of(parts_of(place)) == place
    held = {"a": [{"b": 1}]}
    put(held, "a[1].c[0].d", 2)
    assert held == {"a": [{"b": 1}, {"c": [{"d": 2}]}]}
    assert at(held, "a[1].c[0].d") == 2
    assert at(held, "a[7].c") is None
    assert drop(held, "a[0]") == {"b": 1}
    put(held, "a[99].x", 1)
    put(held, "", 1)
    assert held == {"a": [{"c": [{"d": 2}]}]}


def test_a_new_step_has_a_name_of_its_own_and_its_defaults(workflow):
    assert editing.add_step(workflow, "tasks", 1, "copper/v1/createTask") == "tasks[1]"
    assert workflow["tasks"][1] == {
        "name": "copper_2", "type": "copper/v1/createTask", "parameters": {"priority": "None", "status": "Open"},
    }  # fmt: skip
    assert workflow["tasks"][0] == FILE["tasks"][0]


def test_the_one_step_of_an_each_becomes_a_list_with_its_second_and_can_go(workflow):
    assert at(workflow, "tasks[1].parameters.iteratee[0].name") == "logger_1"
    alone = copy.deepcopy(workflow)
    editing.remove(alone, "tasks[1].parameters.iteratee[0]")
    assert alone["tasks"][1]["parameters"]["iteratee"] == []
    editing.add_step(workflow, "tasks[1].parameters.iteratee", 1, "var/v1/set")
    assert [one["name"] for one in workflow["tasks"][1]["parameters"]["iteratee"]] == ["logger_1", "var_1"]


@pytest.mark.parametrize(
    "place", ["label", "tasks[0].name", "tasks[0].parameters.name", "outputs", "", "tasks[0].parameters.cases"]
)
def test_steps_go_nowhere_but_into_lists_of_steps(workflow, place):
    assert editing.add_step(workflow, place, 0, "var/v1/set") == ""
    assert workflow == FILE


def test_what_cannot_be_moved_stays(workflow):
    for place, by in (
        ("tasks[0]", -1),
        ("tasks[1]", 1),
        ("tasks[9]", 1),
        ("label", 1),
        ("", 1),
        ("tasks[1].parameters.iteratee[0]", 1),
    ):
        editing.move(workflow, place, by)
    assert workflow == FILE
    assert editing.move(workflow, "tasks[0]", 1) == "tasks[1]"


def test_another_trigger_keeps_the_name_by_which_steps_know_it(workflow):
    editing.set_trigger(workflow, 0, "copper/v1/leadCreated")
    editing.set_trigger(workflow, 1, "manual/v1/manual")
    workflow["triggers"][0]["parameters"] = {"filter": "x"}
    editing.set_trigger(workflow, 0, "schedule/v1/everyDay")
    editing.set_trigger(workflow, 0, "nonsense/v1")
    assert workflow["triggers"] == [
        {"name": "trigger_1", "type": "schedule/v1/everyDay"},
        {"name": "trigger_2", "type": "manual/v1/manual"},
    ]


def test_a_condition_compares_or_computes(workflow):
    place = editing.add_step(workflow, "tasks", 0, "condition/v1")
    editing.add_alternative(workflow, place)
    assert len(at(workflow, f"{place}.parameters.conditions")) == 2
    editing.by_formula(workflow, place)
    assert at(workflow, f"{place}.parameters") == {"caseTrue": [], "caseFalse": [], "rawExpression": True, "expression": "="}
    editing.by_comparisons(workflow, place)
    assert at(workflow, f"{place}.parameters").keys() == {"caseTrue", "caseFalse", "conditions"}


def test_what_is_blank_or_unreadable_is_told_with_its_place_and_expressions_are_not(workflow):
    workflow["tasks"][0]["parameters"] |= {"assignee_id": "Grace", "due_date": "=now()", "related_resource": {"type": "lead"}}
    workflow["triggers"] = [{"name": "t", "type": "schedule/v1/everyDay", "parameters": {"hour": 8, "minute": "${x}"}}]
    places = [one.place.removeprefix("tasks[0].parameters.") for one in not_filled_in(workflow)]
    assert places == [
        "assignee_id", "priority", "status", "related_resource.id", "tasks[1].parameters.items",
        "tasks[1].parameters.iteratee[0].parameters.text",
    ]  # fmt: skip


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.key)
def test_a_template_can_run_as_it_is(template):
    check_workflow(copy.deepcopy(template.workflow))
    assert list(not_filled_in(template.workflow)) == []


def test_what_is_begun_with_nothing_says_what_to_fill_in():
    assert [one.place for one in not_filled_in(BLANK.workflow)] == ["tasks[0].parameters.name"]


@pytest.mark.parametrize(
    ("kind", "parameters", "words"),
    [
        ("copper/v1/opportunityUpdated", None, "When an opportunity is updated"),
        ("copper/v1/tagAdded", None, "When a tag is put on a record"),
        ("copper/v1/tagAdded", {"entity": "company"}, "When a tag is put on a company"),
        ("copper/v1/recordStale", {"entity": "opportunity", "days": 30}, "When an opportunity was not changed for 30 days"),
        ("copper/v1/recordStale", {"days": "1"}, "When a record was not changed for 1 day"),
        ("schedule/v1/everyDay", {"hour": 9, "minute": 5}, "Every day at 09:05"),
        ("schedule/v1/everyWeek", {"hour": 8, "minute": 0, "dayOfWeek": [1, 5]}, "Every Monday, Friday at 08:00"),
        ("schedule/v1/everyMonth", {"hour": 8, "minute": 0, "dayOfMonth": 3}, "On day 3 of every month at 08:00"),
        ("schedule/v1/interval", {"interval": 15, "timeUnit": 1}, "Every 15 minutes"),
        ("schedule/v1/interval", {"interval": 1, "timeUnit": 2}, "Every hour"),
        ("schedule/v1/cron", {"expression": "0 8 * * *"}, "By the clock: 0 8 * * *"),
        ("webhook/v1/autoRespondWithHTTP200", None, "When its address is called"),
        ("something/v9", None, "something/v9"),
    ],
)
def test_what_starts_it_is_said_in_words(kind, parameters, words):
    assert trigger_in_words({"name": "t", "type": kind, "parameters": parameters}) == words


def test_a_step_is_called_by_its_label_or_its_kind():
    assert step_in_words({"type": "copper/v1/createTask", "label": "Ring"}) == "Ring"
    assert step_in_words({"type": "copper/v1/createTask", "label": " "}) == "Create Task"
    assert step_in_words({"type": "condition/v1"}) == "Condition"
    assert step_in_words({"type": 5}) == "5"
