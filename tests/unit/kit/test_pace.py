"""How much fits in a transaction follows what was measured."""

from __future__ import annotations

import pytest

from cuprum.kit import pace
from cuprum.kit.pace import Pace


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 100.0

        def monotonic(self) -> float:
            return self.now

    ticking = Clock()
    monkeypatch.setattr(pace, "time", ticking)
    return ticking


def test_the_faster_the_records_the_more_fit(clock):
    rows = Pace()
    first = rows.room(1_000)
    for _ in range(10):
        rows.begin()
        clock.now += 0.01
        rows.did(10)
    rows.begin()
    assert rows.room(1_000) == pytest.approx(80, abs=1)
    assert rows.room(1_000) > first
    assert rows.room(50) == 50


def test_a_transaction_is_over_before_the_next_record_would_be_too_late(clock):
    slow = Pace()
    for _ in range(20):
        slow.begin()
        clock.now += 0.03
        slow.did()
    slow.begin()
    clock.now += 0.03
    slow.did()
    assert not slow.is_over
    clock.now += 0.03
    slow.did()
    assert slow.is_over


def test_the_first_are_done_however_slow_and_no_remainder_that_is_not_worth_it(clock):
    rows = Pace()
    clock.now += 5
    assert rows.room(50, fewest=12) == 12
    assert rows.room(3, fewest=12) == 3
    rows.did(12)
    rows.begin()
    assert rows.room(50, fewest=12) == 12
    clock.now += 0.07
    rows.did(12)
    assert rows.room(50, fewest=12) == 0
