"""Dates, numbers and ticks as people type them."""

from __future__ import annotations

import pytest
from pydantic_core import PydanticCustomError

from cuprum.transfer.habits import local_day, local_number, tick, words


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("31/12/2026", "dmy", "2026-12-31"), ("12/31/2026", "mdy", "2026-12-31"), ("1.2.26", "dmy", "2026-02-01"),
        ("1/2/1999 10:30", "mdy", "1999-01-02"), ("2026-12-31", "dmy", "2026-12-31"), ("2026-12-31T10:00:00Z", "mdy", "2026-12-31"),
        ("31 Dec 2026", "mdy", "2026-12-31"), ("December 31, 2026", "dmy", "2026-12-31"), ("01-02-70", "dmy", "1970-02-01"),
    ],
)  # fmt: skip
def test_days(cell: str, order: str, day: str) -> None:
    assert local_day(cell, order) == day


@pytest.mark.parametrize(("cell", "order"), [("31/12/2026", "mdy"), ("30/2/2026", "dmy"), ("45000", "dmy"), ("soon", "mdy")])
def test_what_is_no_day_in_this_order_is_refused(cell: str, order: str) -> None:
    with pytest.raises(PydanticCustomError, match="is not a date such as"):
        local_day(cell, order)


@pytest.mark.parametrize(
    ("cell", "decimal", "number"),
    [
        ("1,234.50", ".", "1234.50"), ("1.234,50 €", ",", "1234.50"), ("1 234,5", ",", "1234.5"), ("1'234.5", ".", "1234.5"),
        ("$1,000", ".", "1000"), ("-12", ".", "-12"), ("(12.50)", ".", "-12.50"), ("40 %", ",", "40"), ("EUR 7", ".", "7"), (".5", ".", "0.5"),
    ],
)  # fmt: skip
def test_numbers(cell: str, decimal: str, number: str) -> None:
    assert local_number(cell, decimal) == number


@pytest.mark.parametrize(
    ("cell", "decimal"), [("1,5", "."), ("1.5", ","), ("a lot", "."), ("", "."), ("1.2.3", "."), ("12,", ",")]
)
def test_what_is_no_number_with_this_sign_is_refused(cell: str, decimal: str) -> None:
    with pytest.raises(PydanticCustomError, match="is not a number"):
        local_number(cell, decimal)


def test_ticks_and_lists() -> None:
    assert (tick("Ja"), tick("NO")) == (True, False)
    with pytest.raises(PydanticCustomError, match="neither yes nor no"):
        tick("perhaps")
    assert words("a; b,c |d;;") == ["a", "b", "c", "d"]
