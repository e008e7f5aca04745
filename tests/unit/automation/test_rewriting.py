"""YAML files that somebody wrote by hand and the editor changes: comments, quotes and blank lines stay with what they belong to."""

from __future__ import annotations

import copy
import random

import pytest

from cuprum.automation.editing import add_step, move, remove
from cuprum.automation.paths import put
from cuprum.automation.renaming import rename
from cuprum.automation.rewriting import comments_lost, rewritten
from cuprum.automation.workflow_file import read_workflow

TEXT = """\
# How leads are welcomed.
# Kept by Ana.
label: "Welcome # not a comment"   # shown in lists

x-ours: {b: 1, a: [null, true]}    # nobody here reads it
triggers:
  # Copper tells us.
  - name: trigger_1
    type: copper/v1/leadCreated

# What is done.
tasks:
  # First the person …
  - name: copper_1
    type: copper/v1/createPerson   # no upsert: leads are new
    parameters:
      name: '${trigger_1.record.name}'
      # Work is what we mostly have.
      emails:
        - {email: "${trigger_1.record.email.email}", category: work}
      details: |
        # This is text, no comment.
        Two lines.

  # … then the task.
  - name: copper_2
    type: copper/v1/createTask
    parameters:
      name: Call        # short
      priority: High
      status: Open
      # nothing more
  - name: condition_1
    type: condition/v1
    parameters:
      conditions:
      - - type: number
          value1: ${copper_1.id}   # an id
          operation: GREATER
          value2: 5
      caseTrue:
        # Only the big ones.
        - name: logger_1
          type: logger/v1/info
          parameters: {text: big}
      caseFalse: []
outputs:
  - name: person
    value: ${copper_1.id}
# The end.
"""


@pytest.fixture
def workflow() -> dict:
    return read_workflow(TEXT)


def test_what_says_the_same_stays_to_the_letter(workflow):
    assert rewritten(TEXT, workflow) == TEXT


def test_one_value_is_another_one_and_every_other_letter_stays(workflow):
    workflow["tasks"][1]["parameters"]["name"] = "Ring ${copper_1.name}"
    workflow["tasks"][1]["parameters"]["priority"] = "Low"
    expected = TEXT.replace("name: Call        # short", "name: Ring ${copper_1.name}  # short").replace("High", "Low")
    assert rewritten(TEXT, workflow) == expected


def test_comments_go_where_their_step_goes(workflow):
    move(workflow, "tasks[1]", -1)
    found = rewritten(TEXT, workflow)
    assert read_workflow(found) == workflow
    assert found.index("# … then the task.") < found.index("createTask") < found.index("# First the person")
    assert found.index("# nothing more") < found.index("# First the person")
    assert comments_lost(TEXT, found) == []


def test_what_is_taken_out_takes_its_comments_along_and_they_are_named(workflow):
    remove(workflow, "tasks[1]")
    found = rewritten(TEXT, workflow)
    assert read_workflow(found) == workflow
    assert comments_lost(TEXT, found) == ["# … then the task.", "# short", "# nothing more"]


def test_a_new_step_and_a_new_key_stand_among_the_old(workflow):
    add_step(workflow, "tasks[2].parameters.caseTrue", 0, "logger/v1/warn")
    workflow["tasks"][1]["parameters"]["assignee_id"] = 17
    workflow["description"] = "What it is for"
    found = rewritten(TEXT, workflow)
    assert read_workflow(found) == workflow
    assert comments_lost(TEXT, found) == []
    assert "        - name: logger_2\n          type: logger/v1/warn\n" in found


def test_the_first_key_of_a_step_changes_beside_its_dash(workflow):
    rename(workflow, "tasks[0]", "person")
    found = rewritten(TEXT, workflow)
    assert read_workflow(found) == workflow
    assert "  # First the person …\n  - name: person\n    type: copper/v1/createPerson   # no upsert" in found
    # What changed deep in a list of lists is written anew.
    assert comments_lost(TEXT, found) == ["# an id"]


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\ntasks:\n- {name: a, type: var/v1/set, parameters: {value: *x}}\n",
        '{"tasks": [{"name": "a", "type": "var/v1/set"}]}',
        "- 1\n",
        "name: a\ntype: var/v1/set # bare\n",
        "tasks:\n-\n  name: a\n  type: var/v1/set\n",
        "tasks: !!seq\n- name: a\n",
        ": [",
    ],
)
def test_what_is_more_than_lines_is_written_anew(text, workflow):
    assert read_workflow(rewritten(text, workflow)) == workflow


def test_whatever_is_edited_the_text_says_the_workflow_and_loses_no_comment_of_what_stays():
    chance = random.Random(7)
    for _ in range(60):
        workflow, text = copy.deepcopy(read_workflow(TEXT)), TEXT
        for _ in range(chance.randint(1, 5)):
            step = chance.randrange(len(workflow["tasks"])) if workflow["tasks"] else 0
            match chance.randrange(5):
                case 0:
                    move(workflow, f"tasks[{step}]", chance.choice([-1, 1]))
                case 1:
                    add_step(
                        workflow, "tasks", step, chance.choice(["copper/v1/createTask", "condition/v1", "each/v1", "var/v1/set"])
                    )
                case 2:
                    put(
                        workflow,
                        f"tasks[{step}].parameters.name",
                        chance.choice(["x", "# no comment", "a: b", "- c", "two\nlines\n", "漢字", ""]),
                    )
                case 3:
                    put(workflow, f"tasks[{step}].parameters.tags", chance.choice([[], ["a"], ["a", "# b", {"c": None}]]))
                case 4 if len(workflow["tasks"]) > 2:
                    remove(workflow, f"tasks[{step}]")
            text = rewritten(text, workflow)
            assert read_workflow(text) == workflow
        assert text.startswith("# How leads are welcomed.\n# Kept by Ana.\n")
        assert text.endswith("# The end.\n")
        assert "# What is done.\ntasks:\n" in text
