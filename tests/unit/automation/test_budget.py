"""The requests of a connection: never more than the server takes, interactive ones first, and a refusal stops them all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cuprum.automation import budget
from cuprum.automation.budget import ACTION, HOOK, IMPORT, OPTIONS, POLL, USER, Budget, remaining
from cuprum.automation.connections import Connections
from cuprum.connector.errors import RateLimited
from installation import Installation
from standin import StandIn


@pytest.fixture(scope="module")
def running() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


@pytest.fixture
def standin(running: StandIn) -> StandIn:
    running.reset()
    return running


@pytest.fixture
def stored(cuprum: Installation, standin: StandIn) -> Connections:
    made = Connections(cuprum.settings, cuprum.database)
    made.add_api_key("main", email=standin.email, key=standin.key, base_url=standin.base_url)
    return made


class Clock:
    """Time that passes only when a test says so."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def time(self) -> float:
        return self.now

    monotonic = time

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(budget, "time", made)
    return made


def taken(cuprum: Installation, stored: Connections, lane: Any = USER) -> Budget:
    made = Budget(cuprum.database, stored.one("main").id, stored.one("main").base_url, 180, lane)
    made.learn(True)
    return made


def test_no_minute_sees_more_requests_than_the_limit(cuprum: Installation, stored: Connections, clock: Clock):
    one, other = taken(cuprum, stored), taken(cuprum, stored)
    sent: list[float] = []
    while clock.now < 1_800_000_180:
        for each in (one, other):
            if not each.wait_seconds():
                sent.append(clock.now)
        clock.now += 0.1
    busiest = max(sum(1 for at in sent if begin <= at < begin + 60) for begin in sent)
    assert busiest <= 180
    # Nothing is given away either: two thirds of the limit flow all the time.
    assert len(sent) >= 3 * 120


def test_polls_leave_a_share_to_those_who_sit_before_it(cuprum: Installation, stored: Connections, clock: Clock):
    polls, user = taken(cuprum, stored, POLL), taken(cuprum, stored, USER)
    count = 0
    while not polls.wait_seconds():
        count += 1
    assert 0 < count <= 42
    assert polls.wait_seconds() > 0
    assert user.wait_seconds() == 0


def test_every_lane_stops_before_those_that_go_before_it(cuprum: Installation, stored: Connections, clock: Clock):
    order = [taken(cuprum, stored, lane) for lane in (IMPORT, OPTIONS, POLL, HOOK, ACTION, USER)]
    counts = []
    for one in order:
        count = 0
        while not one.wait_seconds():
            count += 1
        counts.append(count)
    # Half a bucket of sixty for what goes through a whole account; each lane before it has six more of its own.
    assert counts == [30, 6, 6, 6, 6, 6]


def test_a_refusal_pauses_everybody_for_as_long_as_the_server_says(cuprum: Installation, stored: Connections, clock: Clock):
    one, other = taken(cuprum, stored), taken(cuprum, stored)
    assert other.wait_seconds() == 0
    one.pause(30.0)
    for each in (one, other):
        assert 25 < each.wait_seconds() <= 31
    clock.now += 32
    assert other.wait_seconds() == 0


def test_what_was_taken_and_not_used_goes_back(cuprum: Installation, stored: Connections, clock: Clock):
    one = taken(cuprum, stored)
    for _ in range(4):
        one.wait_seconds()
    one.give_back()
    left = cuprum.database.read_now(remaining, stored.one("main").id, 180)
    assert left
    assert (left["now"], left["a_minute"], left["paused_seconds"]) == (56, 180, 0)


def test_a_storm_of_refusals_is_met_with_patience(stored: Connections, standin: StandIn):
    standin.quirks.too_many(retry_after="30", times=100, path="/people")
    with stored.open("main", attempts=1, lane=POLL) as copper, stored.open("main", attempts=1, lane=POLL) as other:
        with pytest.raises(RateLimited):
            copper.people.search()
        asked = len(standin.seen)
        for each in (copper, other, copper):
            with pytest.raises(RateLimited) as refusal:
                each.leads.search()
            assert refusal.value.retry_after_seconds
            assert refusal.value.retry_after_seconds > 5
        assert len(standin.seen) == asked


def test_a_server_with_a_feed_is_not_counted_and_is_asked_once(
    cuprum: Installation, stored: Connections, standin: StandIn, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(budget, "ANNOUNCED_BY", "content-type")
    for _ in range(2):
        with stored.open("main", attempts=1, lane=POLL) as copper:
            for _ in range(60):
                copper.tags.all()
    assert sum(one.path.endswith("/account") for one in standin.seen) == 1
    assert cuprum.database.read_now(remaining, stored.one("main").id, 180) is None
