"""Samples of a trigger: the latest records as it would emit them, and a made-up one."""

from typing import Any

import pytest

from cuprum.connector import Copper, errors
from cuprum.connector.catalogue import TRIGGERS, trigger
from cuprum.connector.triggers.samples import example, generated
from cuprum.entities import ENTITIES
from standin import StandIn

INPUTS: dict[str, dict[str, Any]] = {
    "ownerChanged": {"entity": "person", "to": 7}, "tagAdded": {"entity": "person", "tag": "vip"},
    "tagRemoved": {"entity": "person", "tag": "vip"}, "customFieldChanged": {"entity": "lead", "custom_field_definition_id": 9},
    "opportunityStageChanged": {"from": 401, "to": 402}, "opportunityStatusChanged": {"to": "Won"},
    "personUpdated": {"watched": ["title"]},
    "recordStale": {"entity": "company", "days": 30}, "recordFollowed": {"entity": "task"},
    "recordUnfollowed": {"entity": "project"},
}  # fmt: skip


@pytest.mark.parametrize("name", TRIGGERS)
def test_every_trigger_has_a_sample_of_a_made_up_record_that_it_would_emit(name: str):
    chosen = trigger(name)
    given = chosen.read(INPUTS.get(name, {}))
    event = generated(chosen, chosen.entity_for(given), given)
    assert event
    assert chosen.wants(event, given)
    assert event.record


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_made_up_record_has_the_fields_of_the_wire(entity: str, crm: Copper):
    if entity == "activity":
        parent = {"type": "person", "id": crm.people.create(name="Elena")["id"]}
        made = crm.activities.create(parent=parent, type={"category": "user", "id": 0}, details="Met")
    else:
        made = crm.records_of(entity).create(name="Elena", **_needed(entity, crm))
    assert made.keys() <= example(entity).keys()


def _needed(entity: str, crm: Copper) -> dict[str, Any]:
    return {"primary_contact_id": crm.people.create(name="Contact")["id"]} if entity == "opportunity" else {}


def test_the_latest_three_are_told_as_the_trigger_would(crm: Copper):
    made = [crm.people.create(name=f"Person {number}") for number in range(5)]
    found = crm.samples("personCreated")
    told = found["samples"]
    assert len(told) == 3
    assert {one["id"] for one in told} <= {one["id"] for one in made}
    assert {(one["event"], one["entity"], tuple(one["changed"])) for one in told} == {("created", "person", ())}
    assert told[0]["record"] == crm.people.get(told[0]["id"])
    assert found["generated"]["record"]["name"] == "Name"


def test_samples_of_a_change_say_what_changed(crm: Copper):
    crm.people.create(name="Untagged")
    tagged = crm.people.create(name="Tagged", tags=["vip", "met"])
    found = crm.samples("tagRemoved", {"entity": "person", "tag": "old"})["samples"]
    assert {tuple(one["changed"]) for one in found} == {("tags",)}
    added = crm.samples("tagAdded", {"entity": "person", "tag": "met"})["samples"]
    assert [one["id"] for one in added] == [tagged["id"]]


def test_only_records_that_it_can_happen_to_are_shown(crm: Copper):
    crm.tasks.create(name="Open")
    done = crm.tasks.create(name="Done", status="Completed")
    assert [one["id"] for one in crm.samples("taskCompleted")["samples"]] == [done["id"]]


def test_it_costs_one_request(copper: Copper, standin: StandIn):
    copper.samples("leadCreatedOrUpdated")
    assert [(one.method, one.path.rpartition("v1")[2]) for one in standin.seen] == [("POST", "/leads/search")]


def test_what_is_no_trigger_or_a_wrong_input_is_named(copper: Copper):
    with pytest.raises(errors.InvalidInput, match="personBorn"):
        copper.samples("personBorn")
    with pytest.raises(errors.InvalidInput, match="Record Type"):
        copper.samples("tagAdded")
