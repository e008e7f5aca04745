"""A value in the account's currency, written at each change of the value; unknown where there is no rate."""

from __future__ import annotations

from decimal import Decimal

from cuprum.records.draft import Draft
from cuprum.records.work import Work


def converted_value(draft: Draft) -> None:
    if draft.values.get("monetary_value") is not None and not draft.get("monetary_unit"):
        draft.values["monetary_unit"] = draft.work.vocabulary.account["currency"]
    if unit := draft.values.get("monetary_unit"):
        draft.values["monetary_unit"] = unit = unit.strip().upper()
        if not is_code(unit):
            draft.refuse("monetary_unit", "must be a currency code of three letters such as EUR")
            return
    if draft.is_new or draft.changes("monetary_value") or draft.changes("monetary_unit"):
        draft.values |= converted(draft.work, draft.get("monetary_value"), draft.get("monetary_unit"))


def converted(work: Work, value: Decimal | None, unit: str | None) -> dict[str, Decimal | str | None]:
    """`converted_value` and `converted_unit` by the rates of now."""
    own = work.vocabulary.account["currency"]
    rate = Decimal(1) if unit in (None, own) else work.vocabulary.rates.get(unit)
    if value is None or rate is None:
        return {"converted_value": None, "converted_unit": None}
    return {"converted_value": round(value * rate, 4), "converted_unit": own}


def is_code(text: str) -> bool:
    """Whether it can be a currency, such as EUR."""
    return len(text) == 3 and text.isascii() and text.isalpha()
