"""A value in the account's currency, written at each change of the value; unknown where there is no rate."""

from __future__ import annotations

from decimal import Decimal

from cuprum.records.draft import Draft


def converted_value(draft: Draft) -> None:
    if draft.values.get("monetary_value") is not None and not draft.get("monetary_unit"):
        draft.values["monetary_unit"] = draft.work.vocabulary.account["currency"]
    if unit := draft.values.get("monetary_unit"):
        draft.values["monetary_unit"] = unit = unit.strip().upper()
        if len(unit) != 3 or not unit.isascii() or not unit.isalpha():
            draft.refuse("monetary_unit", "must be a currency code of three letters such as EUR")
            return
    if draft.is_new or draft.changes("monetary_value") or draft.changes("monetary_unit"):
        draft.values |= _converted(draft)


def _converted(draft: Draft) -> dict[str, Decimal | str | None]:
    value, unit = draft.get("monetary_value"), draft.get("monetary_unit")
    own = draft.work.vocabulary.account["currency"]
    rate = Decimal(1) if unit in (None, own) else draft.work.vocabulary.rates.get(unit)
    if value is None or rate is None:
        return {"converted_value": None, "converted_unit": None}
    return {"converted_value": round(value * rate, 4), "converted_unit": own}
