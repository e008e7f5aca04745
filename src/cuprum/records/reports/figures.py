"""The columns and figures that several reports share: counts, sums in the account's currency, and what no sum can hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, func, type_coerce

from cuprum.entities import Opportunity, field
from cuprum.storage.tables import TABLES

deals = TABLES["opportunity"]
STATUSES: tuple[str, ...] = field(Opportunity, "status").kind.options  # type: ignore[attr-defined]
_PARTS = 10_000
_PER_CENT = 100


def code(status: str) -> int:
    return STATUSES.index(status)


def counted() -> tuple[ColumnElement[Any], ...]:
    """Columns for `figures`: whole units and their ten-thousandths are summed apart, since the largest values times a
    percentage are more than a database's integer holds."""
    value = type_coerce(deals.c.converted_value, BigInteger)
    chance = func.coalesce(deals.c.win_probability, 0)
    units, parts = value // _PARTS, value % _PARTS
    sums = (func.coalesce(func.sum(one), 0) for one in (units, parts, units * chance, parts * chance))
    unknown = deals.c.converted_value.is_(None) & deals.c.monetary_value.is_not(None)
    return func.count(), *sums, func.count(case((unknown, 1)))


NOTHING = (0, 0, 0, 0, 0, 0)


def figures(row: Sequence[Any] | None, *, weighted: bool = False) -> dict[str, Any]:
    """`count`, `total` and perhaps `weighted` in the account's currency, and `without_exchange_rate`: in the count alone."""
    count, units, parts, likely_units, likely_parts, unknown = row or NOTHING
    shown = {"count": count, "total": float(units + Decimal(parts) / _PARTS)}
    if weighted:
        shown["weighted"] = float((likely_units + Decimal(likely_parts) / _PARTS) / _PER_CENT)
    return shown | {"without_exchange_rate": unknown}


def added(rows: Iterable[Sequence[Any]]) -> list[int]:
    """The sum of such rows, figure by figure."""
    return [sum(map(int, column)) for column in zip(*rows, strict=True)] or list(NOTHING)
