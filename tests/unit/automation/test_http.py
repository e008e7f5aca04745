"""`httpClient/v1/…` on a server: through the guarded transport, and at most once where a call could make something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from hooks import Hooks, hooks
from live_server import live_server
from patience import PATIENCE_SECONDS
from unit.automation.conftest import Working

pytestmark = pytest.mark.parametrize("template", ["sqlite"], indirect=True, scope="session")


@pytest.fixture
def outside() -> Iterator[Hooks]:
    with hooks() as receiver:
        yield receiver


def http(method: str, **parameters: Any) -> dict[str, Any]:
    return {"name": "call", "type": f"httpClient/v1/{method}", "parameters": parameters, "maxRetries": 1}


def test_a_call_says_what_it_is_given_and_hears_the_whole_answer(working: Working, outside: Hooks):
    outside.headers["X-Answer"] = "yes"
    task = http(
        "post",
        uri=outside.url("/in"),
        headers={"X-From": "${who}"},
        queryParameters={"a": "1 & 2"},
        body={"n": "${who}"},
        fullResponse=True,
    )
    run = working.run({"label": "http", "inputs": [{"name": "who"}], "tasks": [task]}, inputs={"who": "Zoë"})
    # A header takes no such letters.
    assert (run["state"], "header" in run["error"]["message"]) == ("failed", True), run["error"]
    run = working.run({"label": "http", "inputs": [{"name": "who"}], "tasks": [task]}, inputs={"who": "Ada"})
    assert run["state"] == "done", run["error"]
    [heard] = outside.heard
    assert (heard.path, heard.message, heard.headers["x-from"]) == ("/in?a=1+%26+2", {"n": "Ada"}, "Ada")
    assert heard.headers["idempotency-key"].startswith(run["id"])
    assert run["steps"][0]["output"]["statusCode"] == 200
    assert run["steps"][0]["output"]["headers"]["x-answer"] == "yes"


@pytest.mark.parametrize("status", [429, 503])
def test_what_says_that_nothing_happened_is_sent_again(working: Working, outside: Hooks, status: int):
    outside.status, outside.headers = status, {"Retry-After": "1"}
    run_id = working.start([http("post", uri=outside.url(), body={})])
    run = working.ended(run_id)
    assert (run["state"], run["reason"], run["steps"][0]["attempts"]) == ("parked", "unavailable", 2)
    outside.status = 200
    working.ask("POST", f"/runs/{run_id}/retry", {})
    assert working.ended(run_id, 2)["state"] == "done"
    assert len({heard.headers["idempotency-key"] for heard in outside.heard}) == 1


def test_what_may_have_happened_is_not_sent_again(working: Working, outside: Hooks):
    outside.status = 502
    run = working.run([http("post", uri=outside.url(), body={})])
    assert (run["state"], run["reason"]) == ("parked", "ambiguous")
    assert len(outside.heard) == 1
    # Reading is.
    run = working.run([http("get", uri=outside.url())])
    assert (run["reason"], len(outside.heard)) == ("unavailable", 3)


def test_what_is_refused_fails_unless_the_status_is_ignored(working: Working, outside: Hooks):
    outside.status = 422
    run = working.run([http("post", uri=outside.url(), body={})])
    assert (run["state"], run["error"]["details"]["status"], len(outside.heard)) == ("failed", 422, 1)
    assert working.run([http("get", uri=outside.url(), ignoreResponseCode=True)])["state"] == "done"
    assert "uri can't be blank" in working.run([http("get")])["error"]["message"]


def test_private_addresses_are_refused_unless_the_setting_allows_them(
    working: Working, template: Any, tmp_path: Any, outside: Hooks
):
    with live_server(template, tmp_path / "strict") as server:
        server.start()
        with httpx2.Client(base_url=server.url, timeout=PATIENCE_SECONDS, trust_env=False) as client:
            strict = Working(**{**vars(working), "server": server, "client": client})
            run = strict.ended(strict.ask("POST", "/runs", {"definition": http("get", uri=outside.url())})["id"])
        assert run["state"] == "failed"
        assert "CUPRUM_WEBHOOK_ALLOW" in run["error"]["message"]
        assert outside.heard == []
