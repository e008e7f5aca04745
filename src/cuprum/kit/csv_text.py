"""Tables as CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

# A cell that starts like this is a formula to a spreadsheet; an apostrophe in front makes it text again.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """The lines of a table, ended by CRLF (RFC 4180); nothing is an empty cell, numbers stay numbers."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(map(safe_cell, header))
    writer.writerows(map(safe_cell, row) for row in rows)
    return made.getvalue()


def safe_cell(value: Any) -> Any:
    """The value as it may stand in a file that people open in a spreadsheet."""
    if isinstance(value, str) and value.lstrip(" \n\x0b\x0c\ufeff\u00a0").startswith(_FORMULA):
        return f"'{value}"
    return value
