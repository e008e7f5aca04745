"""Whose change is it, where a server only shows what a record looks like now?"""

from __future__ import annotations

from typing import Any

import pytest

from cuprum.automation import history, workflows
from cuprum.automation.authorship import DEEPEST, depth_of
from cuprum.automation.nodes.copper import wrote
from cuprum.automation.nodes.outcome import Wrote
from cuprum.automation.workflows import Kept
from cuprum.connector.catalogue import action
from installation import Installation

RECORD = {"id": 7, "name": "Elena", "title": "CTO", "details": "Seen", "date_modified": 500}
FLOW = {
    "label": "echo",
    "tasks": [{"name": "copper_1", "type": "copper/v1/updatePerson", "parameters": {"id": "7", "details": "Seen"}}],
}


@pytest.fixture
def kept(cuprum: Installation) -> Kept:
    return cuprum.database.write_now(lambda db: workflows.add(db, FLOW))


def ran(
    cuprum: Installation, kept: Kept, run_id: str, given: Any, record: Any, depth: int = 0, custom_fields: Any = None
) -> None:
    """A run of one step, which wrote that record."""

    def note(db: Any) -> None:
        history.add_run(db, run_id, name="echo", arguments={}, workflow_id=kept.id, depth=depth)
        history.begin_step(
            db, run_id, {"place": "copper_1", "node": "copper_1", "type": "copper/v1/updatePerson", "input": given}
        )
        wrote = Wrote("person", record["id"], record["date_modified"], custom_fields)
        history.end_step(db, run_id, "copper_1", {"id": "7", "raw": record}, [wrote])

    cuprum.database.write_now(note)


def polled(record: Any = RECORD, **previous: Any) -> dict[str, Any]:
    return {
        "entity": "person", "id": 7, "event": "updated", "record": record, "changed": sorted(previous), "previous": previous,
        "group": None,
    }  # fmt: skip


def test_what_the_run_alone_changed_is_its_echo(cuprum: Installation, kept: Kept):
    ran(cuprum, kept, "run", {"id": "7", "details": "Seen"}, RECORD)
    assert depth_of(cuprum.database, kept, polled(details=None)) is None
    # What the server counts by itself is nobody's.
    assert depth_of(cuprum.database, kept, polled(details=None, interaction_count=1, date_last_contacted=None)) is None


def test_a_persons_edit_in_the_same_poll_is_a_persons_edit(cuprum: Installation, kept: Kept):
    ran(cuprum, kept, "run", {"id": "7", "details": "Seen"}, RECORD)
    assert depth_of(cuprum.database, kept, polled(details=None, title="CEO")) == 1
    # Of the same field too, where it was written over within the run's second.
    assert depth_of(cuprum.database, kept, polled({**RECORD, "details": "By Ada"}, details=None)) == 1


def test_two_steps_of_a_run_are_its_own_together(cuprum: Installation, kept: Kept):
    ran(cuprum, kept, "one", {"id": "7", "title": "CTO"}, {**RECORD, "details": None, "date_modified": 499})
    ran(cuprum, kept, "two", {"id": "7", "details": "Seen"}, RECORD)
    assert depth_of(cuprum.database, kept, polled(details=None, title=None)) is None


def test_what_follows_from_a_written_field_is_the_runs(cuprum: Installation, kept: Kept):
    ran(cuprum, kept, "run", {"id": "7", "name": "Elena Costa"}, RECORD)
    assert depth_of(cuprum.database, kept, polled(name="E", first_name="E", last_name=None)) is None


def test_custom_fields_are_told_by_their_values(cuprum: Installation, kept: Kept):
    record = {**RECORD, "custom_fields": [{"custom_field_definition_id": 9, "value": "VIP"}]}
    ran(cuprum, kept, "run", {"id": "7", "custom_fields": {"Rank": "VIP"}}, record)
    assert depth_of(cuprum.database, kept, polled(record, **{"custom_fields.9": None})) is None
    other = {**RECORD, "custom_fields": [{"custom_field_definition_id": 9, "value": "By Ada"}]}
    assert depth_of(cuprum.database, kept, polled(other, **{"custom_fields.9": None})) == 1


def test_a_custom_field_that_the_run_was_not_given_is_a_persons_although_the_run_wrote_others(cuprum: Installation, kept: Kept):
    # Ada set 17 before the run set 9: what the run was answered shows both.
    fields = [{"custom_field_definition_id": number, "value": "VIP"} for number in (9, 17)]
    record, both = {**RECORD, "custom_fields": fields}, {"custom_fields.9": None, "custom_fields.17": None}
    ran(cuprum, kept, "run", {"id": "7", "custom_fields": {"Rank": "VIP"}}, record, custom_fields=(9,))
    assert depth_of(cuprum.database, kept, polled(record, **both)) == 1
    assert depth_of(cuprum.database, kept, polled(record, **{"custom_fields.9": None})) is None
    ran(cuprum, kept, "other", {"id": "7", "custom_fields": {"Region": "VIP"}}, record, custom_fields=(17,))
    assert depth_of(cuprum.database, kept, polled(record, **both)) is None


def test_every_record_of_a_bulk_is_known_again(cuprum: Installation, kept: Kept):
    other = {**RECORD, "id": 8, "details": "Seen too"}

    def note(db: Any) -> None:
        history.add_run(db, "run", name="echo", arguments={}, workflow_id=kept.id, depth=0)
        step = {"place": "copper_1", "node": "copper_1", "type": "copper/v1/bulkUpdatePeople"}
        history.begin_step(db, "run", {**step, "input": {"items": [{"id": 7, "details": "Seen"}, {"id": 8, "details": "x"}]}})
        wrote = [Wrote("person", one["id"], one["date_modified"]) for one in (RECORD, other)]
        history.end_step(db, "run", "copper_1", {"raw": [RECORD, other]}, wrote)

    cuprum.database.write_now(note)
    assert depth_of(cuprum.database, kept, {**polled(other, details=None), "id": 8}) is None
    assert depth_of(cuprum.database, kept, {**polled({**other, "details": "Ada's"}, details=None), "id": 8}) == 1


def test_what_is_misread_comes_to_an_end_all_the_same(cuprum: Installation, kept: Kept):
    ran(cuprum, kept, "run", {"id": "7", "details": "Seen"}, RECORD, depth=DEEPEST)
    assert depth_of(cuprum.database, kept, polled(details=None, title="CEO")) is None


def test_another_second_and_another_record_are_not_the_runs(cuprum: Installation, kept: Kept):
    ran(cuprum, kept, "run", {"id": "7", "details": "Seen"}, RECORD)
    assert depth_of(cuprum.database, kept, polled({**RECORD, "date_modified": 501}, details=None)) == 0
    assert depth_of(cuprum.database, kept, {**polled(details=None), "id": 8}) == 0
    assert depth_of(cuprum.database, kept, "by hand") == 0


def test_what_is_deleted_or_made_by_a_run_is_its_own(cuprum: Installation, kept: Kept):
    ran(cuprum, kept, "made", {"name": "Elena"}, RECORD)
    assert depth_of(cuprum.database, kept, {**polled(), "event": "created"}) is None
    ran(cuprum, kept, "gone", {"id": "7"}, {**RECORD, "date_modified": 0})
    assert depth_of(cuprum.database, kept, {**polled(), "event": "deleted"}) is None


def test_a_lead_that_a_run_converted_is_its_echo_and_a_persons_edit_beside_it_is_not(cuprum: Installation, kept: Kept):
    given, person = {"id": "17"}, {"id": 7, "name": "Elena", "date_modified": 500}

    def note(db: Any) -> None:
        history.add_run(db, "run", name="echo", arguments={}, workflow_id=kept.id, depth=0)
        step = {"place": "copper_1", "node": "copper_1", "type": "copper/v1/convertLead", "input": given}
        history.begin_step(db, "run", step)
        output = {"raw": {"person": person}}
        history.end_step(db, "run", "copper_1", output, list(wrote(action("convertLead"), given, output, ())))

    cuprum.database.write_now(note)
    lead = {"id": 17, "name": "Elena", "converted_at": 501, "converted_contact_id": 7, "date_modified": 501}
    became = {**polled(lead, converted_at=None, converted_contact_id=None), "entity": "lead", "id": 17}
    assert depth_of(cuprum.database, kept, became) is None
    # Where the server hides what was converted, it seems to be gone.
    assert depth_of(cuprum.database, kept, {**became, "event": "deleted", "changed": []}) is None
    assert depth_of(cuprum.database, kept, {**became, "changed": ["converted_at", "name"]}) == 1
    assert depth_of(cuprum.database, kept, {**became, "id": 18}) == 0
    assert depth_of(cuprum.database, kept, {**polled(person), "event": "created"}) is None


def test_time_that_goes_by_is_nobodys_doing_also_for_what_a_run_wrote(cuprum: Installation, kept: Kept):
    ran(cuprum, kept, "run", {"id": "7", "details": "Seen"}, RECORD)
    for kind in ("overdue", "stale", "followed", "unfollowed"):
        assert depth_of(cuprum.database, kept, {**polled(), "event": kind, "at": 900}) == 0
    # A due date that the run itself set to a moment gone by is its own.
    assert depth_of(cuprum.database, kept, {**polled(), "event": "overdue", "at": 500}) is None
