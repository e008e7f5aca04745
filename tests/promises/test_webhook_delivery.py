"""Webhooks from a real server: no receiver slows a write, reliable ones all arrive, Copper's are sent at most once."""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from hooks import Hooks, hooks
from installation import Template
from live_server import LiveServer, live_server
from patience import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.chaos

ALLOWED = {"webhook_allow_http": "1", "webhook_allow_private": "1"}
TIMEOUT_SECONDS = 4
PATIENT = {"webhook_timeout_seconds": str(TIMEOUT_SECONDS), "webhook_retries_seconds": ",".join(["0.3"] * 600)}
# However long a receiver in this process takes to answer.
NEVER_TOO_LATE = {"webhook_timeout_seconds": "120"}
OUR = "/automation/v1"


class Account:
    """Calls to a live server as its owner."""

    def __init__(self, server: LiveServer) -> None:
        self.server = server

    def call(self, method: str, path: str, body: Any = None) -> Any:
        base = self.server.url if path.startswith(OUR) else f"{self.server.url}/developer_api/v1"
        answer = httpx2.request(method, base + path, json=body, headers=self.server.headers, timeout=PATIENCE_SECONDS)
        assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def person(self, name: str) -> int:
        return self.call("POST", "/people", {"name": name})["id"]

    def subscribe(self, target: str, mode: str = "reliable", **further: Any) -> dict[str, Any]:
        return self.call("POST", f"{OUR}/webhooks", {"target": target, "type": "person", "event": "new", "mode": mode, **further})

    def deliveries(self, subscription: dict[str, Any]) -> list[dict[str, Any]]:
        return self.call("GET", f"{OUR}/webhooks/{subscription['id']}/deliveries?limit=200")

    def unsubscribe(self) -> None:
        for subscription in self.call("GET", "/webhooks"):
            self.call("DELETE", f"/webhooks/{subscription['id']}")

    def redeliver(self, subscription: dict[str, Any], body: Any = None) -> list[str]:
        return self.call("POST", f"{OUR}/webhooks/{subscription['id']}/redeliver", body)["deliveries"]

    def wait_for(self, subscription: dict[str, Any], state: str, count: int = 1) -> list[dict[str, Any]]:
        """The deliveries, once so many of them are in that state."""

        def there() -> Any:
            found = self.deliveries(subscription)
            return found if sum(one["state"] == state for one in found) >= count else None

        return wait_until(there, words=lambda: str(self.deliveries(subscription)[:5]))


@pytest.fixture(scope="module")
def patient_server(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with serving(template, tmp_path_factory.mktemp("patient"), **PATIENT) as account:
        yield account


@pytest.fixture
def patient(patient_server: Account) -> Iterator[Account]:
    """A server that tries again for as long as a test may take."""
    yield patient_server
    patient_server.unsubscribe()


@pytest.fixture
def brief(template: Template, tmp_path: Path) -> Iterator[Account]:
    """A server that gives up after three attempts, and waits long for an answer."""
    with serving(template, tmp_path, **NEVER_TOO_LATE, webhook_retries_seconds="0.1,0.1") as account:
        yield account


@contextmanager
def serving(template: Template, folder: Path, **settings: str) -> Iterator[Account]:
    with live_server(template, folder / "home", **ALLOWED, **settings) as server:
        server.start()
        yield Account(server)


def test_a_receiver_that_hangs_fails_or_is_down_never_slows_a_write(patient: Account):
    with hooks() as slow, hooks() as failing, hooks() as down:
        down.close()
        slow.hangs.set()
        failing.status = 500
        for there in (slow, failing, down):
            for mode in ("reliable", "copper"):
                patient.subscribe(there.url(f"/{mode}"), mode)
        patient.person("first")
        wait_until(lambda: slow.heard and failing.heard)
        took = []
        for number in range(30):
            began = time.monotonic()
            patient.person(f"P{number}")
            took.append(time.monotonic() - began)
        print(f"beside receivers that hang, fail and are down, 30 writes took {sum(took):.2f} s, the slowest {max(took):.2f} s")
        # A machine may hold up one or another, a receiver would hold up all that wait for it.
        assert sorted(took)[-4] < TIMEOUT_SECONDS / 2
        assert slow.accepted == []
        # One receiver is called a few times at once, the other deliveries wait for their turn.
        assert 1 <= slow.most_at_once <= 4
        slow.hangs.clear()
        wait_until(lambda: len({one.id for one in slow.accepted if one.path == "/reliable"}) == 31)


def test_each_event_arrives_signed_once_the_receiver_is_back(template: Template, tmp_path: Path):
    with serving(template, tmp_path, **{**PATIENT, **NEVER_TOO_LATE}) as patient, hooks() as there:
        secret = {"secret": "s3"}
        subscription = patient.subscribe(there.url(), secret=secret, headers={"X-Hook": "abc", "content-type": "application/x"})
        there.close()
        ids = [patient.person(f"down {number}") for number in range(4)]
        patient.wait_for(subscription, "waiting", 4)
        there.status = 503
        there.open()
        ids += [patient.person(f"failing {number}") for number in range(4)]
        wait_until(lambda: len({one.id for one in there.heard}) == 8)
        there.status = 200
        delivered = patient.wait_for(subscription, "delivered", 8)
        assert sorted(one.message["ids"][0] for one in there.accepted) == ids
        assert {one.id for one in there.accepted} == {one["id"] for one in delivered}
        for one in there.heard:
            verified = Webhook(subscription["signing_secret"]).verify(one.body.decode(), one.headers)
            assert verified == one.message
            assert (one.message["secret"], one.headers["x-hook"], one.headers["content-type"]) == ("s3", "abc", "application/x")
        with pytest.raises(WebhookVerificationError):
            Webhook(subscription["signing_secret"]).verify(there.heard[0].body.decode() + " ", there.heard[0].headers)
        for one in delivered:
            assert (one["state"], one["last_status"], one["next_attempt_at"]) == ("delivered", 200, None)
            assert one["attempts"] > 1


def test_a_dead_letter_says_why_and_is_sent_again_under_its_own_id(brief: Account):
    with hooks() as there:
        there.status = 500
        subscription = brief.subscribe(there.url())
        ids = [brief.person(f"P{number}") for number in range(3)]
        dead = brief.wait_for(subscription, "dead", 3)
        assert {(one["attempts"], one["last_status"]) for one in dead} == {(3, 500)}
        assert all("500" in one["last_reason"] for one in dead)
        assert Counter(one.id for one in there.heard) == {one["id"]: 3 for one in dead}
        there.status = 200
        assert brief.redeliver(subscription, {"ids": [dead[-1]["id"]]}) == [dead[-1]["id"]]
        brief.wait_for(subscription, "delivered", 1)
        assert [(one.id, one.message["ids"]) for one in there.accepted] == [(dead[-1]["id"], [ids[0]])]
        assert sorted(brief.redeliver(subscription)) == sorted(one["id"] for one in dead[:-1])
        brief.wait_for(subscription, "delivered", 3)
        assert sorted(one.message["ids"][0] for one in there.accepted) == ids
        assert brief.redeliver(subscription) == []


def test_a_copper_webhook_is_sent_once_and_what_went_wrong_can_be_seen(brief: Account):
    with hooks() as failing, hooks() as redirecting, hooks() as elsewhere:
        failing.status = 500
        redirecting.status, redirecting.headers = 307, {"Location": elsewhere.url("/stolen")}
        subscriptions = [brief.subscribe(one.url(), "copper") for one in (failing, redirecting)]
        brief.person("Ines")
        reasons = [brief.wait_for(one, "failed")[0] for one in subscriptions]
        assert [(one["attempts"], one["last_status"]) for one in reasons] == [(1, 500), (1, 307)]
        time.sleep(1)
        assert [len(one.heard) for one in (failing, redirecting, elsewhere)] == [1, 1, 0]
        assert "webhook-signature" not in failing.heard[0].headers


def test_a_copper_webhook_to_one_who_does_not_answer_is_sent_once_too(patient: Account):
    with hooks() as slow:
        slow.hangs.set()
        subscription = patient.subscribe(slow.url(), "copper")
        patient.person("Ines")
        (failed,) = patient.wait_for(subscription, "failed")
        assert (failed["attempts"], failed["last_status"]) == (1, None)
        assert "Timeout" in failed["last_reason"]
        time.sleep(1)
        assert len(slow.heard) == 1


def test_a_copper_webhook_is_not_repeated_after_a_kill_and_a_reliable_one_is(brief: Account):
    with hooks() as there:
        once, surely = brief.subscribe(there.url("/once"), "copper"), brief.subscribe(there.url("/surely"))
        there.hangs.set()
        brief.person("Ines")
        wait_until(lambda: len(there.heard) == 2)
        brief.server.kill()
        there.hangs.clear()
        brief.server.start()
        (delivered,) = brief.wait_for(surely, "delivered")
        (failed,) = brief.wait_for(once, "failed")
        assert (failed["attempts"], failed["last_reason"]) == (1, "Interrupted while sending")
        assert Counter(one.path for one in there.heard) == {"/once": 1, "/surely": 2}
        assert {one.id for one in there.heard if one.path == "/surely"} == {delivered["id"]}


ROUNDS = {"sqlite": (3, 25), "postgresql": (3, 15)}


def test_no_reliable_webhook_is_lost_however_often_the_server_is_killed(template: Template, tmp_path: Path):
    usual, full = ROUNDS[template.kind]
    rounds = full if os.environ.get("CUPRUM_CHAOS") == "full" else usual
    acknowledged: dict[int, str] = {}
    settings = {**PATIENT, **NEVER_TOO_LATE, "sqlite_synchronous": "FULL"}
    with serving(template, tmp_path, **settings) as account, hooks() as there:
        surely, once = account.subscribe(there.url("/surely")), account.subscribe(there.url("/once"), "copper")
        for number in range(rounds):
            _write_and_kill(account, acknowledged, number)
            account.server.start()
        surely_heard = lambda: {one.message["ids"][0] for one in there.accepted if one.path == "/surely"}  # noqa: E731
        wait_until(
            lambda: acknowledged.keys() <= surely_heard(),
            lambda: f"lost: {acknowledged.keys() - surely_heard()}",
            PATIENCE_SECONDS + len(acknowledged) / 4,
        )
        _all_settled(account, surely, once)
        _same_id_for_the_same(there)
    again = sum(count - 1 for count in Counter(one.id for one in there.accepted if one.path == "/surely").values())
    print(f"{template.kind}: {rounds} kills, {len(acknowledged)} acknowledged, all told, {again} told again under the same id")


def _write_and_kill(account: Account, acknowledged: dict[int, str], number: int) -> None:
    ending = threading.Event()

    def write() -> None:
        with account.server.client() as client:
            for count in range(1_000):
                try:
                    answer = client.post("/people", json={"name": f"round {number} {count}"})
                except httpx2.TransportError:
                    return
                acknowledged[answer.json()["id"]] = answer.json()["name"]
                if ending.is_set():
                    return

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    # Sometimes before the engine is up, sometimes in the midst of deliveries.
    time.sleep(random.uniform(0.3, 2.0))
    account.server.kill()
    ending.set()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)


def _all_settled(account: Account, surely: dict[str, Any], once: dict[str, Any]) -> None:
    def states() -> Counter[str]:
        metrics = httpx2.get(f"{account.server.url}/metrics", timeout=PATIENCE_SECONDS).text.splitlines()
        return Counter(line.split('"')[1] for line in metrics if line.startswith("cuprum_webhook_deliveries{"))

    wait_until(lambda: states().keys() <= {"delivered", "failed"}, lambda: str(states()))
    assert {one["state"] for one in account.deliveries(surely)} == {"delivered"}
    assert {one["last_reason"] for one in account.deliveries(once) if one["state"] == "failed"} <= {"Interrupted while sending"}


def _same_id_for_the_same(there: Hooks) -> None:
    """Told again, an event has the same id, so that a receiver knows it; what is sent at most once was sent at most once."""
    ids: dict[int, set[str]] = {}
    for one in there.heard:
        if one.path == "/surely":
            ids.setdefault(one.message["ids"][0], set()).add(one.id)
    assert {len(found) for found in ids.values()} == {1}
    once = Counter(json.dumps(one.message["ids"]) for one in there.heard if one.path == "/once")
    assert set(once.values()) == {1}


def test_two_nodes_on_one_database_share_deliveries_without_doubling(template: Template, tmp_path: Path):
    if template.kind == "sqlite":
        # One home has one server; the lock that says so has its own test.
        return
    # Nodes in different homes share the key of the secrets by a setting.
    settings = {**ALLOWED, **NEVER_TOO_LATE, "secret_key": "a shared phrase"}
    with live_server(template, tmp_path / "home", **settings) as first, hooks() as there, ExitStack() as stack:
        environment = {**first.environment, "CUPRUM_HOME": str(tmp_path / "other"), "CUPRUM_NODE_NAME": "other"}
        second = LiveServer(environment, first.headers, log=tmp_path / "other.log")
        first.start()
        second.start()
        stack.callback(second.kill)
        nodes = (Account(first), Account(second))
        subscriptions = [nodes[0].subscribe(there.url("/surely")), nodes[1].subscribe(there.url("/once"), "copper")]
        ids = [nodes[number % 2].person(f"P{number}") for number in range(40)]
        for subscription in subscriptions:
            nodes[0].wait_for(subscription, "delivered", 40)
        for path in ("/surely", "/once"):
            assert sorted(heard.message["ids"][0] for heard in there.heard if heard.path == path) == ids
