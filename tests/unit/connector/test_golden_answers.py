"""The golden pairs from the other end: whatever Copper is recorded to answer, the connector's own readers take."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from cuprum.connector import Copper, CopperError
from cuprum.connector.catalogue import ACTIONS
from cuprum.connector.errors import BY_STATUS, Refused
from golden.matching import FOLDER, STORIES, whole
from unit.connector.output_schema import problems_of
from unit.connector.scenarios import SCENARIOS

# Where several actions call one address, the one that hands on what it answers.
CHOOSING = ("getLeadByEmail", "findOrCreate", "attach", "custom")
PASSING_ON = [one for one in ACTIONS.values() if not one.name.startswith(CHOOSING)]
# Addresses that no action needs, but the client has.
BESIDE: dict[str, Callable[[Copper], Any]] = {
    "GET /custom_field_definitions/1": lambda copper: copper.custom_field_definitions.get(1),
    "POST /custom_field_definitions": lambda copper: copper.custom_field_definitions.create(name="x"),
    "PUT /custom_field_definitions/1": lambda copper: copper.custom_field_definitions.update(1, name="x"),
    "DELETE /custom_field_definitions/1": lambda copper: copper.custom_field_definitions.delete(1),
    "GET /custom_activity_types": lambda copper: copper.custom_activity_types.all(),
    "GET /custom_activity_types/1": lambda copper: copper.custom_activity_types.get(1),
    "POST /custom_activity_types": lambda copper: copper.custom_activity_types.create("x", "y"),
    "PUT /custom_activity_types/1": lambda copper: copper.custom_activity_types.update(1, name="x"),
    "GET /webhooks/1": lambda copper: copper.webhooks.get(1),
    "PUT /webhooks/1": lambda copper: copper.webhooks.update(1, event="new"),
    "POST /activities/bulk_create": lambda copper: copper.activities.bulk_create([{}]),
}
# The other verbs and spellings that the server takes too, and the client has no use for.
TWINS = {"GET /people/fetch_by_email": "POST /people/fetch_by_email", "POST /leads/upsert": "PUT /leads/upsert"}
WORLD = dict.fromkeys(("company", "person", "lead", "opportunity", "project", "task", "activity", "region", "north", "hook", "user", "colleague", "contact_type", "pipeline", "stage"), 1)  # fmt: skip
ASIDE = {
    "/account": {"id": 1, "name": "Harbour & Pine", "primary_timezone": "Europe/Lisbon"},
    "/custom_field_definitions": [
        {"id": 1, "name": "Region", "data_type": "Dropdown", "available_on": ["lead"], "options": [{"id": 1, "name": "north"}]}
    ],
}


def answers() -> Iterator[Any]:
    for story in STORIES:
        for place, step in enumerate(json.loads((FOLDER / story).read_text())["steps"]):
            if "body" in step["response"]:
                yield pytest.param(step["request"], step["response"], id=f"{story}:{place + 1}")


def as_answered(value: Any) -> Any:
    """A golden answer with something in place of each placeholder."""
    match value:
        case {"$as": _}:
            return as_answered(whole(value))
        case dict():
            return {as_answered(name): as_answered(one) for name, one in value.items() if one != "$any" and name != "$rest"}
        case list():
            # A row that may be anything says at least which one it is.
            return [{"id": 17} if one == "$any" else as_answered(one) for one in value if one != "$more"]
        case "$now":
            return 1_767_312_500
        case "$iso_now":
            return "2026-01-02T03:04:05.678Z"
        case str() if re.fullmatch(r"\$(id|user):\w+|\$given", value):
            return 17
        case str() if value.startswith("$text:"):
            return "17"
        case str():
            return re.sub(r"\$(id|user):\w+|\$string", "17", value)
    return value


def client_that_hears(response: dict[str, Any], path: str) -> Copper:
    """A client whose every request gets that answer, but for what it asks aside."""
    body = as_answered(response["body"])

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked = request.url.path.removeprefix("/developer_api/v1")
        headers = {"X-PW-TOTAL": str(len(body)), **response.get("headers", {})}
        if request.method == "GET" and asked in ASIDE and asked != path.rstrip("/"):
            return httpx2.Response(200, json=ASIDE[asked])
        return httpx2.Response(response["status"], json=body, headers=headers)

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    return Copper(email="a", key="k", base_url="https://crm.example/developer_api/v1", client=http, attempts=1)


@pytest.mark.parametrize(("request_", "response"), list(answers()))
def test_the_connector_takes_the_recorded_answer(request_: dict[str, Any], response: dict[str, Any]) -> None:
    method, path = request_["method"], re.sub(r"\$\w+:\w+|\d+", "1", request_["path"]).rstrip("/")
    method = {"PATCH": "PUT"}.get(method, method)
    copper = client_that_hears(response, path)
    if response["status"] != 200:
        refusal_is_read(copper, method, path, response)
        return
    called = TWINS.get(f"{method} {path}", f"{method} {path}")
    if "tag_names_only" in request_.get("query", {}):
        assert copper.tags.names() == as_answered(response["body"])
        return
    if called in BESIDE:
        assert BESIDE[called](copper) == as_answered(response["body"])
        return
    name = next((one.name for one in PASSING_ON if re.fullmatch(pattern_of(one.call), called)), None)
    assert name, f"nothing of the connector calls {called}"
    output = copper.act(name, SCENARIOS[name].given(WORLD))
    assert problems_of(output, ACTIONS[name].output) == []


def pattern_of(call: str) -> str:
    """A call with its places: `GET /{plural}/{id}/related` also stands for the types below it."""
    further = {"GET /{plural}/{id}/related": r"(/\w+)?", "GET /users/{id}": "", "GET /pipeline_stages": r"(/pipeline/1)?"}
    return re.sub(r"\\\{\w+\\\}", r"\\w+", re.escape(call)) + further.get(call, "")


def refusal_is_read(copper: Copper, method: str, path: str, response: dict[str, Any]) -> None:
    """The class of the status, the words as they are, and each broken rule with its field."""
    said = as_answered(response["body"])
    with pytest.raises(CopperError) as caught:
        copper.request(method, path, {})
    assert isinstance(caught.value, BY_STATUS.get(response["status"], Refused))
    message = said.get("message") or said["error"]
    assert caught.value.message == message
    if "Validation errors: " in message:
        rules = message.partition("Validation errors: ")[2].split("\n")
        assert [f"{one.label}: {one.message}" for one in caught.value.problems] == rules
        assert all(re.fullmatch(r"\w+", one.field) for one in caught.value.problems)
