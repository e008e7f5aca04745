"""Hooks: one subscription for each event, kept alive, believed only where genuine, and never needed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from cuprum.automation.connections import Connections
from cuprum.automation.triggers import hooks as hooks_of
from cuprum.automation.triggers import poller
from cuprum.automation.triggers.hooks import Hooks
from cuprum.connector.polling.notification import HEADER, SECRET_KEY
from cuprum.kit.secret_box import box_for
from cuprum.storage.trigger_tables import delivery_inbox, poll_state, subscription
from installation import Installation
from polled import Account, Poll, Polled
from standin import StandIn

BASE = "https://crm.harbour.example"


class Post:
    """Carries what the stand-in sends to where it is to go: our server, under the address that it was told."""

    def __init__(self, cuprum: Installation, standin: StandIn) -> None:
        self.cuprum, self.held = cuprum, standin.notifications.held

    def send(self, target: str, headers: dict[str, str], body: dict[str, Any]) -> int:
        assert target.startswith(BASE)
        answer = self.cuprum.client.post(target.removeprefix(BASE), content=json.dumps(body), headers=headers)
        return answer.status_code

    def deliver(self, chosen: Callable[[], bool] = lambda: True) -> int:
        """Carry those that are chosen; the others stay in the bag."""
        going = [one for one in self.held if chosen()]
        for one in going:
            self.held.remove(one)
            assert self.send(*one) == 200
        return len(going)


@pytest.fixture
def post(cuprum: Installation, standin: StandIn) -> Post:
    return Post(cuprum, standin)


@pytest.fixture
def hooked(cuprum: Installation, poll: Poll) -> Poll:
    """Pollers that ask the server to call us."""
    hooks = Hooks(BASE, box_for(cuprum.settings.home, cuprum.settings.secret_key))

    def polled(entity: str) -> Polled:
        made = poll(entity, hooks=hooks)
        # Only what is told makes it look.
        made.settings.__dict__["poll_seconds"] = 1e6
        return made

    return polled


def rows(cuprum: Installation, table: Any = subscription) -> list[Any]:
    return cuprum.database.read_now(lambda connection: list(connection.execute(select(table).order_by(table.c.id))))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No wait between two looks."""
    monkeypatch.setattr(poller, "DEBOUNCE_SECONDS", 0)


def begin(polled: Polled, account: Account, *triggers: str) -> list[Any]:
    listeners = [polled.listen(name) for name in triggers]
    polled.look()
    account.live()
    return listeners


def test_fifty_workflows_need_one_subscription_for_each_event(hooked: Poll, account: Account, standin: StandIn):
    polled = hooked("person")
    for number in range(50):
        polled.listen("personCreated", f"flow {number}")
    polled.look()
    there = list(standin.state.subscriptions.values())
    assert sorted(one["event"] for one in there) == ["delete", "new", "update"]
    assert len({one["target"] for one in there}) == 3
    assert all(len(one["target"].rpartition("/")[2]) >= 43 and one["target"].startswith(f"{BASE}/hooks/") for one in there)
    assert len({one["secret"][SECRET_KEY] for one in there} | {one["headers"][HEADER] for one in there}) == 6


def test_a_notification_makes_it_look_and_a_deletion_is_confirmed(hooked: Poll, account: Account, post: Post):
    polled = hooked("company")
    created, updated, deleted = begin(polled, account, "companyCreated", "companyUpdated", "companyDeleted")
    number = account.add("company", name="New")
    polled.poller.turn()
    assert polled.hear(created) == []
    post.deliver()
    polled.poller.turn()
    assert [one.record_id for one in polled.hear(created)] == [number]
    account.edit("company", number, name="Łódź")
    post.deliver()
    polled.poller.turn()
    assert [one.previous["name"] for one in polled.hear(updated)] == ["New"]
    account.delete("company", number)
    post.deliver()
    polled.poller.turn()
    (gone,) = polled.hear(deleted)
    assert gone.record
    assert (gone.record["name"], gone.source) == ("Łódź", "hook")
    # The census finds nothing that was not told.
    polled.count()
    assert polled.hear(deleted) == []


def test_what_is_told_is_read_at_once_although_its_second_has_not_settled(hooked: Poll, account: Account, post: Post):
    polled = hooked("person")
    (created,) = begin(polled, account, "personCreated")
    polled.settings.__dict__["settle_seconds"] = 60
    number = account.add("person")
    post.deliver()
    polled.poller.turn()
    assert [one.record_id for one in polled.hear(created)] == [number]


def test_a_deletion_that_is_said_but_did_not_happen_is_not_told(hooked: Poll, account: Account, post: Post, standin: StandIn):
    polled = hooked("company")
    number = account.add("company")
    (deleted,) = begin(polled, account, "companyDeleted")
    one = next(one for one in standin.state.subscriptions.values() if one["event"] == "delete")
    body = {"ids": [number], "type": "company", "event": "delete", "subscription_id": one["id"], **one["secret"]}
    assert post.send(one["target"], one["headers"], body) == 200
    polled.poller.turn()
    assert polled.hear(deleted) == []


def test_what_is_forged_or_replayed_does_nothing(
    hooked: Poll, account: Account, post: Post, standin: StandIn, cuprum: Installation
):
    polled = hooked("task")
    (created,) = begin(polled, account, "taskCreated")
    number = account.add("task")
    target, headers, body = post.held[0]
    for forged in ({**body, SECRET_KEY: "guessed"}, {key: value for key, value in body.items() if key != SECRET_KEY}, {}):
        assert post.send(target, headers, forged) == 200
    assert post.send(target, {}, body) == 200
    assert post.send(f"{BASE}/hooks/copper/guessed", headers, body) == 404
    asked = sum(one.path.endswith("/search") for one in standin.seen)
    assert post.send(target, headers, body) == 200
    polled.poller.turn()
    assert sum(one.path.endswith("/search") for one in standin.seen) == asked + 1
    # The same once more, as somebody who has listened would send it.
    assert post.send(target, headers, body) == 200
    polled.poller.turn()
    assert [one.record_id for one in polled.hear(created)] == [number]
    (row,) = (row for row in rows(cuprum) if row.event == "new")
    assert (row.genuine, row.forged) == (2, 4)
    assert rows(cuprum, delivery_inbox) == []


def test_whatever_is_lost_or_late_every_event_is_told_once(hooked: Poll, account: Account, post: Post, standin: StandIn):
    """Three in ten notifications are lost, two in ten come when all is over."""
    dice = random.Random(7)
    polled = hooked("person")
    created, updated, deleted = begin(polled, account, "personCreated", "personUpdated", "personDeleted")
    ids, gone = [], []
    for step in range(60):
        ids.append(account.add("person", name=f"Person {step}"))
        if step % 5 == 4:
            gone.append(ids[step - 4])
            account.delete("person", gone[-1])
        post.held[:] = [one for one in post.held if dice.random() > 0.3]
        post.deliver(lambda: dice.random() > 0.2)
        polled.poller.turn()
    # What no notification said, the next look and the census find.
    polled.settings.__dict__["poll_seconds"] = 0
    polled.look()
    polled.count()
    post.deliver()
    polled.look()
    seen = polled.hear(created)
    assert sorted(one.record_id for one in seen) == sorted({one.record_id for one in seen})
    assert {one.record_id for one in seen} >= set(ids) - set(gone)
    assert sorted(one.record_id for one in polled.hear(deleted)) == sorted(set(gone) & {one.record_id for one in seen})
    assert polled.hear(updated) == []


def test_a_subscription_that_is_gone_is_made_again_and_orphans_are_adopted_or_removed(
    hooked: Poll, account: Account, standin: StandIn, cuprum: Installation
):
    polled = hooked("lead")
    begin(polled, account, "leadCreatedOrUpdated")
    there = standin.state.subscriptions
    (lost, forgotten, _) = list(there)
    del there[lost]
    orphan = {**there[forgotten], "id": 1, "target": f"{BASE}/hooks/copper/nobody-knows"}
    foreign = {**there[forgotten], "id": 2, "target": "https://elsewhere.example/hooks/copper/x"}
    there.update({1: orphan, 2: foreign})
    # A crash came between the answer and its note.
    cuprum.database.write_now(
        lambda db: db.execute(subscription.update().where(subscription.c.remote_id == forgotten).values(remote_id=None))
    )
    polled.database.write_now(lambda db: db.execute(_verified_long_ago()))
    polled.poller.turn()
    assert 1 not in there
    assert 2 in there
    assert sorted(one["event"] for number, one in there.items() if number != 2) == ["delete", "new", "update"]
    assert {row.remote_id for row in rows(cuprum)} == set(there) - {2}
    assert forgotten in there


def _verified_long_ago() -> Any:
    return poll_state.update().values(hooks_at=0)


def test_the_last_listener_takes_the_subscriptions_along(hooked: Poll, account: Account, standin: StandIn, cuprum: Installation):
    polled = hooked("lead")
    begin(polled, account, "leadCreatedOrUpdated")
    wanted = {polled.pair}
    names = {polled.pair.connection_id: "main"}
    assert cuprum.database.read_now(hooks_of.left_behind, wanted, names) == []
    (pair,) = cuprum.database.read_now(hooks_of.left_behind, set(), names)
    hooks_of.take_back(cuprum.database, Connections(cuprum.settings, cuprum.database).open("main"), pair)
    assert standin.state.subscriptions == {}
    assert rows(cuprum) == []


def test_a_connection_that_is_removed_takes_its_subscriptions_along(
    hooked: Poll, account: Account, standin: StandIn, cuprum: Installation
):
    for entity, trigger in (("lead", "leadCreatedOrUpdated"), ("task", "taskCreated")):
        begin(hooked(entity), account, trigger)
    assert len(standin.state.subscriptions) == 6
    hooks_of.take_all_back(cuprum.database, Connections(cuprum.settings, cuprum.database), "main")
    assert standin.state.subscriptions == {}


def test_where_the_server_takes_no_hook_it_is_polled(hooked: Poll, account: Account, standin: StandIn, cuprum: Installation):
    standin.quirks.answer(
        422, b'{"success":false,"status":422,"message":"Invalid URI"}', times=9, path="/webhooks", method="POST"
    )
    polled = hooked("lead")
    (created,) = begin(polled, account, "leadCreatedOrUpdated")
    assert {row.refusal for row in rows(cuprum)} == {"Invalid URI"}
    number = account.add("lead")
    polled.settings.__dict__["poll_seconds"] = 0
    polled.look()
    assert [one.record_id for one in polled.hear(created)] == [number]


def test_what_no_notification_said_is_counted(hooked: Poll, account: Account, post: Post, cuprum: Installation):
    polled = hooked("task")
    begin(polled, account, "taskCreated")
    account.add("task")
    post.held.clear()
    polled.settings.__dict__["poll_seconds"] = 0
    polled.look()
    assert {row.event: row.missed for row in rows(cuprum)} == {"new": 1, "update": 0, "delete": 0}
