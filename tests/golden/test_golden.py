"""Plays every golden pair against the server, on both databases."""

from __future__ import annotations

import json
from typing import Any

import pytest

from golden.matching import FOLDER, STORIES, Known
from installation import Installation


@pytest.mark.parametrize("story", STORIES)
def test_the_server_answers_as_copper_does(cuprum: Installation, story: str):
    read = json.loads((FOLDER / story).read_text())
    known = Known({name: person.id for name, person in cuprum.people.items()})
    for place, step in enumerate(read["steps"]):
        request, response = step["request"], step["response"]
        answer = _sent(cuprum, known.fill(request))
        where = f"{story}, step {place + 1}: {request['method']} {request['path']}"
        assert answer.status_code == response["status"], f"{where}: {answer.status_code} {answer.text}"
        for name, value in response.get("headers", {}).items():
            assert answer.headers.get(name) == value, f"{where}: {name} {answer.headers.get(name)!r}"
        if "body" in response:
            assert answer.headers["content-type"].startswith("application/json")
            differences = known.differences(response["body"], answer.json())
            assert not differences, f"{where}\n" + "\n".join(differences)


def _sent(cuprum: Installation, request: dict[str, Any]) -> Any:
    person = cuprum.people[request.get("as", "ada")]
    own = {**person.headers, **request.get("headers", {})}
    options: dict[str, Any] = {"headers": {name: value for name, value in own.items() if value is not None}}
    if "query" in request:
        options["params"] = request["query"]
    if "raw" in request:
        options["content"] = request["raw"].encode()
    return person.call(request["method"], request["path"], request.get("body"), **options)


@pytest.mark.parametrize("story", STORIES)
def test_a_golden_story_names_its_section(story: str):
    read = json.loads((FOLDER / story).read_text())
    assert read.keys() == {"name", "section", "steps"}
    assert read["name"]
    assert read["section"].startswith(("part1.md §", "part2.md §"))
    assert all(step.keys() == {"request", "response"} for step in read["steps"])
