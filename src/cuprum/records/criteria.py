"""Every search parameter of an entity, and the condition that each stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from cuprum.entities import BY_PLURAL, ENTITIES, Field, Record, fields, kinds, reading
from cuprum.entities import search_keys as keys
from cuprum.kit.text import digits, fold
from cuprum.records.custom_criteria import custom_clauses
from cuprum.records.custom_values import date_zone, first_day, read_day
from cuprum.records.stage_moves import has_entered
from cuprum.records.visible import visible
from cuprum.records.work import Work
from cuprum.storage.account_tables import follow, relation
from cuprum.storage.dialect import as_check, is_crowd, key_contains, name_contains
from cuprum.storage.lookup_tables import address_key, email_key, emails_of, name_start, phone_key, tag_key, url_key
from cuprum.storage.tables import TABLES

Condition = ColumnElement[bool]
NONE = -2
_MOST_VALUES = 1_000
# A stage, and from when until when it was entered.
_MOVE = 3


@dataclass(frozen=True)
class Criterion:
    """`clauses(work, value)` yields the conditions of a parameter; `always` ones speak even when they are absent, and a
    `bound` is not met by a few values but by all on one side of it.

    `schema` says what a value looks like, `options` its words where only some are known (`api/openapi/searches.py`).
    """

    clauses: Callable[[Work, Any], Iterator[Condition | Crowd]]
    schema: str
    always: bool = False
    bound: bool = False
    options: tuple[str, ...] = ()


@cache
def criteria(record: type[Record]) -> dict[str, Criterion]:
    """The parameters by name, beside paging and sorting."""
    found: dict[str, Criterion] = {}
    for field in fields(record):
        for fact in field.facts:
            found.update(_of_field(record, field, fact))
        if isinstance(field.kind, kinds.CustomFields):
            found[field.name] = Criterion(lambda work, value: custom_clauses(work, record.entity, value), schema="custom_fields")
    for fact in record.searches:
        found.update(_of_record(record, fact))
    if record.entity == "activity":
        # Honoured for admins by showing repeated e-mail activities; we hold each once.
        found["full_result"] = Criterion(lambda work, value: iter(()), schema="boolean")
    else:
        found["followed"] = Criterion(lambda work, value: _followed(work, record.entity, value), schema="followed")
        found["age"] = Criterion(lambda work, value: _age(work, record.entity, value), schema="age", bound=True)
    return found


def _of_field(record: type[Record], field: Field, fact: Any) -> Iterator[tuple[str, Criterion]]:
    entity = record.entity
    match fact:
        case keys.Contains(key):
            yield key, Criterion(lambda work, value: _contains(work, entity, field, value), schema="string")
        case keys.Equals(key):
            yield key, Criterion(lambda work, value: _equals(work, entity, field, value), schema="strings")
        case keys.OneOf(key):
            yield key, Criterion(lambda work, value: _one_of(entity, field, value), schema="ids")
        case keys.Words(key):
            yield key, Criterion(lambda work, value: _words(entity, field, value), "words", options=_options(field))
        case keys.Codes(key):
            yield key, Criterion(lambda work, value: _codes(entity, field, value), "codes", options=_options(field))
        case keys.Range(key):
            schema = "seconds" if isinstance(field.kind, kinds.Instant | kinds.Day) else "number"
            for name, least in ((f"minimum_{key}", True), (f"maximum_{key}", False)):
                yield name, Criterion(partial(_bound, entity, field, least), schema, bound=True)
        case keys.AnyTag(key):
            yield key, Criterion(lambda work, value: _tags(work, entity, value), schema="tags")
        case keys.AnyEmail(key):
            yield key, Criterion(lambda work, value: _emails(entity, value), schema="strings")
        case keys.AnyUrl(key):
            yield key, Criterion(lambda work, value: _urls(entity, value), schema="strings")
        case keys.Phone(key):
            yield key, Criterion(lambda work, value: _phone(entity, value), schema="phone")
        case keys.AddressParts():
            for part in ("city", "state", "postal_code", "country"):
                yield part, Criterion(partial(_address_part, entity, part), schema="address")
        case keys.RefersTo(key, other):
            yield key, Criterion(lambda work, value: _refers_to(entity, field, other, value), schema="ids")
        case keys.RefersToOne(key):
            yield key, Criterion(lambda work, value: _refers_to_one(entity, field, value), "reference", options=_options(field))
        case keys.TypeIn(key):
            yield key, Criterion(lambda work, value: _types(entity, field, value), schema="types")


def _of_record(record: type[Record], fact: Any) -> Iterator[tuple[str, Criterion]]:
    match fact:
        case keys.LinkedFrom(key, other):
            yield key, Criterion(lambda work, value: _linked_from(work, record.entity, other, value), schema="ids")
        case keys.Entered(key, went_on):
            yield key, Criterion(lambda work, value: _entered(work, value, went_on=went_on), schema="move")
        case keys.IncludeConverted(key):
            yield key, Criterion(lambda work, value: _converted(record.entity, value), always=True, schema="boolean")


def _options(field: Field) -> tuple[str, ...]:
    match field.kind:
        case kinds.Choice(options=options) | kinds.Reference(types=options):
            return options
    return ()


def _as_list(value: Any) -> list[Any]:
    """A list, or a single value as clients send it; query strings bring commas."""
    if isinstance(value, str) and "," in value:
        value = value.split(",")
    values = value if isinstance(value, list) else [value]
    if len(values) > _MOST_VALUES:
        reading.refuse(f"has too many items (maximum is {_MOST_VALUES})", "too_long")
    return values


def _text(value: Any) -> str:
    return fold(reading.text(value) or "")


def _wants_empty(value: Any) -> bool:
    return isinstance(value, dict) and reading.flag(value.get("allow_empty")) is True


def _unwrapped(value: Any) -> Any:
    """The values in `{"value": [...], "allow_empty": true}`, which newer pages write for any filter that may be empty."""
    return (value.get("value") or []) if isinstance(value, dict) else value


def _contains(work: Work, entity: str, field: Field, value: Any) -> Iterator[Condition]:
    records, folded = TABLES[entity], _text(value)
    if not folded:
        return
    if isinstance(field.kind, kinds.Joined):
        record = ENTITIES[entity]
        link = next(
            one.kind.entity for one in fields(record) if one.name == field.kind.link and isinstance(one.kind, kinds.LinkTo)
        )
        linked = TABLES[link]
        named = select(linked.c.id).where(_name_condition(work, link, folded), visible(work.actor, link))
        yield records.c[field.kind.link].in_(named)
    elif field.name == "name":
        yield _name_condition(work, entity, folded)
    else:
        yield key_contains(records.c[f"{field.name}_key"], folded)


def _name_condition(work: Work, entity: str, folded: str) -> Condition:
    if len(folded) >= 3:
        return name_contains(work.connection, TABLES[entity], folded)
    if not folded.isalnum():
        return key_contains(TABLES[entity].c.name_key, folded)
    # Trigrams need three letters: one or two are looked for where words start.
    found = select(name_start.c.record_id).where(name_start.c.entity == entity, name_start.c.start == folded)
    return TABLES[entity].c.id.in_(found)


def _equals(work: Work, entity: str, field: Field, value: Any) -> Iterator[Condition]:
    records = TABLES[entity]
    if isinstance(field.kind, kinds.Day):
        yield records.c[field.name] == read_day(value, date_zone(work.settings.date_zone, work.vocabulary))
    else:
        yield records.c[f"{field.name}_key"].in_([_text(one) for one in _as_list(value)])


def _ids(values: list[Any]) -> tuple[list[int], bool]:
    """The ids, and whether -2 asks for those without a value."""
    ids = [reading.whole_number(one, NONE, reading.LARGEST_ID) for one in values if one is not None and one != ""]
    return [one for one in ids if one is not None and one != NONE], NONE in ids


def _one_of(entity: str, field: Field, value: Any) -> Iterator[Condition]:
    column = TABLES[entity].c[field.name]
    ids, none = _ids(_as_list(_unwrapped(value)))
    none = none or _wants_empty(value)
    yield or_(_is_one_of(column, ids), column.is_(None)) if none else _is_one_of(column, ids)


def _is_one_of(column: ColumnElement[Any], ids: list[int]) -> Condition:
    # Most ask for one; a list has to be written into the text of the statement each time.
    return column == ids[0] if len(ids) == 1 else column.in_(ids)


def _words(entity: str, field: Field, value: Any) -> Iterator[Condition]:
    assert isinstance(field.kind, kinds.Choice)
    options = field.kind.options
    codes = [options.index(str(reading.choice(one, options))) for one in _as_list(value) if one is not None]
    yield TABLES[entity].c[field.name].in_(codes)


def _codes(entity: str, field: Field, value: Any) -> Iterator[Condition]:
    assert isinstance(field.kind, kinds.Choice)
    words = [one for one in _as_list(value) if isinstance(one, str) and not one.strip().lstrip("-").isdecimal()]
    if words:
        yield from _words(entity, field, words)
    else:
        column, options = TABLES[entity].c[field.name], field.kind.options
        codes, none = _ids(_as_list(value))
        # A code that stands for no word finds nothing; the column is too narrow to be asked for a large one.
        codes = [code for code in codes if 0 <= code < len(options)]
        yield or_(column.in_(codes), column.is_(None)) if none else column.in_(codes)


def _bound(entity: str, field: Field, least: bool, work: Work, value: Any) -> Iterator[Condition]:
    column = TABLES[entity].c[field.name]
    limit: Any
    match field.kind:
        case kinds.Amount():
            limit = reading.amount(value)
        case kinds.Day():
            # The field is a day, its bounds are Unix seconds (`part2.md §1.4`).
            zone = date_zone(work.settings.date_zone, work.vocabulary)
            limit = first_day(value, zone) if least else read_day(value, zone)
        case kinds.Instant():
            limit = reading.instant(value, ZoneInfo(date_zone(work.settings.date_zone, work.vocabulary)))
        case _:
            read = reading.number(value)
            # 1.5 at least is 2 at least.
            rounding = ROUND_CEILING if least else ROUND_FLOOR
            limit = None if read is None else int(max(Decimal(-(2**62)), min(Decimal(2**62), read)).to_integral_value(rounding))
    if limit is not None:
        yield column >= limit if least else column <= limit


@dataclass(frozen=True)
class Crowd:
    """A condition that thousands of records fit. `check` is the same, for a search that begins with another condition."""

    condition: Condition
    check: Condition


def _tags(work: Work, entity: str, value: Any) -> Iterator[Condition | Crowd]:
    """A list finds any of them; an object says ANY, ALL or NONE, or asks for records without tags."""
    records, option, none = TABLES[entity], "ANY", False
    has_any = exists(select(tag_key.c.record_id).where(tag_key.c.entity == entity, tag_key.c.record_id == records.c.id))
    if isinstance(value, dict):
        none = _wants_empty(value)
        option = reading.choice(value.get("option") or "ANY", ("ANY", "ALL", "NONE")) or "ANY"
        value = value.get("value") or []
    words = [_text(one) for one in _as_list(value) if one]
    if not words:
        if none:
            yield ~has_any
        return
    tagged = select(tag_key.c.record_id).where(tag_key.c.entity == entity)
    with_any = tagged.where(tag_key.c.tag_key.in_(words))

    def found_by(key: ColumnElement[int]) -> Condition:
        match option:
            case "ALL":
                found = and_(*(key.in_(tagged.where(tag_key.c.tag_key == word)) for word in words))
            case "NONE":
                found = key.not_in(with_any)
            case _:
                found = key.in_(with_any)
        return or_(found, ~has_any) if none else found

    found = found_by(records.c.id)
    yield Crowd(found, found_by(as_check(records.c.id))) if is_crowd(work.connection, with_any) else found


def _emails(entity: str, value: Any) -> Iterator[Condition]:
    wanted = [_text(one) for one in _as_list(value)]
    found = select(email_key.c.record_id).where(emails_of(entity), email_key.c.email.in_(wanted))
    yield TABLES[entity].c.id.in_(found)


def _urls(entity: str, value: Any) -> Iterator[Condition]:
    wanted = [_text(one)[:255] for one in _as_list(value)]
    found = select(url_key.c.record_id).where(url_key.c.entity == entity, url_key.c.url.in_(wanted))
    yield TABLES[entity].c.id.in_(found.where(url_key.c.is_social))


def _phone(entity: str, value: Any) -> Iterator[Condition]:
    """Numbers that end with the digits; `fuzzy` also without up to six digits in front (`part1.md §5`)."""
    match = None
    if isinstance(value, dict):
        match = reading.choice(value.get("match"), ("partial", "fuzzy"))
        value = value.get("value")
    if isinstance(value, list):
        yield or_(false(), *(condition for one in value for condition in _phone(entity, one)))
        return
    wanted = digits(reading.text(value) or "")
    if not wanted:
        reading.refuse("must have digits")
    match = match or ("partial" if len(wanted) <= 6 else "fuzzy")
    endings = {wanted}
    if match == "fuzzy":
        endings |= {wanted[cut:] for cut in range(1, 7) if len(wanted) - cut >= 6}
    # A stored number stands backwards, so its end is a prefix; the shortest ending finds what longer ones find.
    backwards = min(endings, key=len)[::-1]
    found = select(phone_key.c.record_id).where(
        phone_key.c.entity == entity, phone_key.c.backwards >= backwards, phone_key.c.backwards < backwards + ":"
    )
    yield TABLES[entity].c.id.in_(found)


def _address_part(entity: str, part: str, work: Work, value: Any) -> Iterator[Condition]:
    records, column = TABLES[entity], address_key.c[part]
    held = select(address_key.c.record_id).where(address_key.c.entity == entity)
    empty = records.c.id.not_in(held.where(column != ""))
    if isinstance(value, dict):
        if value.get("value") in (None, "", []):
            if _wants_empty(value):
                yield empty
            return
        wanted = _part(part, value["value"])
        found = records.c.id.in_(held.where(column.in_(wanted)))
        yield or_(found, empty) if _wants_empty(value) else found
        return
    yield records.c.id.in_(held.where(column.in_(_part(part, value))))


def _part(part: str, value: Any) -> list[str]:
    from cuprum.kit.countries import country_code

    texts = [reading.text(one) or "" for one in (value if isinstance(value, list) else [value])]
    return [fold(country_code(one) if part == "country" else one) for one in texts]


def _refers_to(entity: str, field: Field, other: str, value: Any) -> Iterator[Condition]:
    records = TABLES[entity]
    ids, none = _ids(_as_list(value))
    kind, at = records.c[f"{field.name}_type"], records.c[f"{field.name}_id"]
    found = and_(kind == other, at.in_(ids))
    yield or_(found, kind.is_(None), kind != other) if none else found


def _refers_to_one(entity: str, field: Field, value: Any) -> Iterator[Condition]:
    assert isinstance(field.kind, kinds.Reference)
    records, types = TABLES[entity], field.kind.types
    if isinstance(value, dict) and isinstance(value.get("type"), str) and value["type"] in BY_PLURAL:
        value = {**value, "type": BY_PLURAL[value["type"]].entity}
    wanted = reading.reference(value, types)
    if wanted is not None:
        yield and_(records.c[f"{field.name}_type"] == wanted["type"], records.c[f"{field.name}_id"] == wanted["id"])


def _types(entity: str, field: Field, value: Any) -> Iterator[Condition]:
    records = TABLES[entity]
    wanted = [reading.activity_type(one) for one in _as_list(value)]
    yield or_(
        false(),
        *(
            and_(records.c[f"{field.name}_id"] == one["id"], records.c[f"{field.name}_category"] == one["category"])
            for one in wanted
            if one is not None
        ),
    )


def _linked_from(work: Work, entity: str, other: str, value: Any) -> Iterator[Condition]:
    """People of opportunities: their primary contacts and whoever is related."""
    records, others = TABLES[entity], TABLES[other]
    wanted, none = _ids(_as_list(value))
    # An opportunity that the actor may not see must not tell who its people are.
    ids = select(others.c.id).where(visible(work.actor, other), others.c.id.in_(wanted))
    own = select(others.c.primary_contact_id).where(visible(work.actor, other), others.c.primary_contact_id.is_not(None))
    either = or_(
        and_(relation.c.entity == other, relation.c.other_entity == entity, relation.c.other_id == records.c.id),
        and_(relation.c.other_entity == other, relation.c.entity == entity, relation.c.record_id == records.c.id),
    )
    at = or_(
        and_(relation.c.entity == other, relation.c.record_id.in_(ids)),
        and_(relation.c.other_entity == other, relation.c.other_id.in_(ids)),
    )
    related = exists(select(relation.c.record_id).where(either, at))
    found = or_(records.c.id.in_(own.where(others.c.id.in_(ids))), related)
    unlinked = and_(records.c.id.not_in(own), ~exists(select(relation.c.record_id).where(either)))
    yield or_(found, unlinked) if none else found


def _converted(entity: str, value: Any) -> Iterator[Condition]:
    if reading.flag(value) is not True:
        yield TABLES[entity].c.converted_at.is_(None)


def _followed(work: Work, entity: str, value: Any) -> Iterator[Condition]:
    key = TABLES[entity].c.id
    mine = select(follow.c.record_id).where(follow.c.entity == entity, follow.c.user_id == work.actor.user_id)
    match reading.whole_number(value, 1, 2):
        case 1:
            yield key.in_(mine)
        case 2:
            yield key.not_in(mine)


def _age(work: Work, entity: str, value: Any) -> Iterator[Condition]:
    seconds = reading.whole_number(value, 0, reading.LAST_SECOND)
    if seconds is not None:
        yield TABLES[entity].c.date_created >= work.now - seconds


def _entered(work: Work, value: Any, *, went_on: bool) -> Iterator[Condition]:
    given = [reading.whole_number(one, 0, reading.LAST_SECOND) for one in _as_list(value)[: _MOVE + 1]]
    move = [one for one in given if one is not None]
    if len(given) != _MOVE or len(move) != _MOVE:
        reading.refuse("must be the id of a stage, the first second, and the first second after")
    yield has_entered(work, *move, went_on=went_on)
