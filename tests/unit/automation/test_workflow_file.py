"""Workflow files as they are: both forms, every key kept, and nothing in them that could hurt."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cuprum.automation.workflow_file import BadWorkflow, read_workflow, write_workflow

WHOLE: dict[str, Any] = {
    "label": "Grüße 東京",
    "description": "",
    "inputs": [{"name": "owner", "type": "STRING", "required": True, "x-hint": "who"}],
    "triggers": [{"name": "trigger_1", "type": "manual/v1/manual", "metadata": {"ui": {"x": 1.5}}}],
    "tasks": [
        {
            "name": "v",
            "type": "var/v1/set",
            "parameters": {"value": None, "on": "yes", "no": False},
            "node": "any",
            "timeout": "5s",
        }
    ],
    "outputs": [],
    "maxRetries": 3,
    "clusterElements": {"deep": [[], {}, None]},
}


@pytest.mark.parametrize("name", ["w.json", "w.yaml", "w.yml"])
def test_a_file_is_written_again_with_every_key_that_it_had(name: str):
    text = write_workflow(WHOLE, name=name)
    assert read_workflow(text, name=name) == WHOLE
    assert "東京" in text


def test_json_is_read_whatever_the_file_is_called():
    assert read_workflow(json.dumps(WHOLE), name="workflow") == WHOLE


def test_dates_of_yaml_are_text():
    read = read_workflow(
        "tasks:\n- {name: v, type: var/v1/set, parameters: {value: 2026-03-01, at: 2026-03-01T10:00:00Z, n: 17, f: 1.5}}\n"
    )
    assert read["tasks"][0]["parameters"] == {"value": "2026-03-01", "at": "2026-03-01T10:00:00Z", "n": 17, "f": 1.5}


def test_a_bare_task_is_a_workflow_that_puts_out_what_it_does():
    read = read_workflow('{"name": "v", "type": "var/v1/set", "parameters": {"value": 1}}')
    assert (read["label"], read["outputs"]) == ("v", [{"name": "v", "value": "${v}"}])
    # What holds tasks says nothing itself.
    assert read_workflow('{"name": "c", "type": "condition/v1", "parameters": {}}')["outputs"] == []


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(
    f"{letter}: &{letter} [{','.join([f'*{before}'] * 9)}]" for before, letter in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "cannot be read"),
        ("- 1\n- 2\n", "a workflow is an object with tasks"),
        ("", "a workflow is an object with tasks"),
        ("tasks: !!python/object/apply:os.system ['true']", "cannot be read"),
        (BOMB, "larger than"),
        ("a: &a [*a]", "nested deeper|cannot be read"),
        ("[" * 5_000, "cannot be read"),
        ("x" * 1_000_001, "larger than 1,000,000 characters"),
    ],
    ids=range(8),
)
def test_what_is_no_workflow_is_refused(text: str, words: str):
    with pytest.raises(BadWorkflow, match=words):
        read_workflow(text, name="w.yaml")
