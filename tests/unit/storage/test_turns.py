"""Readers take turns while these are short, and nobody is held up by one who takes long."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cuprum.storage import turns
from cuprum.storage.turns import Turns
from patience import PATIENCE_SECONDS


@contextmanager
def held(one: Turns) -> Iterator[threading.Event]:
    """Somebody else has a turn until the event is set, or the block ends."""
    has_it, ends = threading.Event(), threading.Event()

    def hold() -> None:
        with one.taken():
            has_it.set()
            ends.wait(PATIENCE_SECONDS)

    thread = threading.Thread(target=hold)
    thread.start()
    assert has_it.wait(PATIENCE_SECONDS)
    yield ends
    ends.set()
    thread.join()


def test_a_turn_is_waited_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", PATIENCE_SECONDS)
    one, came = Turns(), threading.Event()

    def come() -> None:
        with one.taken():
            came.set()

    with held(one) as ends:
        comer = threading.Thread(target=come)
        comer.start()
        assert not came.wait(0.1)
        ends.set()
        comer.join(PATIENCE_SECONDS)
    assert came.is_set()


def test_who_waited_for_long_goes_on_without_and_so_does_everybody_after_them():
    one = Turns()
    with held(one):
        for _ in range(3):
            with one.taken():
                pass
        # Nobody who went on without a turn gives back that of another.
        assert one._lock.locked()
    assert not one._lock.locked()


def test_a_turn_is_given_back_whatever_happens_in_it():
    one = Turns()
    with pytest.raises(ValueError, match="broken"), one.taken():
        raise ValueError("broken")
    assert not one._lock.locked()
