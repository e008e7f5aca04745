"""Dates, numbers, ticks and lists as people type them, in the form in which the readers of the API take them."""

from __future__ import annotations

import re
from datetime import date, datetime

from cuprum.entities.reading import refuse, shown

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_LOCAL = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})\.?(?:[T ,].*)?")
_WORDED = ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y", "%d-%b-%y")
_EXAMPLES = {"dmy": "31/12/2026", "mdy": "12/31/2026"}


def local_day(cell: str, order: str) -> str:
    """A day as YYYY-MM-DD; raises PydanticCustomError for what is none in this order."""
    try:
        if found := _ISO.fullmatch(cell):
            return date(*map(int, found.groups())).isoformat()
        if found := _LOCAL.fullmatch(cell):
            first, second, year = map(int, found.groups())
            day, month = (first, second) if order == "dmy" else (second, first)
            return date(_century(year), month, day).isoformat()
    except ValueError:
        refuse(f"{shown(cell)} is not a date such as {_EXAMPLES[order]}")
    words = cell.replace(",", " ").replace(".", " ")
    for form in _WORDED:
        try:
            return datetime.strptime(" ".join(words.split()), form).date().isoformat()
        except ValueError:
            continue
    refuse(f"{shown(cell)} is not a date such as {_EXAMPLES[order]}")


def _century(year: int) -> int:
    return year if year > 99 else 2000 + year if year < 70 else 1900 + year


_SIGNS = re.compile(r"[^\d.,()+\-]|(?<=\d)['’](?=\d)")


def local_number(cell: str, decimal: str) -> str:
    """`1.234,50 €` is 1234.50 where the comma is the decimal sign; raises PydanticCustomError for what is no number."""
    thousands = "." if decimal == "," else ","
    bare = _SIGNS.sub("", cell)
    is_negative = bare.startswith("-") or (bare.startswith("(") and bare.endswith(")"))
    whole, sign, fraction = bare.strip("()+-").partition(decimal)
    groups = whole.split(thousands)
    is_grouped = len(groups) == 1 or (1 <= len(groups[0]) <= 3 and all(len(one) == 3 for one in groups[1:]))
    digits = "".join(groups)
    if not is_grouped or not (digits + fraction).isdecimal() or (sign and not fraction) or _letters(cell):
        refuse(f"{shown(cell)} is not a number with {decimal} as its decimal sign", "not_a_number")
    return f"{'-' if is_negative else ''}{digits or '0'}{'.' if fraction else ''}{fraction}"


def _letters(cell: str) -> bool:
    """A currency may stand around a number (`EUR`, `kr.`, `Rs`), a sentence may not."""
    return sum(letter.isalpha() for letter in cell) > 4


_YES = frozenset({"yes", "y", "true", "1", "x", "on", "ja", "oui", "si", "sí", "sim", "✓", "✔"})
_NO = frozenset({"no", "n", "false", "0", "off", "nein", "non", "não", "-"})


def tick(cell: str) -> bool:
    word = cell.casefold()
    if word in _YES or word in _NO:
        return word in _YES
    refuse(f"{shown(cell)} is neither yes nor no")


_LIST = re.compile(r"[;,|\n]")


def words(cell: str) -> list[str]:
    return [word for one in _LIST.split(cell) if (word := one.strip())]
