"""A storm of 429: three pollers and a person on one connection, on a server that takes less than we were told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from cuprum.automation import budget
from cuprum.automation.budget import PAUSE_SECONDS, USER
from cuprum.automation.connections import Connections
from cuprum.automation.triggers import clients, lease, look
from cuprum.automation.triggers.poller import LONGEST_BACKOFF_SECONDS
from cuprum.connector.errors import RateLimited
from installation import Installation
from polled import PLURALS, Account, Poll
from standin import StandIn
from standin.quirks import Fault

TRIGGERS = {"person": "personCreated", "company": "companyCreated", "lead": "leadCreatedOrUpdated"}
SECONDS, STEP_SECONDS, A_WINDOW = 300, 1.0, 60.0
ROOM = 30
PEOPLE_COME_EVERY_STEPS = 7


class Clock:
    """Time that passes only when the test says so."""

    def __init__(self, now: float) -> None:
        self.now = now

    def time(self) -> float:
        return self.now

    monotonic = time


@dataclass
class Limit(Fault):
    """So many requests within any minute, and 429 for what is more; what somebody else does is not counted."""

    clock: Callable[[], float] = lambda: 0.0
    is_off: bool = False
    taken: list[float] = field(default_factory=list)
    heard: list[tuple[float, bool]] = field(default_factory=list)

    def fits(self, scope: Any) -> bool:
        if self.is_off:
            return False
        now = self.clock()
        self.taken = [at for at in self.taken if at > now - A_WINDOW]
        is_refused = len(self.taken) >= ROOM
        self.heard.append((now, is_refused))
        if not is_refused:
            self.taken.append(now)
        return is_refused


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, account: Account) -> Clock:
    account.live()
    made = Clock(float(account.second))
    for module in (budget, clients, lease, look):
        monkeypatch.setattr(module, "time", made)
    account.standin.state.clock = made.time
    # A server says its own time, by which a listener is told when it began.
    monkeypatch.setattr("cuprum.connector.resources.changes.second_of", lambda date: int(made.now))
    return made


class Person:
    """Who comes now and then and asks again at each step until there is an answer; always after the pollers."""

    def __init__(self, stored: Connections) -> None:
        # A person waits at the keyboard; here the time passes by steps.
        self._copper = stored.open("main", attempts=1, lane=replace(USER, patience_seconds=0.0))
        self._is_waiting = False
        self.answered = 0

    def turn(self, limit: Limit, pause: float, *, comes: bool) -> None:
        self._is_waiting |= comes
        if not self._is_waiting:
            return
        heard = len(limit.heard)
        try:
            self._copper.tags.all()
        except RateLimited:
            # It waits for the server alone, and never for the pollers of its connection.
            paused_until = max((at for at, is_refused in limit.heard if is_refused), default=0) + pause + 1
            assert len(limit.heard) > heard or limit.clock() <= paused_until
        else:
            self.answered += 1
            self._is_waiting = False


@pytest.mark.parametrize("retry_after", ["20", None])
def test_people_go_first_no_event_is_lost_and_a_refusal_is_heeded(
    poll: Poll, account: Account, standin: StandIn, cuprum: Installation, clock: Clock, retry_after: str | None
):
    headers = {"retry-after": retry_after} if retry_after else {}
    pause = float(retry_after) if retry_after else PAUSE_SECONDS
    body = b'{"success":false,"status":429,"message":"Rate limit exceeded"}'
    limit = Limit(429, headers, body, work_first=False, times=10**9, clock=clock.time)
    pollers = {entity: poll(entity, poll_seconds=4, requests_a_minute=180) for entity in TRIGGERS}
    listeners = {entity: one.listen(TRIGGERS[entity]) for entity, one in pollers.items()}
    for one in pollers.values():
        one.look()
    standin.quirks.faults.append(limit)
    person = Person(Connections(cuprum.settings.model_copy(update={"requests_a_minute": 180}), cuprum.database))
    made: dict[str, list[int]] = {entity: [] for entity in TRIGGERS}

    def somebody_adds(entity: str) -> None:
        limit.is_off = True
        made[entity].append(account.call("POST", f"/{PLURALS[entity]}", {"name": f"At {clock.now}"})["id"])
        limit.is_off = False

    def step(number: int) -> None:
        for one in pollers.values():
            one.poller.turn()
        person.turn(limit, pause, comes=number % PEOPLE_COME_EVERY_STEPS == 0)
        clock.now += STEP_SECONDS

    for number in range(int(SECONDS / STEP_SECONDS)):
        if number % 20 == 0:
            somebody_adds(list(TRIGGERS)[number // 20 % 3])
        step(number)
    refusals = [at for at, is_refused in limit.heard if is_refused]
    assert len(refusals) >= 3, "there was no storm"
    # No hammering: after a refusal the whole connection is silent for as long as it was told to be.
    for at in refusals:
        following = next((later for later, _ in limit.heard if later > at), None)
        assert following is None or following - at >= pause
    assert person.answered >= 10
    # The storm passes, and everything that happened is told, once.
    limit.is_off = True
    for number in range(int(LONGEST_BACKOFF_SECONDS / STEP_SECONDS)):
        step(number)
        told = {entity: [event.record_id for event in one.hear(listeners[entity])] for entity, one in pollers.items()}
        for entity in TRIGGERS:
            assert set(told[entity]) <= set(made[entity])
            made[entity] = [one for one in made[entity] if one not in told[entity]]
            assert len(told[entity]) == len(set(told[entity]))
        if not any(made.values()):
            break
    assert not any(made.values())
