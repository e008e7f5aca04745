"""`cuprum act` and `options`: exit codes, JSON on the right stream, pickers page by page."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from homes import Done, Home
from ports import free_port
from standin import StandIn


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


@pytest.fixture
def home(sqlite_home: Home, standin: StandIn) -> Home:
    standin.reset()
    add = ("connection", "add", "cloud", "--api-key-stdin", "--email", standin.email, "--base-url", standin.base_url)
    sqlite_home.ok(*add, given=standin.key + "\n")
    return sqlite_home


def act(home: Home, operation: str, given: object, connection: str = "cloud") -> Done:
    return home.run("act", operation, "--connection", connection, "--input", "-", given=json.dumps(given))


def test_an_action_prints_its_output_as_one_object(home: Home) -> None:
    # As a workflow file has it, too.
    for given in (
        {"name": "Ada 株式会社"},
        {"type": "copper/v1/createPerson", "name": "x", "parameters": {"name": "Ada 株式会社"}},
    ):
        done = act(home, "createPerson", given)
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["name"] == "Ada 株式会社"


def test_a_refusal_is_json_on_standard_error(home: Home, standin: StandIn) -> None:
    for operation, given, error in (
        ("createPerson", {}, "InvalidInput"),
        ("getPersonById", {"id": 99}, "NotFound"),
        ("getPersonByEmail", {"email": "no@body.example", "when_none": "fail"}, "NothingFound"),
    ):
        done = act(home, operation, given)
        assert (done.returncode, done.stdout) == (1, "")
        assert json.loads(done.stderr)["error"] == error
    standin.quirks.drop_answer(method="POST")
    done = act(home, "createPerson", {"name": "Perhaps"})
    assert (done.returncode, json.loads(done.stderr)["error"]) == (3, "OutcomeUnknown")


def test_wrong_usage_ends_with_two(home: Home) -> None:
    assert home.run("act", "createPerson", "--connection", "cloud", "--input", "-", given="no json").returncode == 2
    assert home.run("act", "createPerson", "--connection", "cloud", "--input", "-", given="[1]").returncode == 2
    assert home.run("act", "createPerson", "--connection", "cloud", "--input", "/nowhere.json").returncode == 2
    for command in (
        ("act", "createPersn", "--input", "-"),
        ("options", "createPersn", "company_id"),
        ("samples", "personCreate"),
    ):
        wrong = home.run(*command, "--connection", "cloud", given="{}")
        assert (wrong.returncode, wrong.stdout) == (2, "")
        assert "is createPerson meant?" in wrong.stderr or "is personCreated meant?" in wrong.stderr
    assert "no connection elsewhere" in json.loads(act(home, "createPerson", {"name": "x"}, "elsewhere").stderr)["message"]


def test_a_key_that_is_refused_marks_the_connection(home: Home, standin: StandIn) -> None:
    home.ok("connection", "add", "old", "--api-key-stdin", "--email", standin.email, "--base-url", standin.base_url, given="x\n")
    assert json.loads(act(home, "listTags", {}, "old").stderr)["error"] == "Unauthorized"
    assert "old\tapi_key\tneeds_reauth" in home.ok("connection", "list")
    # Renewed under its name, it is as new.
    add = ("connection", "add", "old", "--api-key-stdin", "--email", standin.email, "--base-url", standin.base_url)
    home.ok(*add, given=standin.key + "\n")
    assert "old\tapi_key\tok" in home.ok("connection", "list")
    home.ok("connection", "remove", "old")
    assert "no connection old" in home.refused("connection", "test", "old")


def test_a_test_says_which_step_failed(home: Home) -> None:
    assert [one["ok"] for one in json.loads(home.ok("connection", "test", "cloud"))["steps"]] == [True, True]
    home.ok(
        "connection",
        "add",
        "lost",
        "--api-key-stdin",
        "--email",
        "a@x.example",
        "--base-url",
        f"http://127.0.0.1:{free_port()}",
        given="k\n",
    )
    done = home.run("connection", "test", "lost")
    assert done.returncode == 1
    (step,) = json.loads(done.stdout)["steps"]
    assert (step["step"], step["call"], step["ok"], step["error"]) == ("account", "GET /account", False, "Unreachable")


def test_options_are_paged_searched_and_dependent(home: Home) -> None:
    for n in range(3):
        assert act(home, "createLead", {"name": f"Lead {n}"}).returncode == 0

    def options(*arguments: str, given: str = "") -> dict[str, object]:
        return json.loads(home.ok("options", *arguments, "--connection", "cloud", given=given))

    assert options("createActivity", "id") == {"options": [], "more": False}
    found = options("createActivity", "id", "--input", "-", "--search", "ad 1", given='{"type": "lead"}')
    assert [one["label"] for one in found["options"]] == ["Lead 1"]
    assert options("createActivity", "id", "--input", "-", "--page", "2", given='{"type": "lead"}') == {
        "options": [],
        "more": False,
    }
    assert home.run("options", "createActivity", "id", "--connection", "cloud", "--page", "0").returncode == 2
    refused = home.run("options", "createActivity", "details", "--connection", "cloud")
    assert (refused.returncode, json.loads(refused.stderr)["error"]) == (1, "InvalidInput")


def test_samples_show_what_a_trigger_would_say(home: Home) -> None:
    assert act(home, "createPerson", {"name": "Elena Costa"}).returncode == 0
    found = json.loads(home.ok("samples", "personCreated", "--connection", "cloud"))
    assert "Elena Costa" in {one["record"]["name"] for one in found["samples"]}
    assert found["generated"]["event"] == "created"
    narrowed = json.loads(
        home.ok("samples", "personUpdated", "--connection", "cloud", "--input", "-", given='{"watched": ["title"]}')
    )
    assert {tuple(one["changed"]) for one in narrowed["samples"]} == {("title",)}
    refused = home.run("samples", "ownerChanged", "--connection", "cloud")
    assert (refused.returncode, json.loads(refused.stderr)["error"]) == (1, "InvalidInput")
