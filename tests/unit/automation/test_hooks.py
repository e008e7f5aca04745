"""Webhooks that start workflows, and calls that wake runs which wait for them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx2

from patience import wait_until
from unit.automation.conftest import Working

SAYS = {"name": "said", "type": "var/v1/set", "parameters": {"value": "${trigger_1}"}}
TOKEN = {"csrfToken": "s3cret ünicode"}


def listening(working: Working, kind: str, tasks: list[Any], **parameters: Any) -> tuple[int, str]:
    """The id of an enabled workflow with that trigger, and the path at which it listens."""
    trigger = {"name": "trigger_1", "type": f"webhook/v1/{kind}", "parameters": parameters}
    workflow = {"label": f"hook {kind}", "triggers": [trigger], "tasks": tasks, "outputs": [{"name": "said", "value": "${said}"}]}
    kept = working.ask("POST", "/workflows", {"definition": workflow, "enabled": True})
    address = kept["addresses"]["trigger_1"]
    assert address.startswith(working.server.url)
    return kept["id"], urlsplit(address).path


def call(working: Working, method: str, path: str, **options: Any) -> httpx2.Response:
    """From outside: without anybody's key."""
    return working.client.request(method, path, **options)


def runs(working: Working, workflow_id: int) -> list[dict[str, Any]]:
    return [run for run in working.ask("GET", f"/runs?workflow={workflow_id}") if run["state"] in ("done", "failed")]


def test_a_call_starts_a_run_with_all_that_it_said(working: Working):
    workflow_id, path = listening(working, "autoRespondWithHTTP200", [SAYS])
    answer = call(
        working, "POST", f"{path}?a=1&b=", json={"name": "山田", "n": 17}, headers={"X-From": "a form", "Authorization": "no"}
    )
    assert (answer.status_code, answer.content) == (200, b"")
    said = wait_until(lambda: runs(working, workflow_id))[0]["outputs"]["said"]
    assert (said["method"], said["parameters"], said["body"]) == ("POST", {"a": "1", "b": ""}, {"name": "山田", "n": 17})
    assert said["headers"]["x-from"] == "a form"
    assert "authorization" not in said["headers"]


def test_forms_and_text_are_read_too(working: Working):
    workflow_id, path = listening(working, "autoRespondWithHTTP200", [SAYS])
    before = len(runs(working, workflow_id))
    call(working, "POST", path, data={"name": "Zoë", "mail": "z@x.example"})
    call(working, "PUT", path, content="just text", headers={"Content-Type": "text/plain"})
    call(working, "GET", path)
    wait_until(lambda: len(runs(working, workflow_id)) == before + 3)
    bodies = [run["outputs"]["said"]["body"] for run in runs(working, workflow_id)]
    for expected in ({"name": "Zoë", "mail": "z@x.example"}, "just text", None):
        assert expected in bodies


def test_a_message_that_is_sent_twice_starts_one_run(working: Working):
    workflow_id, path = listening(working, "autoRespondWithHTTP200", [SAYS])
    before = len(runs(working, workflow_id))
    for _ in range(3):
        assert call(working, "POST", path, json={}, headers={"webhook-id": "msg_1"}).status_code == 200
    assert call(working, "POST", path, json={}, headers={"webhook-id": "msg_2"}).status_code == 200
    wait_until(lambda: len(runs(working, workflow_id)) == before + 2)
    assert len(working.ask("GET", f"/runs?workflow={workflow_id}&limit=200")) == before + 2


def test_nobody_finds_an_address_by_guessing(working: Working):
    workflow_id, path = listening(working, "autoRespondWithHTTP200", [SAYS])
    good = path.rpartition("/")[2]
    for wrong in (f"/hooks/workflows/{workflow_id}/{'0' * 48}", f"/hooks/workflows/{workflow_id + 1}/{good}",
                  f"/hooks/workflows/x/{good}", f"/hooks/workflows/{10**30}/{good}", f"/hooks/workflows/²/{good}"):  # fmt: skip
        assert call(working, "POST", wrong, json={}).status_code == 404, wrong
    working.ask("POST", f"/workflows/{workflow_id}/disable")
    assert "No enabled workflow" in call(working, "POST", path, json={}).json()["message"]


def test_a_malformed_body_is_refused(working: Working):
    _, path = listening(working, "autoRespondWithHTTP200", [SAYS])
    answer = call(working, "POST", path, content=b"{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, "Malformed JSON" in answer.text) == (400, True)
    assert call(working, "POST", path, content=b"\xff\xfe").status_code == 400


def test_a_token_is_asked_for_where_one_is_set(working: Working):
    workflow_id, path = listening(working, "validateAndRespond", [SAYS], csrfToken="s3cret")
    assert call(working, "POST", path, json={}).status_code == 403
    assert call(working, "POST", path, json={}, headers={"X-Csrf-Token": "S3CRET"}).status_code == 403
    assert call(working, "POST", path, json={}, headers={"X-Csrf-Token": "s3cret"}).status_code == 200
    said = wait_until(lambda: runs(working, workflow_id))[0]["outputs"]["said"]
    assert "x-csrf-token" not in said["headers"]


def test_a_token_left_blank_is_refused_when_the_workflow_is_kept(working: Working):
    trigger = {"name": "trigger_1", "type": "webhook/v1/validateAndRespond", "parameters": {"csrfToken": ""}}
    body = {"definition": {"label": "x", "triggers": [trigger], "tasks": [SAYS]}}
    assert "triggers[0].parameters.csrfToken: can't be blank" in working.ask("POST", "/workflows", body, status=422)["message"]


def test_who_awaits_the_workflow_gets_its_answer(working: Working):
    parameters = {"statusCode": 201, "headers": {"X-Made": "${trigger_1.body.n}"}, "body": {"twice": "=trigger_1.body.n * 2"}}
    tasks = [SAYS, {"name": "answers", "type": "webhook/v1/responseToWebhookRequest", "parameters": parameters}]
    _, path = listening(working, "awaitWorkflowAndRespond", tasks, csrfToken="t")
    answer = call(working, "POST", path, json={"n": 21}, headers={"X-Csrf-Token": "t"})
    assert (answer.status_code, answer.headers["x-made"], answer.json()) == (201, "21", {"twice": 42})


def test_without_an_answer_of_its_own_the_outputs_are_answered(working: Working):
    _, path = listening(
        working, "awaitWorkflowAndRespond", [{**SAYS, "parameters": {"value": "${trigger_1.body}"}}], csrfToken="t"
    )
    assert call(working, "POST", path, json=[1], headers={"X-Csrf-Token": "t"}).json() == {"said": [1]}


def test_who_awaits_hears_that_it_failed_but_not_why(working: Working):
    _, path = listening(
        working, "awaitWorkflowAndRespond", [{**SAYS, "parameters": {"value": "=1 / trigger_1.body"}}], csrfToken="t"
    )
    answer = call(working, "POST", path, json=0, headers={"X-Csrf-Token": "t"})
    assert (answer.status_code, "did not succeed" in answer.text, "zero" in answer.text) == (500, True, False)


def test_who_awaits_too_long_is_told_that_it_goes_on(working: Working):
    wait = {"name": "w", "type": "wait/v1/onWebhookCall", "parameters": {"csrfToken": "w", "amount": 1, "unit": "HOURS"}}
    workflow_id, path = listening(working, "awaitWorkflowAndRespond", [wait, SAYS], csrfToken="t", timeout=50)
    answer = call(working, "POST", path, json={}, headers={"X-Csrf-Token": "t"})
    assert (answer.status_code, "it goes on" in answer.text) == (504, True)
    run = working.ask("GET", f"/runs?workflow={workflow_id}")[0]
    assert call(working, "POST", _waits_at(working, run["id"]), json={}, headers={"X-Csrf-Token": "w"}).status_code == 200
    assert working.ended(run["id"])["state"] == "done"


def test_a_run_waits_until_it_is_called(working: Working):
    wait = {"name": "wait", "type": "wait/v1/onWebhookCall", "parameters": {"csrfToken": "t", "amount": 1, "unit": "HOURS"}}
    run_id = working.start([wait, {"name": "after", "type": "var/v1/set", "parameters": {"value": "${wait.body.ok}"}}])

    path = _waits_at(working, run_id)
    assert call(working, "POST", path, json={"ok": "no"}).status_code == 403
    assert call(working, "POST", path[:-1] + ("0" if path[-1] != "0" else "1"), json={}).status_code == 404
    assert call(working, "POST", path, json={"ok": "yes"}, headers={"X-Csrf-Token": "t"}).json() == {"resumed": True}
    run = working.ended(run_id)
    assert (run["state"], run["steps"][1]["output"]) == ("done", "yes")
    assert call(working, "POST", path, json={"ok": "late"}, headers={"X-Csrf-Token": "t"}).status_code == 410


def _waits_at(working: Working, run_id: str) -> str:
    """The path that a run waits to be called at in its first step."""

    def waiting() -> Any:
        steps = working.ask("GET", f"/runs/{run_id}")["steps"]
        return steps[0]["input"]["resumeUrl"] if steps else None

    return urlsplit(wait_until(waiting)).path


def test_a_call_that_never_comes_is_an_error_that_can_be_caught(working: Working):
    wait = {"name": "wait", "type": "wait/v1/onWebhookCall", "parameters": {"csrfToken": "t", "amount": 1, "unit": "SECONDS"}}
    caught = {"name": "caught", "type": "var/v1/set", "parameters": {"value": "${tries.error.message}"}}
    tries = {"name": "tries", "type": "on-error/v1", "parameters": {"main-branch": [wait], "on-error-branch": [caught]}}
    run = working.run([tries])
    assert run["state"] == "done"
    assert "nobody called within 1 seconds" in run["steps"][-1]["output"]
