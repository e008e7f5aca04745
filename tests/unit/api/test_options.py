"""`/automation/v1/options`: pickers through a stored connection."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from cuprum.automation.connections import Connections
from cuprum.storage.trigger_tables import event_ledger, poll_state
from installation import Installation, Person
from ports import free_port
from standin import StandIn

PATH = "/automation/v1/options"


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


@pytest.fixture
def connections(cuprum: Installation, standin: StandIn) -> Connections:
    standin.reset()
    stored = Connections(cuprum.settings, cuprum.database)
    stored.add_api_key("cloud", email=standin.email, key=standin.key, base_url=standin.base_url)
    return stored


def ask(person: Person, **asked: object):
    return person.client.post(PATH, json={"connection": "cloud", **asked}, headers=person.headers)


def test_a_picker_is_paged_searchable_and_depends_on_what_is_filled_in(cuprum: Installation, connections: Connections) -> None:
    with connections.open("cloud") as copper:
        for n in range(60):
            copper.companies.create(name=f"Company {n:02}")
    first = ask(cuprum.ada, operation="createPerson", property="company_id").json()
    assert (len(first["options"]), first["more"]) == (50, True)
    last = ask(cuprum.ada, operation="createPerson", property="company_id", page=2).json()
    assert (len(last["options"]), last["more"]) == (10, False)
    found = ask(cuprum.ada, operation="createPerson", property="company_id", search="ny 1").json()["options"]
    assert [one["label"] for one in found] == [f"Company 1{n}" for n in range(10)]
    assert ask(cuprum.ada, operation="createActivity", property="id").json() == {"options": [], "more": False}
    parents = ask(cuprum.ada, operation="createActivity", property="id", input={"type": "company"}).json()
    assert parents["options"] == first["options"]


def test_the_same_by_get(cuprum: Installation, connections: Connections) -> None:
    with connections.open("cloud") as copper:
        copper.leads.create(name="Lea")
    query = "connection=cloud&operation=createTask&property=related_resource.id&input[related_resource][type]=lead&page=1&search="
    answer = cuprum.client.get(f"{PATH}?{query}", headers=cuprum.ada.headers)
    assert [one["label"] for one in answer.json()["options"]] == ["Lea"]


def test_what_is_wrong_is_named_all_at_once(cuprum: Installation, connections: Connections) -> None:
    answer = cuprum.client.post(PATH, json={"property": 7, "page": 0, "input": [], "color": "red"}, headers=cuprum.ada.headers)
    assert answer.status_code == 422
    for rule in (
        "Color: is not known here", "Operation: can't be blank", "Connection: can't be blank", "Property: must be text",
        "Input: must be an object", "Page: must be a whole number",
    ):  # fmt: skip
        assert rule in answer.json()["message"]
    for asked, said in (
        ({"operation": "createPersn", "property": "name"}, "is createPerson meant"),
        ({"operation": "createPerson", "property": "nope"}, "Nope: is not a property of createPerson"),
        ({"operation": "createPerson", "property": "name"}, "Name: is free text and has no options"),
    ):
        answer = ask(cuprum.ada, **asked)
        assert (answer.status_code, said in answer.json()["message"]) == (422, True), answer.text
    unknown = ask(cuprum.ada, operation="createPerson", property="company_id", connection="nowhere")
    assert (unknown.status_code, "no connection nowhere" in unknown.json()["message"]) == (404, True)


def test_only_admins_reach_through_connections(cuprum: Installation, connections: Connections) -> None:
    assert ask(cuprum.grace, operation="createPerson", property="company_id").status_code == 403


def test_a_server_that_refuses_or_is_gone_is_named(cuprum: Installation, connections: Connections, standin: StandIn) -> None:
    connections.add_api_key("wrong key", email=standin.email, key="x" * 32, base_url=standin.base_url)
    connections.add_api_key("gone", email="a@x.example", key="k", base_url=f"http://127.0.0.1:{free_port()}")
    answer = ask(cuprum.ada, operation="createPerson", property="company_id", connection="wrong key")
    assert (answer.status_code, "wrong key could not be asked" in answer.json()["message"]) == (502, True)
    assert ask(cuprum.ada, operation="createPerson", property="company_id", connection="gone").status_code == 502
    assert {one.name: one.state for one in connections.all()} == {"cloud": "ok", "gone": "ok", "wrong key": "needs_reauth"}


def test_samples_of_a_trigger_are_its_events_and_move_nothing(cuprum: Installation, connections: Connections) -> None:
    with connections.open("cloud") as copper:
        made = copper.leads.create(name="Lea")
    asked = {"connection": "cloud", "trigger": "leadCreatedOrUpdated"}
    by_post = cuprum.client.post("/automation/v1/samples", json=asked, headers=cuprum.ada.headers)
    assert by_post.status_code == 200
    (event,) = by_post.json()["samples"]
    assert (event["event"], event["id"], event["record"]["name"]) == ("created", made["id"], "Lea")
    by_get = cuprum.client.get("/automation/v1/samples", params=asked, headers=cuprum.ada.headers)
    assert by_get.json() == by_post.json()
    assert cuprum.as_person("ada", lambda work: work.execute(select(event_ledger)).all()) == []
    assert cuprum.as_person("ada", lambda work: work.execute(select(poll_state)).all()) == []
    refused = cuprum.client.post("/automation/v1/samples", json={"page": 1}, headers=cuprum.ada.headers)
    assert refused.status_code == 422
    assert all(name in refused.text.lower() for name in ("page", "trigger", "connection"))
    assert cuprum.client.post("/automation/v1/samples", json=asked, headers=cuprum.grace.headers).status_code == 403
