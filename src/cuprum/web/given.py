"""What was typed into a form, as the body of a request that the wire would bring: its rules are those of `records/`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from cuprum.kit.errors import Invalid, Problem
from cuprum.kit.forms import Pairs
from cuprum.kit.text import fold
from cuprum.records.naming import ids_named
from cuprum.records.work import Work
from cuprum.web.facts import Fact
from cuprum.web.shown import Shown

_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_WITH_ID = re.compile(r".*\(#(\d{1,18})\)\s*")


def body_of(work: Work, facts: Iterable[Fact], form: Pairs, shown: Shown) -> dict[str, Any]:
    """The attributes of those facts that the form has; raises Invalid for names that nothing has."""
    body: dict[str, Any] = {}
    custom: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for fact in facts:
        typed = _Typed(fact.name, form)
        if not typed.is_there:
            continue
        try:
            value = _value(work, fact, typed, shown)
        except Invalid as trouble:
            problems += trouble.problems
            continue
        if fact.definition:
            custom.append({"custom_field_definition_id": fact.definition.id, "value": value})
        else:
            body |= _attributes(work, fact, value)
    if problems:
        raise Invalid(*problems)
    return body | ({"custom_fields": custom} if custom else {})


class _Typed:
    """The fields of one fact: `name` itself, and `name.part` for what has parts."""

    def __init__(self, name: str, form: Pairs) -> None:
        self.name, self._form = name, form

    @property
    def is_there(self) -> bool:
        return any(key == self.name or key.startswith(self.name + ".") for key, _ in self._form)

    def all(self, part: str = "") -> list[str]:
        wanted = self.name + ("." + part if part else "")
        return [value.strip() for key, value in self._form if key == wanted]

    def one(self, part: str = "") -> str:
        return next(iter(self.all(part)), "")


def _value(work: Work, fact: Fact, typed: _Typed, shown: Shown) -> Any:
    text = typed.one()
    match fact.control:
        case "long_text":
            return text.replace("\r\n", "\n") or None
        case "choice":
            return int(text) if text.isdecimal() else text or None
        case "several":
            return [int(one) for one in typed.all() if one.isdecimal()]
        case "money" | "number" | "percentage":
            return amount_of(text, shown)
        case "day":
            return _slashed(text)
        case "instant":
            return _seconds(fact, typed, shown)
        case "flag":
            return "1" in typed.all()
        case "tags":
            return [tag for one in typed.all() for tag in map(str.strip, one.split(",")) if tag]
        case "contacts":
            return _contacts(fact, typed)
        case "address":
            return {part: typed.one(part) or None for part in ("street", "city", "state", "postal_code", "country")}
        case "record":
            return _record(work, fact, fact.target or "", text)
        case "reference":
            target = typed.one("type") or fact.types[0]
            if target not in fact.types:
                raise Invalid(Problem(fact.name, f"belongs to one of {', '.join(fact.types)}", "inclusion"))
            record_id = _record(work, fact, target, typed.one("name"), held=fact.value)
            return None if record_id is None else {"id": record_id, "type": target}
    return text or None


def _attributes(work: Work, fact: Fact, value: Any) -> dict[str, Any]:
    if isinstance(value, _New) and fact.made_by:
        return {fact.made_by: value.name}
    if fact.name == "pipeline_stage_id" and (stage := work.vocabulary.words["pipeline_stage"].get(value)):
        return {"pipeline_id": stage["pipeline_id"], fact.name: value}
    if fact.field and fact.control == "contacts" and fact.name == "email":
        return {fact.name: value[0] if value else None}
    return {fact.name: value}


def _contacts(fact: Fact, typed: _Typed) -> list[dict[str, str]]:
    assert fact.item
    pairs = zip(typed.all(fact.item), typed.all("category"), strict=False)
    return [{fact.item: item, "category": category} for item, category in pairs if item]


def amount_of(text: str, shown: Shown) -> str | None:
    """As a decimal; what is none is passed on, to be refused by the rule that all numbers obey."""
    from babel.numbers import NumberFormatError, parse_decimal

    bare = text.replace("\u00a0", "").replace(" ", "").strip("%€$£¥")
    if not bare or _PLAIN_NUMBER.fullmatch(bare):
        return bare or None
    try:
        return str(parse_decimal(bare, locale=shown.locale, strict=True))
    except NumberFormatError:
        return text


def _slashed(text: str) -> str | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text or None
    return f"{day.month}/{day.day}/{day.year}"


def _seconds(fact: Fact, typed: _Typed, shown: Shown) -> int | None:
    return moment(fact.name, typed.one() or " ".join(filter(None, (typed.one("day"), typed.one("time")))), shown)


def moment(field: str, text: str, shown: Shown) -> int | None:
    """A moment in the zone of the page: `2026-11-25T10:00`, or a day and a time apart; raises Invalid."""
    if not text:
        return None
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=shown.zone).timestamp())
    except (ValueError, OverflowError):
        raise Invalid(Problem(field, "must be a date and a time")) from None


class _New:
    """A record that is made when this one is saved."""

    def __init__(self, name: str) -> None:
        self.name = name


def _record(work: Work, fact: Fact, target: str, text: str, held: Any = None) -> Any:
    """The id of the record that is meant: the one that stands there, one chosen with its number, or the only one of the name."""
    if not text:
        return None
    held_id = held["id"] if isinstance(held, dict) and held["type"] == target else fact.value
    if isinstance(held_id, int) and fact.text is not None and fold(text) == fold(fact.text):
        return held_id
    found = id_meant(work, fact.name, target, text)
    if found is not None:
        return found
    if fact.made_by:
        return _New(text)
    raise Invalid(Problem(fact.name, f"there is no {target} named “{text}”", "unknown"))


def id_meant(work: Work, field: str, target: str, text: str) -> int | None:
    """The id of the record that was chosen with its number, or that alone has the name; raises Invalid where several have."""
    if chosen := _WITH_ID.fullmatch(text):
        return int(chosen[1])
    found = ids_named(work, target, text)
    if len(found) > 1:
        raise Invalid(Problem(field, f"several records are named “{text}”: choose one of the list", "ambiguous"))
    return found[0] if found else None
