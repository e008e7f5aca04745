"""Triggers pick the events they are for, and no others."""

from typing import Any

import pytest

from cuprum.connector import errors
from cuprum.connector.catalogue import TRIGGERS, trigger
from cuprum.connector.polling.event import Event


def happened(kind: str, entity: str = "person", record: Any = None, **previous: Any) -> Event:
    body = {"id": 1, **(record or {})}
    return Event(entity, 1, kind, 100, "v", body, tuple(sorted(previous)), previous)  # type: ignore[arg-type]


@pytest.mark.parametrize("entity", ["lead", "person", "company", "opportunity", "project", "task", "activity"])
def test_the_uniform_four_pick_by_kind(entity: str):
    for kind in ("created", "updated", "deleted"):
        event = happened(kind, entity, name="x")
        picked = {name for name, one in TRIGGERS.items() if one.entity == entity and one.wants(event, {})}
        wanted = {f"{entity}{kind.capitalize()}"} | ({f"{entity}CreatedOrUpdated"} if kind != "deleted" else set())
        assert wanted <= picked
        assert f"{entity}Deleted" not in picked or kind == "deleted"


def test_watched_fields_narrow_updates():
    event = happened("updated", title="CTO", **{"custom_fields.9": 1})
    updated = trigger("personUpdated")
    assert updated.wants(event, {"watched": ["title"]})
    assert updated.wants(event, {"watched": ["custom_fields"]})
    assert updated.wants(event, {"watched": ["custom_fields.9"]})
    assert not updated.wants(event, {"watched": ["name", "custom_fields.8"]})


def test_metadata_alone_is_left_out_unless_wanted():
    event = Event("person", 1, "updated", 100, "v", {"id": 1}, ("interaction_count",), {"interaction_count": 1}, True)
    assert not trigger("personUpdated").wants(event, {})
    assert trigger("personUpdated").wants(event, {"include_metadata": True})
    assert trigger("personUpdated").wants(event, {"watched": ["interaction_count"]})


def test_a_stage_change_may_be_narrowed_to_where_it_came_from_and_went():
    moved = happened("updated", "opportunity", {"pipeline_stage_id": 402}, pipeline_stage_id=401)
    stage = trigger("opportunityStageChanged")
    assert stage.wants(moved, {})
    assert stage.wants(moved, {"from": "401", "to": 402})
    assert not stage.wants(moved, {"to": 403})
    assert not stage.wants(happened("updated", "opportunity", {"pipeline_stage_id": 402}, name="x"), {})


def test_won_is_a_status_change():
    won = happened("updated", "opportunity", {"status": "Won"}, status="Open")
    assert trigger("opportunityStatusChanged").wants(won, {"to": "Won"})
    assert not trigger("opportunityStatusChanged").wants(won, {"to": "Lost"})


def test_tags_put_on_and_taken_off():
    event = happened("updated", record={"tags": ["a", "new"]}, tags=["a", "old"])
    added, removed = trigger("tagAdded"), trigger("tagRemoved")
    person = {"entity": "person"}
    assert added.wants(event, {**person, "tag": "New"})
    assert not added.wants(event, {**person, "tag": "old"})
    assert removed.wants(event, {**person, "tag": "old"})
    assert not added.wants(event, {"entity": "lead"})
    assert added.wants(happened("created", record={"tags": ["a"]}), person)


def test_owner_custom_field_completion_and_conversion():
    assert trigger("ownerChanged").wants(
        happened("updated", record={"assignee_id": 2}, assignee_id=1), {"entity": "person", "to": 2}
    )
    custom = happened("updated", **{"custom_fields.9": 1})
    assert trigger("customFieldChanged").wants(custom, {"entity": "person", "custom_field_definition_id": 9})
    assert not trigger("customFieldChanged").wants(custom, {"entity": "person", "custom_field_definition_id": 8})
    assert trigger("taskCompleted").wants(happened("updated", "task", {"status": "Completed"}, status="Open"), {})
    assert not trigger("taskCompleted").wants(happened("updated", "task", {"status": "Completed"}, name="x"), {})
    assert trigger("leadConverted").wants(happened("updated", "lead", {"converted_at": 5}, converted_at=None), {})


def test_the_inputs_of_a_trigger_are_read_like_an_actions():
    assert trigger("opportunityStageChanged").read({"to": "402", "start_from": ""}) == {"to": 402}
    with pytest.raises(errors.InvalidInput):
        trigger("tagAdded").read({"tag": "x"})
    assert trigger("tagAdded").entity_for({"entity": "lead"}) == "lead"
