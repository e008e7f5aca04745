"""Which column goes where, as far as the headers and the cells tell: a mapping to be looked at and corrected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cuprum.entities import kinds
from cuprum.kit.text import fold
from cuprum.records.vocabulary import Vocabulary
from cuprum.transfer.sheet import Sheet
from cuprum.transfer.targets import Target, targets

_BETWEEN = re.compile(r"[\W_]+")
_COUNTED = re.compile(r"\s*\d+( value)?$")
_LOOKED_AT = 2_000


def proposed_columns(sheet: Sheet, entity: str, vocabulary: Vocabulary) -> list[str | None]:
    """The name of the target of each column, None for those that nothing fits; a target is taken once unless it takes many."""
    known = targets(entity, vocabulary)
    called = _called(known.values())
    chosen: list[str | None] = []
    for header in sheet.headers:
        fitting = (called[name] for name in _readings(header) if name in called)
        chosen.append(next((one for one in fitting if known[one].takes_many or one not in chosen), None))
    return chosen


def _called(known: Iterable[Target]) -> dict[str, str]:
    """What a header may say → the target's name. The first come first: custom fields never take a field's own name."""
    called: dict[str, str] = {}
    listed = list(known)
    for names in (lambda one: (one.name, one.label), lambda one: one.names):
        for one in listed:
            for name in names(one):
                called.setdefault(plain(name), one.name)
    return called


def _readings(header: str) -> Iterator[str]:
    """`E-mail 2 - Value` is `email 2 value`, or else `email`."""
    name = plain(header)
    yield name
    yield _COUNTED.sub("", name)


def plain(name: str) -> str:
    return _BETWEEN.sub(" ", fold(name)).strip()


def proposed_dates(sheet: Sheet, columns: list[str | None], known: dict[str, Target]) -> str:
    """`dmy` or `mdy`, by the first date that can be meant only one way."""
    for cell in _cells(sheet, columns, known, _is_date):
        if found := _SLASHED.match(cell):
            first, second = int(found[1]), int(found[2])
            if first > 12 or "." in cell:
                return "dmy"
            if second > 12:
                return "mdy"
    return "mdy"


def proposed_decimal(sheet: Sheet, columns: list[str | None], known: dict[str, Target]) -> str:
    """`,` where a number can be meant only so."""
    for cell in _cells(sheet, columns, known, _is_number):
        if _COMMA_LAST.search(cell):
            return ","
        if _POINT_LAST.search(cell):
            return "."
    return "."


_SLASHED = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{2,4}")
_COMMA_LAST = re.compile(r"(^\D*\d+,\d{1,2}|\.\d{3},\d+|,\d{4,})\D*$")
_POINT_LAST = re.compile(r"(^\D*\d+\.\d{1,2}|,\d{3}\.\d+|\.\d{4,})\D*$")


def _cells(sheet: Sheet, columns: list[str | None], known: dict[str, Target], fits: object) -> Iterator[str]:
    wanted = [place for place, name in enumerate(columns) if name and fits(known[name])]  # type: ignore[operator]
    for row in sheet.rows[:_LOOKED_AT]:
        yield from (row.cells[place] for place in wanted if row.cells[place])


def _is_date(target: Target) -> bool:
    return isinstance(target.field.kind, kinds.Day) or bool(target.definition and target.definition.data_type == "Date")


def _is_number(target: Target) -> bool:
    if target.definition:
        return target.definition.data_type in ("Float", "Currency", "Percentage")
    return isinstance(target.field.kind, kinds.Amount | kinds.Count)
