"""Ids that sort by time."""

import itertools
import threading
import uuid

from cuprum.kit.clock import FixedClock, now, now_exact
from cuprum.kit.uuid7 import Uuid7Maker, uuid7


def test_it_is_a_version_7_uuid_that_carries_its_millisecond():
    made = uuid.UUID(Uuid7Maker(FixedClock(1_760_000_000.123))())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == 1_760_000_000_123


def test_ids_of_one_millisecond_sort_as_they_were_made():
    make = Uuid7Maker(FixedClock(1_760_000_000))
    made = [make() for _ in range(5_000)]
    assert made == sorted(set(made))


def test_ids_go_on_when_the_clock_is_set_back():
    clock = FixedClock(1_760_000_000)
    make = Uuid7Maker(clock)
    first = make()
    clock.advance(-3_600)
    second = make()
    clock.advance(7_200)
    assert first < second < make()


def test_a_full_counter_takes_the_next_millisecond():
    make = Uuid7Maker(FixedClock(1_760_000_000))
    first = make()
    make._counter = 2**42 - 1
    second = make()
    assert first < second
    assert uuid.UUID(second).int >> 80 == 1_760_000_000_001


def test_threads_never_share_an_id():
    made: list[list[str]] = [[] for _ in range(8)]
    threads = [threading.Thread(target=lambda own=own: own.extend(uuid7() for _ in range(2_000))) for own in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(own == sorted(own) for own in made)
    assert len(set(itertools.chain(*made))) == 16_000


def test_the_clock_counts_unix_seconds_and_a_fixed_one_stands_still():
    assert isinstance(now(), int)
    assert 0 <= now_exact() - now() < 2
    clock = FixedClock(10)
    assert (clock(), clock()) == (10, 10)
    clock.advance(2.5)
    assert clock() == 12.5
