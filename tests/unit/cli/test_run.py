"""`cuprum run` and `cuprum workflow`: what they print, and the exit codes that scripts go by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from homes import Home, empty_home
from standin import StandIn
from unit.connector.documents import first_document

FILLED_IN = {
    "createActivity": {"activity_type": "0", "details": "Met", "type": "lead", "id": "100"},
    "createCompany": {"name": "Harbour"},
    "createPerson": {"name": "Zoë 山田"},
    "createTask": {"name": "Call", "priority": "High", "status": "Open"},
}


@pytest.fixture(scope="module")
def copper() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture(scope="module")
def installed(copper: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """One for all of them: an empty home takes a second to become one."""
    with empty_home("sqlite", tmp_path_factory.mktemp("runs") / "home") as home:
        base = ("--email", copper.email, "--base-url", copper.base_url)
        home.ok("connection", "add", "main", "--api-key-stdin", *base, given=copper.key)
        yield home


@pytest.fixture
def connected(installed: Home, copper: StandIn) -> Home:
    """An installation with one connection, to a stand-in as new."""
    copper.reset()
    return installed


def file(folder: Path, content: Any, name: str = "workflow.json") -> str:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)


def run_id_of(home: Home) -> str:
    """The newest run."""
    return home.ok("workflow", "runs", "--limit", "1").partition("\t")[0]


@pytest.mark.parametrize("action", first_document().actions, ids=lambda one: one.name)
def test_every_example_of_the_first_document_runs_as_it_is(connected: Home, copper: StandIn, tmp_path: Path, action: Any):
    done = connected.run("run", file(tmp_path, action.example))
    # It is a form that nobody has filled in.
    assert done.returncode == 1
    assert "can't be blank" in json.loads(done.stderr)["error"]["message"]
    assert copper.writes() == []


@pytest.mark.parametrize("action", first_document().actions, ids=lambda one: one.name)
def test_every_example_of_the_first_document_runs_once_it_is_filled_in(
    connected: Home, copper: StandIn, tmp_path: Path, action: Any
):
    if action.name == "createActivity":
        made = connected.ok(
            "run", file(tmp_path, {"name": "lead", "type": "copper/v1/createLead", "parameters": {"name": "Lea"}})
        )
        FILLED_IN["createActivity"]["id"] = json.loads(made)["lead"]["id"]
    example = {**action.example, "parameters": {**action.example["parameters"], **FILLED_IN[action.name]}}
    said = json.loads(connected.ok("run", file(tmp_path, example)))[action.name]
    assert said["id"]
    assert all(said[name] == value for name, value in FILLED_IN[action.name].items() if name in ("name", "details", "status"))
    assert len(copper.writes()) == (2 if action.name == "createActivity" else 1)


def test_inputs_trigger_and_outputs(connected: Home, tmp_path: Path):
    workflow = """
label: Greet
inputs:
  - {name: owner, type: STRING, required: true}
triggers:
  - {name: trigger_1, type: webhook/v1/autoRespondWithHTTP200}
tasks:
  - name: copper_1
    type: copper/v1/createPerson
    parameters: {name: "${trigger_1.body.name}", assignee_id: "${owner}"}
outputs:
  - {name: greeting, value: "Hello ${copper_1.name}"}
"""
    event = file(tmp_path, {"body": {"name": "Zoë"}}, "trigger.json")
    path = file(tmp_path, workflow, "greet.yaml")
    assert "inputs.owner: can't be blank" in connected.refused("run", path, "--trigger", event, code=2)
    given = json.dumps({"owner": "1"})
    done = connected.run("run", path, "--trigger", event, "--input", "-", given=given)
    assert (done.returncode, json.loads(done.stdout)) == (0, {"greeting": "Hello Zoë"})


def test_a_bad_file_says_everything_that_is_wrong_and_where(connected: Home, tmp_path: Path):
    tasks = [
        {"name": "a", "type": "slack/v1/sendMessage"},
        {"name": "b", "type": "copper/v1/createPersn", "parameters": {}},
        {"name": "c", "type": "condition/v1", "parameters": {"caseTrue": [{"name": "d", "type": "map/v1"}]}},
        {"name": "e", "type": "copper/v1/createPerson", "parameters": {"nmae": "x"}},
        {"name": "f", "type": "var/v1/set", "parameters": {"value": "=1 +"}},
    ]
    said = connected.refused("run", file(tmp_path, {"label": "x", "tasks": tasks}), code=2)
    for words in (
        "tasks[0].type: tasks of the type slack/v1/sendMessage are not supported",
        "is copper/v1/createPerson meant?",
        "tasks[2].parameters.caseTrue[0].type: tasks of the type map/v1 are not supported",
        "tasks[3].parameters.nmae",
        "tasks[4].parameters.value",
    ):
        assert words in said
    assert "cannot be read" in connected.refused("run", file(tmp_path, "{", "x.json"), code=2)
    assert "cannot be read" in connected.refused("run", str(tmp_path / "nowhere.json"), code=2)
    good = file(tmp_path, {**tasks[3], "parameters": {"name": "x"}})
    assert "no connection other" in connected.refused("run", good, "--connection", "other", code=2)


def test_a_failed_run_goes_on_from_the_failed_step(connected: Home, copper: StandIn, tmp_path: Path):
    tasks = [
        {"name": "company", "type": "copper/v1/createCompany", "parameters": {"name": "Harbour"}},
        {"name": "task", "type": "copper/v1/createTask", "parameters": {"name": "Call", "priority": "Now", "status": "Open"}},
    ]
    connected.refused("run", file(tmp_path, {"label": "Two", "tasks": tasks}), code=1)
    shown = json.loads(connected.ok("workflow", "show", run_id_of(connected)))
    assert [step["state"] for step in shown["steps"]] == ["done", "failed"]
    edited = file(tmp_path, {"name": "Call", "priority": "High", "status": "Open"}, "edited.json")
    connected.ok("workflow", "retry", shown["id"], "--input", edited)
    assert [seen.path.rpartition("/")[2] for seen in copper.writes()] == ["companies", "tasks"]
    assert "done" in connected.ok("workflow", "runs")


def test_what_waits_for_somebody_ends_with_three(connected: Home, copper: StandIn, tmp_path: Path):
    copper.quirks.answer(401, b"{}", times=5)
    path = file(tmp_path, {"name": "p", "type": "copper/v1/createPerson", "parameters": {"name": "Zoë"}})
    said = json.loads(connected.refused("run", path, code=3))
    assert (said["state"], said["reason"]) == ("parked", "needs_reauth")
    copper.quirks.faults.clear()
    copper.quirks.drop_answer(path="/odd")
    odd = {"name": "c", "type": "copper/v1/customCall", "parameters": {"method": "POST", "path": "/odd"}}
    assert json.loads(connected.refused("run", file(tmp_path, odd), code=3))["reason"] == "ambiguous"
    assert "runs, or give --all" in connected.refused("workflow", "retry", code=2)
    assert json.loads(connected.ok("workflow", "retry", "--all", "--reason", "needs_reauth"))["p"]["name"] == "Zoë"
    assert "is discarded" in connected.ok("workflow", "discard", "--all")
    assert connected.ok("workflow", "runs", "--state", "parked") == ""


def test_a_dry_run_writes_nothing(connected: Home, copper: StandIn, tmp_path: Path):
    path = file(tmp_path, {"name": "p", "type": "copper/v1/createPerson", "parameters": {"name": "Zoë"}})
    before = connected.ok("workflow", "runs")
    shown = json.loads(connected.ok("run", path, "--dry-run"))
    assert shown["steps"][0]["output"]["would"] == {"call": "POST /people", "parameters": {"name": "Zoë"}}
    assert copper.writes() == []
    assert connected.ok("workflow", "runs") == before


def test_workflows_are_kept_listed_switched_and_written_again(connected: Home, tmp_path: Path):
    trigger = {"name": "trigger_1", "type": "webhook/v1/autoRespondWithHTTP200", "x-own": [1]}
    task = {"name": "v", "type": "var/v1/set", "parameters": {"value": None}, "metadata": {"ui": {"x": 1}}, "odd": "kept"}
    workflow = {"label": "Keep me", "x-mine": {"deep": [None]}, "triggers": [trigger], "tasks": [task]}
    number = connected.ok("workflow", "add", file(tmp_path, workflow)).strip()
    assert connected.ok("workflow", "list").startswith(f"{number}\tdisabled\tKeep me\twebhook/v1/autoRespondWithHTTP200\t/hooks/")
    connected.ok("workflow", "enable", "Keep me")
    assert "\tenabled\t" in connected.ok("workflow", "list")
    connected.ok("workflow", "disable", number)
    assert json.loads(connected.ok("workflow", "export", "Keep me")) == workflow
    again = str(tmp_path / "again.yaml")
    connected.ok("workflow", "export", number, again)
    # Added again from what was written, it is the same one with the same content.
    assert connected.ok("workflow", "add", again, "--name", "Keep me").strip() == number
    assert json.loads(connected.ok("workflow", "export", number)) == workflow
    for command in ("enable", "export"):
        assert "There is no workflow nobody" in connected.refused("workflow", command, "nobody")
    for command in ("show", "retry", "discard"):
        assert "There is no run nobody" in connected.refused("workflow", command, "nobody")
