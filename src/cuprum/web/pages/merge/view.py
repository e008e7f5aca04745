"""Merge records into one: side by side, which one stays, a value chosen for each field, and what will move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cuprum.auth.may import may
from cuprum.entities import kinds
from cuprum.kit.errors import CuprumError, Forbidden, Invalid, Problem
from cuprum.kit.text import digits, fold
from cuprum.records.long_work import merging
from cuprum.records.merge import MOST_AT_ONCE, Wish, belongings
from cuprum.records.merged_values import CUSTOM as CUSTOM_VALUES
from cuprum.records.merged_values import choosable
from cuprum.records.stored import stored
from cuprum.records.work import Work
from cuprum.web.facts import CUSTOM, Fact, facts_of
from cuprum.web.pages.record.view import as_plain, record_of
from cuprum.web.parts import Begun
from cuprum.web.visit import Page, Visit

_TEMPLATE = "merge/merge.html"
_PREFIX = "field."


@dataclass(frozen=True)
class Column:
    """One of the records: how much belongs to it, and why it may not go, if so."""

    id: int
    values: dict[str, Any]
    facts: Sequence[Fact]
    belongings: dict[str, int]
    must_stay: str | None


@dataclass(frozen=True)
class Line:
    """One field of all of them. `choice` is its name in the form, none where there is no choice; `chosen` says whose it is."""

    label: str
    facts: Sequence[Fact]
    choice: str | None
    chosen: int
    is_united: bool = False


def compare(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    record = record_of(visit)
    ids = _ids(visit.fields.get("ids") or visit.query.get("ids", ""))
    columns = [_column(work, record.entity, one) for one in ids]
    stays = [one.id for one in columns if one.must_stay]
    winner = _winner(visit, columns, stays)
    lines = _lines(record.entity, columns, winner, dict(visit.form))
    words = {
        "record": record, "columns": columns, "winner": winner, "trouble": trouble, "ids": ",".join(map(str, ids)),
        "differing": [one for one in lines if one.choice], "united": [one for one in lines if one.is_united],
        "same": [one for one in lines if not one.choice and not one.is_united],
        "refusal": columns and len(stays) > 1 and next(one.must_stay for one in columns if one.must_stay),
    }  # fmt: skip
    return Page(_TEMPLATE, words, status=trouble.status if trouble else 200)


def join(work: Work, visit: Visit) -> Begun:
    record, fields = record_of(visit), visit.fields
    ids = _ids(fields.get("ids", ""))
    winner = _one_of(ids, fields.get("winner", ""), "winner")
    definitions = {f"{CUSTOM}{one.id}": f"{CUSTOM_VALUES}.{one.id}" for one in work.vocabulary.definitions_on(record.entity)}
    known = {one.name: one.name for one in choosable(record.entity)} | definitions
    given = {name.removeprefix(_PREFIX): value for name, value in fields.items() if name.startswith(_PREFIX)}
    chosen = {known[name]: _one_of(ids, value, name) for name, value in given.items() if name in known}
    wish = Wish(record.entity, winner, [one for one in ids if one != winner], chosen)
    return merging(work, wish), f"/{record.plural}/{winner}"


def _ids(text: str) -> list[int]:
    given = [int(one) for one in text.split(",") if one.isascii() and one.isdecimal() and len(one) < 19]
    ids = list(dict.fromkeys(given))
    if not 2 <= len(ids) <= MOST_AT_ONCE:
        raise Invalid(Problem("ids", f"must name 2 to {MOST_AT_ONCE} records to merge"))
    return ids


def _one_of(ids: Sequence[int], text: str, name: str) -> int:
    if text not in map(str, ids):
        raise Invalid(Problem(name, "choose one of the records that are merged"))
    return int(text)


def _column(work: Work, entity: str, record_id: int) -> Column:
    values = as_plain(work, entity, record_id)
    try:
        may(work.actor, "delete", entity, stored(work, entity, record_id))
        must_stay = None
    except Forbidden as refusal:
        must_stay = str(refusal)
    return Column(record_id, values, facts_of(work, entity, values), belongings(work, entity, [record_id]), must_stay)


def _winner(visit: Visit, columns: Sequence[Column], stays: Sequence[int]) -> int:
    """The one that was chosen, else one that may not go, else the one to which most belongs, the oldest of those."""
    asked = visit.fields.get("winner") or visit.query.get("winner") or ""
    if asked in [str(one.id) for one in columns]:
        return int(asked)
    return stays[0] if stays else max(columns, key=lambda one: (sum(one.belongings.values()), -one.id)).id


def _lines(entity: str, columns: Sequence[Column], winner: int, typed: dict[str, str]) -> list[Line]:
    names = {one.name for one in choosable(entity)}
    order = sorted(columns, key=lambda one: one.id != winner)
    found = []
    for at, fact in enumerate(columns[0].facts):
        facts = [column.facts[at] for column in columns]
        if all(one.is_blank for one in facts):
            continue
        by_id = dict(zip((column.id for column in columns), facts, strict=True))
        first = next((column.id for column in order if not by_id[column.id].is_blank), winner)
        differs = any(_sameness(one) != _sameness(facts[0]) for one in facts)
        is_united = differs and (fact.control == "several" or _is_list(fact))
        is_choice = differs and not is_united and (fact.name in names or bool(fact.definition))
        if differs and not is_united and not is_choice:
            # It follows another, as the parts of a name do.
            continue
        wanted = typed.get(_PREFIX + fact.name, "")
        chosen = int(wanted) if wanted in map(str, by_id) else first
        found.append(Line(fact.label, facts, _PREFIX + fact.name if is_choice else None, chosen, is_united))
    return found


def _is_list(fact: Fact) -> bool:
    return fact.field is not None and isinstance(fact.field.kind, kinds.Contacts | kinds.Tags)


def _sameness(fact: Fact) -> Any:
    """Lists are the same when they have the same in them, however it is written."""
    if fact.control == "contacts" and isinstance(fact.value, list) and fact.item:
        return {digits(one[fact.item]) if fact.item == "number" else fold(one[fact.item]) for one in fact.value}
    return {fold(one) for one in fact.value} if fact.control == "tags" and fact.value else fact.value or None
