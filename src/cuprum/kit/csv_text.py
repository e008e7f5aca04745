"""Tables as CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

# A cell that starts like this is a formula to a spreadsheet; an apostrophe in front makes it text again.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# A number with a sign is none.
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?", re.ASCII)


def csv_text(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """The lines of a table, ended by CRLF (RFC 4180); nothing is an empty cell, numbers stay numbers."""
    return csv_lines([header]) + csv_lines(rows)


def csv_lines(rows: Iterable[Iterable[Any]]) -> str:
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerows(map(safe_cell, row) for row in rows)
    return made.getvalue()


def safe_cell(value: Any) -> Any:
    """The value as it may stand in a file that people open in a spreadsheet."""
    if isinstance(value, str) and value.lstrip(" \n\x0b\x0c\ufeff\u00a0").startswith(_FORMULA) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value
