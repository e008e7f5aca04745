"""A CSV file as a table: its delimiter found, its header, its rows with the lines at which they begin."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cuprum.kit.errors import Refused
from cuprum.transfer.decoding import decoded

DELIMITERS = (",", ";", "\t", "|")
MOST_ROWS = 500_000
MOST_COLUMNS = 500
_SAMPLE = 65_536
# How a zip begins.
_WORKBOOK = b"PK\x03\x04"


@dataclass(frozen=True)
class Row:
    """`line` is where the row begins in the file, counted from 1; cells are stripped and as many as there are columns."""

    line: int
    cells: list[str]
    is_too_long: bool = False


@dataclass(frozen=True)
class Sheet:
    encoding: str
    delimiter: str
    headers: list[str]
    rows: list[Row]


def read_sheet(content: bytes, *, encoding: str | None = None, delimiter: str | None = None) -> Sheet:
    """Raises Refused, saying the line, for what is no table with a header."""
    if content.startswith(_WORKBOOK):
        raise Refused("This is a workbook (such as .xlsx) or another packed file. Open it in a spreadsheet and save it as CSV.")
    text, found = decoded(content, encoding)
    if "\0" in text[:_SAMPLE]:
        raise Refused("This is no text file: it holds characters that no CSV file has. Save the table as CSV and try again.")
    delimiter = delimiter or found_delimiter(text)
    lines = _lines(text, delimiter)
    _, headers = next(lines, (0, []))
    headers = [header.strip() for header in headers]
    while headers and not headers[-1]:
        headers.pop()
    if not headers:
        raise Refused("The file is empty: its first line must name the columns.")
    if len(headers) > MOST_COLUMNS:
        raise Refused(f"The file has {len(headers)} columns; the most is {MOST_COLUMNS}.")
    return Sheet(found, delimiter, headers, list(_rows(lines, len(headers))))


def _rows(lines: Iterator[tuple[int, list[str]]], width: int) -> Iterator[Row]:
    for count, (line, cells) in enumerate(lines):
        if count >= MOST_ROWS:
            raise Refused(f"The file has more than {MOST_ROWS} rows. Split it.")
        cells = [cell.strip() for cell in cells]
        surplus = any(cells[width:])
        yield Row(line, (cells + [""] * width)[: max(width, len(cells)) if surplus else width], surplus)


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold something, each with the number of its first line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        begins = 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as trouble:
        raise Refused(f"The file cannot be read at line {reader.line_num}: {trouble}. A quotation mark may be missing.") from None


def found_delimiter(text: str) -> str:
    """The one that cuts the most lines of the file's beginning into as many cells as its header."""
    sample = text[:_SAMPLE]
    return max(DELIMITERS, key=lambda one: _fit(sample, one))


def _fit(sample: str, delimiter: str) -> tuple[int, int]:
    widths = []
    try:
        for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if cells:
                widths.append(len(cells))
    except csv.Error:
        pass
    if not widths or widths[0] == 1:
        return (0, 0)
    # The last one of a sample may be cut short.
    return (Counter(widths[:-1] or widths)[widths[0]], widths[0])
