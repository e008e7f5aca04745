"""No cell of the file with refused rows is a formula to a spreadsheet."""

from __future__ import annotations

import pytest

from cuprum.transfer.left_out import harmless


@pytest.mark.parametrize("cell", ['=HYPERLINK("http://x")', "@SUM(1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\t=1", "\r=1"])
def test_what_looks_like_a_formula_is_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Ada", "", "-12.5", "+351 912 345", "ada@quill.example", "a=b"])
def test_everything_else_stays(cell: str) -> None:
    assert harmless(cell) == cell
