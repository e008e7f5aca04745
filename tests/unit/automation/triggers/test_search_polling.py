"""Triggers on a server that can only be searched: the stand-in, polled look by look, on both of our databases."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from sqlalchemy import update

from cuprum.automation.budget import IMPORT
from cuprum.automation.connections import Connections
from cuprum.automation.triggers import bindings, search_look
from cuprum.automation.triggers.lease import SERVE
from cuprum.storage.connection_tables import request_budget
from cuprum.storage.trigger_tables import poll_state
from installation import Installation
from polled import Account, Poll, Polled
from standin import StandIn

TWELVE = {
    "company": {"companyCreated": ["created"], "companyUpdated": ["updated"], "companyDeleted": ["deleted"]},
    "lead": {"leadCreatedOrUpdated": ["created", "updated"]},
    "opportunity": {"opportunityCreated": ["created"], "opportunityUpdated": ["updated"], "opportunityDeleted": ["deleted"]},
    "person": {"personCreated": ["created"], "personCreatedOrUpdated": ["created", "updated"]},
    "task": {"taskCreated": ["created"], "taskUpdated": ["updated"], "taskDeleted": ["deleted"]},
}


@pytest.mark.parametrize("entity", TWELVE)
def test_every_trigger_of_the_document_tells_the_whole_record_what_changed_and_what_it_was(
    entity: str, poll: Poll, account: Account
):
    person = {"primary_contact_id": account.add("person")} if entity == "opportunity" else {}
    old = account.add(entity, name="History", **person)
    polled = poll(entity)
    listeners = {name: polled.listen(name) for name in TWELVE[entity]}
    polled.look()
    account.live()
    number = account.add(entity, name="New", **person)
    polled.look()
    account.edit(entity, number, name="Łódź 漢字")
    polled.look()
    account.delete(entity, number)
    if "deleted" in str(TWELVE[entity]):
        polled.count()
    for name, kinds in TWELVE[entity].items():
        heard = polled.hear(listeners[name])
        assert [(one.kind, one.record_id) for one in heard] == [(kind, number) for kind in kinds]
        for one in heard:
            assert one.record
            assert one.record["name"] == ("New" if one.kind == "created" else "Łódź 漢字")
            assert one.record["date_created"] == one.record["date_modified"] - (one.kind != "created")
            if one.kind == "updated":
                assert one.previous["name"] == "New"
    assert old not in {one.record_id for one in polled.hear(polled.listen("companyCreated", "late"))}


def test_a_change_of_the_status_alone_is_an_update(poll: Poll, account: Account):
    number = account.add("project")
    polled = poll("project")
    listener = polled.listen("projectUpdated")
    polled.look()
    account.live()
    account.edit("project", number, status="Completed")
    polled.look()
    (event,) = polled.hear(listener)
    assert (event.changed, event.previous) == (("status",), {"status": "Open"})


def test_a_restored_record_is_there_again_and_can_be_deleted_again(poll: Poll, account: Account, standin: StandIn):
    number = account.add("task")
    polled = poll("task")
    created, deleted = polled.listen("taskCreated"), polled.listen("taskDeleted")
    polled.look()
    account.live()
    body = standin.state.records["task"][number]
    account.delete("task", number)
    polled.count()
    # Somebody takes it out of the trash: it is as it was, with the second it had.
    standin.state.records["task"][number] = body
    account.later(10_000)
    polled.count()
    account.delete("task", number)
    polled.count()
    polled.count()
    assert [one.record_id for one in polled.hear(created)] == [number]
    gone = polled.hear(deleted)
    assert [one.record_id for one in gone] == [number, number]
    assert len({one.event_id for one in gone}) == 2


def test_what_happens_while_nobody_polls_is_told_to_whoever_listened_before(poll: Poll, account: Account):
    polled = poll("person")
    before = polled.listen("personCreated", "before")
    polled.look()
    account.live()
    polled.end()
    ids = [account.add("person") for _ in range(3)]
    account.later(100)
    new = poll("person")
    # Who starts to listen only now hears no history, although the ledger is given it only now.
    new.database.write_now(lambda db: db.execute(_ahead(new, account)))
    after = new.listen("personCreated", "after")
    new.look()
    assert [one.record_id for one in new.hear(before)] == ids
    assert new.hear(after) == []


def _ahead(polled: Polled, account: Account) -> Any:
    """The stand-in's clock runs ahead of ours; its answers' Date header, made by the HTTP server, does not say so."""
    return update(poll_state).values(ahead_seconds=account.second - int(time.time()))


def test_what_was_made_in_the_very_second_of_the_enabling_is_told(poll: Poll, account: Account):
    # A search tells whole seconds: it may have been before, and what comes after must not be lost.
    polled = poll("person")
    listener = polled.listen("personCreatedOrUpdated")
    account.second = listener.began_ms // 1000
    number = account.call("POST", "/people", {"name": "Łódź"})["id"]
    polled.look()
    assert [(one.record_id, one.kind) for one in polled.hear(listener)] == [(number, "created")]


def test_whoever_asks_for_the_beginning_is_given_what_there_is_and_nobody_else_is(poll: Poll, account: Account):
    ids = [account.add("lead") for _ in range(4)]
    polled = poll("lead")
    now = polled.listen("leadCreatedOrUpdated", "now")
    everything = polled.listen("leadCreatedOrUpdated", "everything", start_from="beginning")
    polled.look()
    account.live()
    polled.look()
    late = account.add("lead")
    polled.look()
    assert sorted(one.record_id for one in polled.hear(everything)) == [*ids, late]
    assert [one.record_id for one in polled.hear(now)] == [late]


def test_a_filter_and_watched_fields_narrow_what_is_heard(poll: Poll, account: Account):
    polled = poll("person")
    boss = polled.listen("personUpdated", "boss", watched=["title"], filter="record.title == 'Boss'")
    polled.look()
    account.live()
    one, other = account.add("person"), account.add("person")
    polled.look()
    account.edit("person", one, title="Boss")
    account.edit("person", other, title="Clerk")
    polled.look()
    account.edit("person", one, details="Not watched")
    polled.look()
    assert [event.record_id for event in polled.hear(boss)] == [one]


def test_a_second_poller_waits_for_the_lease_and_a_server_takes_it(poll: Poll, account: Account, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cuprum.automation.triggers.lease.LEASE_SECONDS", 3600)
    first, second, serve = poll("person"), poll("person"), poll("person", kind=SERVE)
    listener = first.listen("personCreated")
    first.look()
    account.live()
    number = account.add("person")
    assert second.poller.turn() > 0
    assert second.hear(listener) == []
    serve.look()
    assert serve.state.holder == serve.holder.name
    # The first still believes it has the lease; nothing that it reads is written.
    first.poller.turn()
    assert [one.record_id for one in first.hear(listener)] == [number]


def test_a_sweep_that_was_cut_off_goes_on_from_its_last_page(
    poll: Poll, account: Account, standin: StandIn, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(search_look, "PAGES_A_TURN", 1)
    polled = poll("person")
    listener = polled.listen("personCreated")
    polled.look()
    account.live()
    template = standin.state.records["person"][account.add("person")]
    for number in range(200_000, 200_450):
        account.later()
        stamps = {"date_created": account.second, "date_modified": account.second}
        standin.state.records["person"][number] = {**template, **stamps, "id": number}
    ids = list(standin.state.records["person"])
    polled.poller.turn()
    assert polled.state.sweep
    # Another process goes on where the first one died.
    other = poll("person")
    other.database.write_now(lambda db: db.execute(_freed()))
    before = len(standin.seen)
    while other.state.sweep:
        other.poller.turn()
    searches = [one for one in standin.seen[before:] if one.path.endswith("/search")]
    assert len(searches) <= 3
    assert [one.record_id for one in other.hear(listener)] == ids


def _freed() -> Any:
    return update(poll_state).values(holder=None)


def test_five_hundred_edits_in_one_second_are_all_told_also_those_made_while_the_second_is_read(
    poll: Poll, account: Account, standin: StandIn, monkeypatch: pytest.MonkeyPatch
):
    table = standin.state.records["person"]
    template = table.pop(account.add("person"))
    for number in range(200_000, 200_700):
        table[number] = {**template, "id": number}
    polled = poll("person")
    listener = polled.listen("personUpdated")
    polled.look()
    account.live()

    def edit(ids: Any) -> None:
        for number in ids:
            table[number] = {**table[number], "title": "Boss", "date_modified": account.second}

    edit(range(200_000, 200_300))
    answered, take = [], search_look._take_page

    def take_and_edit(*arguments: Any) -> None:
        answered.append(arguments)
        if len(answered) == 2:
            edit(range(200_300, 200_500))
        take(*arguments)

    monkeypatch.setattr(search_look, "_take_page", take_and_edit)
    polled.look()
    polled.look()
    told = polled.hear(listener)
    assert sorted(one.record_id for one in told) == list(range(200_000, 200_500))
    assert {one.previous["title"] for one in told} == {None}


def test_fifty_listeners_cost_no_more_requests_than_one(poll: Poll, account: Account, standin: StandIn):
    polled = poll("company")
    listeners = [polled.listen("companyCreated", f"flow {number}") for number in range(50)]
    polled.look()
    account.live()
    number = account.add("company")
    before = len(standin.seen)
    polled.look()
    assert len(standin.seen) - before == 1
    assert {polled.hear(one)[0].record_id for one in listeners} == {number}


def test_a_key_that_is_refused_parks_the_polling_and_a_new_one_goes_on(
    poll: Poll, account: Account, standin: StandIn, cuprum: Installation
):
    stored = Connections(cuprum.settings, cuprum.database)
    polled = poll("person")
    listener = polled.listen("personCreated")
    polled.look()
    account.live()
    keys = dict(standin.state.keys)
    standin.state.keys.clear()
    polled.poller.turn()
    assert stored.one("main").state == "needs_reauth"
    asked = len(standin.seen)
    polled.poller.turn()
    assert len(standin.seen) == asked
    standin.state.keys.update(keys)
    number = account.add("person")
    stored.add_api_key("main", email=standin.email, key=standin.key, base_url=standin.base_url)
    polled.look()
    assert [one.record_id for one in polled.hear(listener)] == [number]
    assert stored.one("main").state == "ok"


def test_the_place_of_a_name_stays_and_another_name_begins_now(poll: Poll, account: Account):
    polled = poll("task")
    one = polled.listen("taskCreated", "one")
    polled.look()
    account.live()
    number = account.add("task")
    polled.look()
    assert polled.listen("taskCreated", "one").id == one.id
    other = polled.listen("taskCreated", "other")
    assert isinstance(other, bindings.Binding)
    assert [event.record_id for event in polled.hear(one)] == [number]
    assert polled.hear(other) == []


def test_once_a_day_a_whole_day_is_swept_again_so_that_what_shows_late_is_told(poll: Poll, account: Account, standin: StandIn):
    polled = poll("person")
    listener = polled.listen("personUpdated")
    number = account.add("person")
    polled.look()
    account.live()
    account.add("person")
    # The server's clock is known, so that no bound of ours cuts off its last second.
    polled.database.write_now(lambda db: db.execute(_ahead(polled, account)))
    polled.look()
    # It shows only now, with the second of three hours ago: no overlap of two minutes meets it.
    late = {**standin.state.records["person"][number], "title": "Late", "date_modified": account.second - 3 * 3_600}
    standin.state.records["person"][number] = late
    polled.look()
    assert polled.hear(listener) == []
    swept_at = polled.state.swept_at
    a_day_ago = update(poll_state).values(swept_at=swept_at - 25 * 3_600_000)
    polled.database.write_now(lambda db: db.execute(a_day_ago))
    before = len(standin.seen)
    polled.look()
    (event,) = polled.hear(listener)
    assert (event.record_id, event.previous) == (number, {"title": None})
    assert polled.state.swept_at >= swept_at
    # One such sweep a day: the next look asks for two minutes again.
    polled.look()
    asked = [json.loads(one.body)["minimum_modified_date"] for one in standin.seen[before:]]
    assert asked[-1] - asked[0] == 24 * 3_600 - 120
    assert [one.record_id for one in polled.hear(listener)] == []


class StillClock:
    """Our clock, as the pollers read it: however long a test takes, its second stays the same."""

    def __init__(self) -> None:
        self.now = float(int(time.time()))

    def time(self) -> float:
        # Two looks in one millisecond could not be told apart.
        self.now += 0.001
        return self.now

    monotonic = time


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> StillClock:
    clock = StillClock()
    monkeypatch.setattr("cuprum.automation.triggers.look.time", clock)
    return clock


def _let_it_run_ahead(polled: Polled, account: Account, still: StillClock) -> None:
    """Our clock is behind the server's, as the Date header of a server with such a clock would have said."""
    values = {"ahead_seconds": account.second - int(still.now)}
    polled.database.write_now(lambda db: db.execute(update(poll_state).values(**values)))


def test_the_newest_seconds_are_left_to_settle_by_the_servers_clock(
    poll: Poll, account: Account, standin: StandIn, still: StillClock
):
    polled = poll("person", settle_seconds=3)
    listener = polled.listen("personCreated")
    polled.look()
    account.live()
    account.later(10_000)
    number = account.add("person")
    before = len(standin.seen)

    def look() -> list[int]:
        account.later(2)
        _let_it_run_ahead(polled, account, still)
        polled.look()
        return [one.record_id for one in polled.hear(listener)]

    created = account.second
    assert look() == []
    assert look() == [number]
    asked = [json.loads(one.body)["maximum_modified_date"] for one in standin.seen[before:]]
    assert sorted(set(asked)) == [created + 2 - 3, created + 4 - 3]


def test_what_lies_beyond_the_bound_of_a_crowded_second_is_left_too(
    poll: Poll, account: Account, standin: StandIn, still: StillClock
):
    polled = poll("person", settle_seconds=0)
    listener = polled.listen("personCreated")
    polled.look()
    account.live()
    template = standin.state.records["person"][account.add("person")]
    crowd = {number: {**template, "id": number} for number in range(200_000, 200_450)}
    standin.state.records["person"] |= crowd
    _let_it_run_ahead(polled, account, still)
    too_new = account.add("person")
    polled.look()
    heard = {one.record_id for one in polled.hear(listener)}
    assert heard == {template["id"], *crowd}
    assert too_new not in heard


def test_a_census_waits_for_its_turn_and_changes_are_told_meanwhile(
    poll: Poll, account: Account, still: StillClock, monkeypatch: pytest.MonkeyPatch
):
    # What was taken of the budget and not used for some seconds goes back to it.
    monkeypatch.setattr("cuprum.automation.budget.time", still)
    polled = poll("person", requests_a_minute=180)
    created, deleted = polled.listen("personCreated"), polled.listen("personDeleted")
    gone = account.add("person")
    polled.look()
    account.live()
    account.delete("person", gone)
    number = account.add("person")
    # No more than polls leave to what goes through a whole account.
    full = update(request_budget).values(tokens=60 * 1_000 * IMPORT.leaves, refilled_at=int(time.time() * 1_000) + 3_600_000)
    polled.database.write_now(lambda db: db.execute(full))
    polled.settings.__dict__["census_seconds"] = 0
    polled.look()
    for _ in range(3):
        polled.poller.turn()
    assert [one.record_id for one in polled.hear(created)] == [number]
    assert (polled.hear(deleted), polled.state.errors) == ([], 0)
    assert polled.state.census
    polled.database.write_now(lambda db: db.execute(update(request_budget).values(tokens=60_000)))
    polled.count()
    assert [one.record_id for one in polled.hear(deleted)] == [gone]
