"""The conditions of a filter in words, each with the address where it is changed and the one of the list without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cuprum.entities import Opportunity, Record, kinds
from cuprum.entities.reading import LAST_SECOND
from cuprum.entities.search_keys import Entered
from cuprum.kit.errors import Invalid
from cuprum.records.conditions import ME, problem_of
from cuprum.records.custom_values import SECONDS_A_DAY
from cuprum.records.filterable import ONE, TWO, Attribute, attributes, takes
from cuprum.records.naming import names_of
from cuprum.records.where import Condition, Where
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES
from cuprum.web.arrangement import FILTERS, label_of
from cuprum.web.list_state import ListState
from cuprum.web.shown import Shown
from cuprum.web.ways import CONVERTED

PARTS = {"street": "Street", "city": "City", "state": "State or region", "postal_code": "Postal code", "country": "Country"}
OPERATOR_WORDS = {
    "has": "contains", "hasnt": "does not contain", "is": "is", "not": "is not", "starts": "begins with", "empty": "is empty",
    "filled": "is not empty", "least": "is at least", "most": "is at most", "between": "is between", "yes": "is ticked",
    "no": "is not ticked", "any": "is", "none": "is not", "all": "has all of", "kind": "is a", "today": "is today",
    "yesterday": "was yesterday", "tomorrow": "is tomorrow", "this_week": "is this week", "next_week": "is next week",
    "this_month": "is this month", "next_month": "is next month", "next": "is in the next … days",
    "last": "was in the last … days", "past": "is before today", "ahead": "is after today", "on": "is on", "before": "is before",
    "after": "is after", "from": "is on or after", "until": "is on or before",
}  # fmt: skip


# A stage, and from when until when it was entered.
_MOVES = tuple(one.key for one in Opportunity.searches if isinstance(one, Entered))


@dataclass(frozen=True)
class Chip:
    """`edit` is None for what comes from a link of ours by its name on the wire, which can only be taken away."""

    label: str
    words: str
    value: str
    edit: str | None
    remove: str
    problem: str | None = None


@dataclass(frozen=True)
class ChipGroup:
    """Conditions of which one is enough, or all are needed, where it is the other way round outside; `add` adds another."""

    chips: Sequence[Chip]
    joined_by: str
    add: str


def attribute_label(attribute: Attribute) -> str:
    if attribute.definition:
        return attribute.definition.name
    return PARTS.get(attribute.part) or label_of(attribute.field)


def operator_words(attribute: Attribute, operator: str) -> str:
    if attribute.sort in ("tags", "several"):
        return {"any": "has any of", "none": "has none of"}.get(operator, OPERATOR_WORDS[operator])
    return OPERATOR_WORDS[operator]


def chips_of(work: Work, state: ListState, shown: Shown, *, is_sound: bool) -> list[Chip | ChipGroup]:
    """Everything that narrows the list and has no place of its own in the bar; `is_sound` when every
    condition is known to mean something. Raises Invalid for what cannot be read."""
    where = state.where
    found: list[Chip | ChipGroup] = list(_wire_chips(work, state, shown))
    for at, item in enumerate(where.items):
        if isinstance(item, Condition):
            found.append(_chip(work, state, item, str(at), state.with_where(where.with_item(at, None)), shown, is_sound))
            continue
        chips = [
            _chip(
                work, state, one, f"{at}.{place}", state.with_where(where.with_item(at, _without(item, place))), shown, is_sound
            )
            for place, one in enumerate(item)
        ]
        found.append(ChipGroup(chips, "and" if where.is_any else "or", state.beside("filter", at=f"{at}.new")))
    return found


def _without(group: tuple[Condition, ...], place: int) -> tuple[Condition, ...]:
    return group[:place] + group[place + 1 :]


def _chip(work: Work, state: ListState, one: Condition, at: str, remove: str, shown: Shown, is_sound: bool) -> Chip:
    attribute = attributes(state.record.entity, work.vocabulary).get(one.field)
    edit = state.beside("filter", at=at, field=one.field)
    if attribute is None:
        return Chip(one.field[:60] or "?", "", "", state.beside("filter", at=at), remove, "there is no such field")
    # It may ask the database, which has been asked for all of them already.
    problem = None if is_sound else problem_of(work, state.record.entity, one)
    if problem:
        # Whatever stands there: it is shown as it came, for it may be no number, day or id at all.
        words = operator_words(attribute, one.operator) if one.operator in attribute.operators else one.operator[:60]
        return Chip(attribute_label(attribute), words, ", ".join(one.values)[:60], edit, remove, problem)
    words = operator_words(attribute, one.operator)
    before, has_days, after = words.partition("…")
    values = values_in_words(work, attribute, one, shown)
    if has_days:
        return Chip(attribute_label(attribute), before + values + after, "", edit, remove)
    return Chip(attribute_label(attribute), words, values, edit, remove)


def values_in_words(work: Work, attribute: Attribute, one: Condition, shown: Shown) -> str:
    named = names_in(work, attribute, one.values)
    texts = [named[value] for value in one.values]
    if attribute.sort == "number":
        is_money = isinstance(attribute.field.kind, kinds.Amount)
        texts = [shown.money(value) if is_money else shown.number(value) for value in one.values]
    elif attribute.sort == "date" and takes(one.operator) in (ONE, TWO):
        texts = [shown.day(date.fromisoformat(value)) for value in one.values]
    if takes(one.operator) == TWO:
        return " and ".join(texts)
    return texts[0] if len(texts) == 1 else ", ".join(texts[:-1]) + f" or {texts[-1]}" if texts else ""


def names_in(work: Work, attribute: Attribute, values: Sequence[str]) -> dict[str, str]:
    """The words for the ids among the values; others stand for themselves."""
    kind, ids = attribute.field.kind, [int(one) for one in values if _is_id(one)]
    known: dict[int, str] = {}
    if attribute.definition:
        known = attribute.definition.living
    elif isinstance(kind, kinds.LinkTo) and kind.entity in TABLES:
        known = {at: name for (_, at), name in names_of(work, [(kind.entity, one) for one in ids]).items()}
    elif isinstance(kind, kinds.LinkTo):
        known = {one["id"]: one["name"] for one in work.vocabulary.words[kind.entity].values()}
    else:
        return {value: value for value in values}
    if attribute.sort not in ("words", "several", "record"):
        return {value: value for value in values}
    return {
        value: "me" if value == ME else known.get(int(value), "what you cannot see") if _is_id(value) else value
        for value in values
    }


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _wire_chips(work: Work, state: ListState, shown: Shown) -> Sequence[Chip]:
    """For the parameters of the wire that reports and pages link with."""
    # The quick filters, the order and the ways of leads have places of their own.
    own = {"name", "tags", "sort_by", "sort_direction", *(name for name, _ in FILTERS[state.record.entity])}
    if state.record.entity == "lead":
        own |= CONVERTED.keys()
    found = []
    for name, value in state.asked.items():
        if name in own or (name == "pipeline_ids" and state.path != f"/{state.record.plural}"):
            continue
        chip = Chip(
            _in_words(name), "is", _wire_value(work, state.record, name, str(value), shown), None, state.with_(**{name: None})
        )
        for prefix, words in (("minimum_", "is at least"), ("maximum_", "is at most")):
            if name.startswith(prefix):
                chip = replace(chip, label=_in_words(name.removeprefix(prefix)), words=words)
        found.append(chip)
    return found


def _in_words(name: str) -> str:
    return name.removesuffix("_ids").removesuffix("_id").replace("_", " ").capitalize()


def _wire_value(work: Work, record: type[Record], name: str, value: str, shown: Shown) -> str:
    if name in _MOVES and len(move := [int(one) for one in value.split(",") if _is_id(one)]) == 3:
        stage = work.vocabulary.words["pipeline_stage"].get(move[0], {"name": "?"})
        first, last = (
            shown.day(shown.at(min(one, LAST_SECOND - SECONDS_A_DAY)).date(), with_year=True) for one in (move[1], move[2] - 1)
        )
        return f"{stage['name']}, {first} – {last}"
    if name.endswith("_date") and value.isascii() and value.isdecimal() and len(value) < 12:
        return shown.day(shown.at(int(value)).date())
    words: dict[int, Any] = dict(work.vocabulary.words.get(name.removesuffix("_ids"), {}))
    if name.endswith("_ids") and words:
        ids = [int(one) for one in value.split(",") if _is_id(one)]
        return ", ".join(words[one]["name"] for one in ids if one in words) or value[:60]
    return value[:60]


def readable(state: ListState) -> tuple[Where, str | None]:
    """The filter, or none and what is wrong with the whole of it."""
    try:
        return state.where, None
    except Invalid as trouble:
        return Where(), trouble.problems[0].reason
