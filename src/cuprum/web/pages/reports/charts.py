"""What the charts of reports show: a bar or a column a row, its length as a share of the longest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cuprum.web.shown import Shown

_MOST_BARS, _LONGEST_LABEL = 25, 34
# As many months as have room for their names.
_NAMED_MONTHS = 13


@dataclass(frozen=True)
class Mark:
    """One row: `whole` and the `part` of it (None where there is none) in hundredths of the longest."""

    label: str
    text: str
    whole: float
    part: float | None = None


@dataclass(frozen=True)
class Chart:
    """`kind` is the macro that draws it; `legend` names the whole and the part; `further` rows stand in the table alone."""

    kind: str
    marks: Sequence[Mark]
    legend: tuple[str, str] | None = None
    top: str = ""
    further: int = 0


def chart_of(name: str, rows: Sequence[Mapping[str, Any]], shown: Shown) -> Chart:
    match name:
        case "forecast":
            return _by_month(rows, shown)
        case "stage_funnel":
            return _bars(((row["name"], _conversion(row, shown), row["entered"], row["went_on"]) for row in rows),
                         ("entered", "went on"))  # fmt: skip
        case "won_and_lost":
            return _bars((outcome(row), shown.number(row["count"]), row["count"], None) for row in rows)
    return _bars((row["name"] or "Nobody's", shown.money(row["total"]), row["total"], None) for row in rows)


def outcome(row: Mapping[str, Any]) -> str:
    """`Won`, `Abandoned`, `Lost: price`."""
    return f"{row['status']}: {row['reason'] or 'no reason given'}" if row["status"] == "Lost" else row["status"]


def _conversion(row: Mapping[str, Any], shown: Shown) -> str:
    if not row["entered"]:
        return "0"
    return f"{shown.number(row['entered'])} → {shown.number(row['went_on'])} ({shown.number(row['conversion'])} %)"


def _bars(rows: Iterable[tuple[str, str, float, float | None]], legend: tuple[str, str] | None = None) -> Chart:
    every = list(rows)
    most = max((row[2] for row in every), default=0)
    marks = [
        Mark(_cut(label), text, _share(whole, most), None if part is None else _share(part, most))
        for label, text, whole, part in every[:_MOST_BARS]
    ]
    return Chart("bars", marks, legend, further=max(0, len(every) - _MOST_BARS))


def _by_month(rows: Sequence[Mapping[str, Any]], shown: Shown) -> Chart:
    most = max((row["total"] for row in rows), default=0)
    each = -(-len(rows) // _NAMED_MONTHS) or 1
    marks = [
        Mark(
            shown.month(row["month"]).split()[0] if place % each == 0 else "",
            f"{shown.month(row['month'])}: {shown.money(row['total'])}, weighted {shown.money(round(row['weighted']))}",
            _share(row["total"], most),
            _share(row["weighted"], most),
        )
        for place, row in enumerate(rows)
    ]
    return Chart("months", marks, ("whole value", "weighted by the chance to win"), top=shown.money(most))


def _share(value: float, most: float) -> float:
    # A value below nothing has no length; the table has its number.
    return round(100 * max(value, 0) / most, 2) if most > 0 else 0


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"
