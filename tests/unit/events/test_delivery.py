"""One delivery, step by step and without the engine: what is sent, what is noted, and how long it waits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from sqlalchemy import insert, select, update

from automation import automation
from cuprum.events import delivery as attempts
from cuprum.events.delivery import COPPER_LIMITS, Post, _attempt, delivery_workflow
from cuprum.events.stranded import OVERDUE_SECONDS, Stranded
from cuprum.kit.addresses import AddressRule
from cuprum.kit.clock import FixedClock
from cuprum.kit.outbound import guarded_client
from cuprum.kit.secret_box import SecretBox, box_for
from cuprum.kit.uuid7 import id_at, uuid7
from cuprum.records.housekeeping import DELIVERIES_KEPT_SECONDS, forget_deliveries
from cuprum.storage.event_tables import delivery, webhook
from hooks import Hooks, hooks
from notifications import subscribe
from patience import PATIENCE_SECONDS

LENIENT = AddressRule(allow_http=True, allow_private=True)


@pytest.fixture
def there() -> Iterator[Hooks]:
    with hooks() as receiver:
        yield receiver


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FixedClock:
    still = FixedClock(int(time.time()))
    monkeypatch.setattr(attempts, "time", SimpleNamespace(time=still))
    return still


def post(cuprum, *, rule=LENIENT, box=None, limits=False, retries=(1.5, 60)):
    client = guarded_client(rule, timeout_seconds=PATIENCE_SECONDS, total_seconds=PATIENCE_SECONDS)
    box = box or box_for(cuprum.settings.home, cuprum.settings.secret_key)
    return Post(cuprum.database, lambda: client, lambda: box, retries, limits)


def stored(cuprum, target, *, mode="reliable", **values):
    """A delivery that waits for its first attempt."""
    body = {"target": "https://hooks.example.org/", "type": "person", "event": "new", "mode": mode}
    subscription = automation(cuprum.ada, "POST", "/webhooks", body)
    row = {"id": uuid7(), "webhook_id": subscription["id"], "at": int(time.time()), "body": "{}", "state": "waiting", **values}

    def write(connection):
        connection.execute(update(webhook).where(webhook.c.id == subscription["id"]).values(target=target))
        connection.execute(insert(delivery), row)

    cuprum.database.write_now(write)
    return row["id"]


def look(cuprum, delivery_id):
    return cuprum.database.read_now(
        lambda connection: connection.execute(select(delivery).where(delivery.c.id == delivery_id)).one()
    )


def test_each_failed_attempt_waits_longer_and_the_last_is_a_dead_letter(cuprum, there, clock):
    there.status = 500
    one = stored(cuprum, there.url())
    assert _attempt(post(cuprum), one, 0) == 1.5
    noted = look(cuprum, one)
    assert (noted.state, noted.attempts, noted.last_status) == ("waiting", 1, 500)
    assert noted.next_attempt_at - noted.last_attempt_at == 1
    clock.advance(1.6)
    assert _attempt(post(cuprum), one, 0) == 60
    clock.advance(60)
    assert _attempt(post(cuprum), one, 0) is None
    assert (look(cuprum, one).state, look(cuprum, one).attempts) == ("dead", 3)
    assert _attempt(post(cuprum), one, 0) is None
    assert len(there.heard) == 3


def test_a_receiver_may_ask_to_be_left_alone_for_longer(cuprum, there):
    there.status, there.headers = 429, {"Retry-After": "40"}
    assert _attempt(post(cuprum), stored(cuprum, there.url()), 0) == 40
    there.headers = {"Retry-After": "99999999"}
    assert _attempt(post(cuprum), stored(cuprum, there.url()), 0) == 86_400


def test_an_attempt_repeated_after_a_crash_waits_for_its_time(cuprum, there, clock):
    there.status = 500
    one = stored(cuprum, there.url())
    for _ in range(2):
        assert 0 < _attempt(post(cuprum), one, 0) <= 1.5
    assert len(there.heard) == 1


def test_what_may_no_longer_be_called_is_refused_at_the_call_and_the_setting_named(cuprum, there):
    for rule, setting in (
        (AddressRule(allow_private=True), "CUPRUM_WEBHOOK_ALLOW_HTTP=1"),
        (AddressRule(allow_http=True), "CUPRUM_WEBHOOK_ALLOW_PRIVATE=1"),
    ):
        one = stored(cuprum, there.url())
        _attempt(post(cuprum, rule=rule), one, 0)
        assert setting in look(cuprum, one).last_reason
    assert there.heard == []


def test_a_lost_key_is_a_failed_attempt_that_says_so(cuprum, there):
    one = stored(cuprum, there.url())
    assert _attempt(post(cuprum, box=SecretBox("another phrase")), one, 0) == 1.5
    assert "check CUPRUM_SECRET_KEY" in look(cuprum, one).last_reason
    assert there.heard == []


def test_a_former_run_leaves_a_delivery_alone_that_was_sent_again(cuprum, there):
    one = stored(cuprum, there.url(), run_number=1)
    assert _attempt(post(cuprum), one, 0) is None
    assert there.heard == []
    assert _attempt(post(cuprum), one, 1) is None
    assert look(cuprum, one).state == "delivered"


def test_an_answer_that_comes_after_it_was_sent_again_changes_nothing(cuprum, there):
    one = stored(cuprum, there.url())
    sending = post(cuprum)
    again = update(delivery).where(delivery.c.id == one).values(state="unstarted", run_number=1)

    class Meanwhile:
        """A client in whose call somebody asks for redelivery."""

        def __getattr__(self, name):
            return getattr(client, name)

        def stream(self, *args, **options):
            cuprum.database.write_now(lambda connection: connection.execute(again))
            return client.stream(*args, **options)

    client = sending.client()
    assert _attempt(Post(cuprum.database, Meanwhile, sending.box, (1.5,), False), one, 0) is None
    assert (look(cuprum, one).state, look(cuprum, one).run_number) == ("unstarted", 1)


def test_what_was_being_sent_in_copper_mode_is_not_sent_again(cuprum, there):
    one = stored(cuprum, there.url(), mode="copper", state="sending", last_attempt_at=1)
    assert _attempt(post(cuprum), one, 0) is None
    assert (look(cuprum, one).state, look(cuprum, one).last_reason) == ("failed", "Interrupted while sending")
    assert there.heard == []


def test_a_delivery_of_a_deleted_subscription_is_not_sent(cuprum, there):
    one = stored(cuprum, there.url())
    cuprum.ada.delete(f"/webhooks/{look(cuprum, one).webhook_id}")
    assert _attempt(post(cuprum), one, 0) is None
    assert (look(cuprum, one).state, look(cuprum, one).last_reason) == ("failed", "The subscription was deleted")


@pytest.mark.parametrize(("most", "seconds"), COPPER_LIMITS)
def test_copper_s_limits_hold_only_with_the_setting_and_what_is_over_them_waits(cuprum, there, clock, most, seconds):
    subscription = subscribe(cuprum.ada, "person", "new")
    sent_at = int(clock()) - seconds + 30
    sent = {"webhook_id": subscription["id"], "at": 1, "body": "{}", "state": "delivered", "last_attempt_at": sent_at}
    cuprum.database.write_now(
        lambda connection: connection.execute(insert(delivery), [{"id": uuid7(), **sent} for _ in range(most)])
    )
    one = stored(cuprum, there.url())
    assert _attempt(post(cuprum, limits=True), one, 0) == 31
    assert (look(cuprum, one).state, look(cuprum, one).attempts, there.heard) == ("waiting", 0, [])
    assert _attempt(post(cuprum), one, 0) is None
    assert look(cuprum, one).state == "delivered"


def test_a_delivery_whose_run_is_gone_is_started_anew(cuprum, there):
    long_ago = int(time.time()) - OVERDUE_SECONDS - 5
    waiting, fresh = stored(cuprum, there.url(), at=long_ago), stored(cuprum, there.url())
    sending = stored(cuprum, there.url(), at=long_ago, state="sending", last_attempt_at=long_ago)
    once = stored(cuprum, there.url(), at=long_ago, mode="copper", state="sending", last_attempt_at=long_ago)
    going_on = stored(cuprum, there.url(), at=long_ago)
    patient = stored(cuprum, there.url(), at=long_ago, next_attempt_at=int(time.time()) + 500)
    Stranded(cuprum.database).look(lambda run: run.startswith(going_on))
    states = {one: look(cuprum, one) for one in (waiting, fresh, sending, once, going_on, patient)}
    assert {one: (row.state, row.run_number) for one, row in states.items()} == {
        waiting: ("unstarted", 1), fresh: ("waiting", 0), sending: ("unstarted", 1), once: ("failed", 0),
        going_on: ("waiting", 0), patient: ("waiting", 0),
    }  # fmt: skip


def test_deliveries_that_ended_are_forgotten_after_thirty_days(cuprum, there):
    now = int(time.time())
    old, recent = now - DELIVERIES_KEPT_SECONDS - 100, now - DELIVERIES_KEPT_SECONDS + 100

    def made(at, state, **values):
        return stored(cuprum, there.url(), id=id_at(at)[:-4] + uuid7()[-4:], at=at, state=state, **values)

    gone = [made(old, state) for state in ("delivered", "failed", "dead")]
    kept = [made(old, "waiting"), made(recent, "delivered"), made(old - 1, "delivered", last_attempt_at=recent)]
    assert cuprum.database.write_now(forget_deliveries, now) == len(gone)
    left = cuprum.database.read_now(lambda connection: set(connection.execute(select(delivery.c.id)).scalars()))
    assert left == set(kept)


def test_the_workflow_of_a_delivery_has_the_name_under_which_runs_are_stored(cuprum):
    assert delivery_workflow(post(cuprum)).name == "deliver"


def test_the_metrics_count_deliveries_by_state(cuprum, there):
    for state in ("delivered", "dead", "dead"):
        stored(cuprum, there.url(), state=state)
    lines = cuprum.client.get("/metrics").text.splitlines()
    assert 'cuprum_webhook_deliveries{state="dead"} 2.0' in lines
    assert 'cuprum_webhook_deliveries{state="delivered"} 1.0' in lines
