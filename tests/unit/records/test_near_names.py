"""Names that are a slip apart: each slip is found, and nothing else."""

from __future__ import annotations

import random

import pytest

from cuprum.records.near_names import a_slip_apart

NAMES = ("jo", "ada", "łukasz", "harbour & pine", "漢字会社", "aaaaaa", "abababab")


def slips(name: str) -> set[str]:
    letters = "abx漢"
    left_out = {name[:at] + name[at + 1 :] for at in range(len(name))}
    put_in = {name[:at] + one + name[at:] for at in range(len(name) + 1) for one in letters}
    mistaken = {name[:at] + one + name[at + 1 :] for at in range(len(name)) for one in letters}
    swapped = {name[:at] + name[at : at + 2][::-1] + name[at + 2 :] for at in range(len(name) - 1)}
    return (left_out | put_in | mistaken | swapped) - {name}


def either_way(one: str, another: str) -> bool:
    return a_slip_apart(*sorted((one, another), key=len))


@pytest.mark.parametrize("name", NAMES)
def test_one_slip_is_found_wherever_it_is(name):
    assert [slip for slip in slips(name) if not either_way(name, slip)] == []


def test_names_that_are_further_apart_are_told_apart():
    chosen = random.Random(5)
    words = ["".join(chosen.choices("abx", k=chosen.randrange(1, 9))) for _ in range(300)]
    for one in words:
        for another in words:
            if one != another and another not in slips(one):
                assert not either_way(one, another), (one, another)
