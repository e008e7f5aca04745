"""The rows that did not come in, as a CSV file: the columns as they were, with the line and the reason behind them."""

from __future__ import annotations

import csv
import io

from sqlalchemy import Connection

from cuprum.kit import jsonio
from cuprum.transfer import imports
from cuprum.transfer.decide import REFUSED, REPEATED

# What spreadsheets take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def left_out_file(connection: Connection, job: imports.Job, outcomes: tuple[str, ...] = (REFUSED, REPEATED)) -> str:
    """In UTF-8 with its mark, as spreadsheets want it; corrected and without the last columns it can be imported again."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=job.plan.delimiter)
    writer.writerow(map(harmless, [*job.headers, "Line", "Outcome", "Reason"]))
    after = 0
    while some := imports.left_out(connection, job, outcomes, after):
        for row in some:
            cells = jsonio.decode(row.cells)
            padded = cells + [""] * (len(job.headers) - len(cells))
            writer.writerow(map(harmless, [*padded[: len(job.headers)], str(row.line), row.outcome, row.reason or ""]))
        after = some[-1].line
    return "\ufeff" + text.getvalue()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula: an apostrophe goes before what looks like one; numbers stay."""
    if cell.startswith(_FORMULA) and not _is_number(cell):
        return f"'{cell}"
    return cell


def _is_number(cell: str) -> bool:
    return cell[1:].replace(" ", "").replace(".", "").replace(",", "").isdecimal() and cell[0] in "+-"
