"""The account itself: its name, time zone and currency, and the exchange rates to that currency."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from pydantic_core import PydanticCustomError
from sqlalchemy import delete, select, update

from cuprum.auth.may import may
from cuprum.entities import ENTITIES, reading
from cuprum.kit.errors import Invalid, NotFound, Problem
from cuprum.kit.pace import Pace
from cuprum.records import write
from cuprum.records.money import converted, is_code
from cuprum.records.people_of_account import line_problems
from cuprum.records.stored import stored
from cuprum.records.visible import present
from cuprum.records.vocabulary_change import vocabulary_change
from cuprum.records.work import Work
from cuprum.storage.account_tables import account, exchange_rate
from cuprum.storage.dialect import insert
from cuprum.storage.tables import TABLES

_AT_ONCE = 100
_RATE_PLACES = 10
_MOST = Decimal(1_000_000)
_WITH_VALUES = ("opportunity", "lead")


def change_account_part(work: Work, place: dict[str, Any], **fields: str) -> bool:
    """After a change of the currency every value is converted anew, for a sum of two currencies is no sum; True when all are."""
    if "is_new" not in place:
        place["is_new"] = change_account(work, **fields)
    return not place["is_new"] or reconvert_part(work, place)


def change_account(work: Work, *, name: str, currency: str, primary_timezone: str) -> bool:
    """True if the currency changed: then the rates to the former one are gone, and every value is to be converted anew."""
    may(work.actor, "manage", "the account")
    wanted = {"name": name.strip(), "currency": currency.strip().upper(), "primary_timezone": primary_timezone.strip()}
    if problems := [*line_problems("name", name), *_currency_problems(wanted["currency"]), *_zone_problems(primary_timezone)]:
        raise Invalid(*problems)
    with vocabulary_change(work):
        before = work.vocabulary.account
        changed = {key: value for key, value in wanted.items() if value != before[key]}
        if not changed:
            return False
        work.execute(update(account).values(**changed))
        work.group.record("account", before["id"], "update", {key: before[key] for key in changed}, changed)
        if "currency" in changed:
            for code in work.vocabulary.rates:
                _drop(work, code)
    return "currency" in changed


def _currency_problems(code: str) -> list[Problem]:
    return [] if is_code(code) else [Problem("currency", "must be a currency code of three letters such as EUR")]


def _zone_problems(zone: str) -> list[Problem]:
    known = zone.strip() in available_timezones()
    return [] if known else [Problem("primary_timezone", "must be a time zone such as Europe/Lisbon")]


def set_rate(work: Work, currency: str, rate: Any) -> None:
    """Say how much of the account's currency one of another is; values that are written from now on are converted by it."""
    may(work.actor, "manage", "exchange rates")
    code, problems = currency.strip().upper(), []
    if not is_code(code):
        problems = _currency_problems(code)
    elif code == work.vocabulary.account["currency"]:
        problems.append(Problem("currency", "is the account's own: it needs no rate"))
    value = _rate(rate, problems)
    if problems or value is None:
        raise Invalid(*problems)
    with vocabulary_change(work):
        former = work.vocabulary.rates.get(code)
        if former == value:
            return
        row = {"rate": value, "date_modified": work.now}
        statement = insert(work.connection, exchange_rate).values(currency=code, **row)
        work.execute(statement.on_conflict_do_update(index_elements=[exchange_rate.c.currency], set_=row))
        before = {} if former is None else _logged(code, former, work.now)
        work.group.record("exchange_rate", 0, "update" if before else "new", before, _logged(code, value, work.now))


def _rate(text: Any, problems: list[Problem]) -> Decimal | None:
    try:
        value = reading.number(str(text).strip() or None)
    except PydanticCustomError as refusal:
        problems.append(Problem("rate", refusal.message()))
        return None
    rounded = round(value, _RATE_PLACES) if value is not None and 0 < value <= _MOST else None
    if not rounded:
        problems.append(Problem("rate", f"must be a number above 0, of at most {_MOST:,}"))
        return None
    return rounded


def remove_rate(work: Work, currency: str) -> None:
    """Values that were converted by it keep what they have; raises NotFound."""
    may(work.actor, "manage", "exchange rates")
    with vocabulary_change(work):
        if currency not in work.vocabulary.rates:
            raise NotFound("There is no such rate")
        _drop(work, currency)


def _drop(work: Work, code: str) -> None:
    work.execute(delete(exchange_rate).where(exchange_rate.c.currency == code))
    work.group.record("exchange_rate", 0, "delete", _logged(code, work.vocabulary.rates[code], work.now), {})


def _logged(code: str, rate: Decimal, at: int) -> dict[str, Any]:
    # As text: a number of JSON is read back as something near it.
    return {"currency": code, "rate": f"{rate.normalize():f}", "date_modified": at}


def reconvert_part(work: Work, place: dict[str, Any]) -> bool:
    """Convert as many values by today's rates as fit in one short transaction; True when all are.

    `place` says where it goes on.
    """
    may(work.actor, "manage", "exchange rates")
    pace = Pace()
    for entity, record_id in _with_values(work, place):
        before = stored(work, entity, record_id)
        new = converted(work, before["monetary_value"], before["monetary_unit"])
        if changed := {name: value for name, value in new.items() if value != before[name]}:
            write.apply(work, ENTITIES[entity], before, changed)
        place |= {"entity": entity, "after": record_id}
        pace.did()
        if pace.is_over:
            return False
    return True


def _with_values(work: Work, place: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for entity in _WITH_VALUES[_WITH_VALUES.index(place.get("entity", _WITH_VALUES[0])) :]:
        records = TABLES[entity]
        after = place["after"] if place.get("entity") == entity else 0
        while True:
            page = select(records.c.id).where(
                records.c.monetary_value.is_not(None), records.c.id > after, present(work.actor, entity)
            )  # fmt: skip
            ids = work.execute(page.order_by(records.c.id).limit(_AT_ONCE)).scalars().all()
            for after in ids:
                yield entity, after
            if len(ids) < _AT_ONCE:
                break
