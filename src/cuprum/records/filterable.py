"""What the records of an entity can be filtered by, custom fields included, and with which operators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cuprum.entities import ENTITIES, Field, fields, kinds
from cuprum.entities.search_keys import Range
from cuprum.records.vocabulary import Definition, Vocabulary
from cuprum.storage.tables import TABLES

CUSTOM = "custom_"
# How many values an operator takes.
NONE, ONE, TWO, MANY, DAYS = "none", "one", "two", "many", "days"

_EMPTINESS = ("empty", "filled")
_TEXT = ("has", "hasnt", "is", "not", "starts", *_EMPTINESS)
_PARTS = ("has", "hasnt", "is", "not", *_EMPTINESS)
_NUMBER = ("least", "most", "between", "is", "not", *_EMPTINESS)
_DATE = (
    "today", "tomorrow", "yesterday", "this_week", "next_week", "this_month", "next_month", "next", "last", "past", "ahead",
    "on", "before", "after", "from", "until", "between", *_EMPTINESS,
)  # fmt: skip

# The operators that fit each sort of attribute, the likeliest first.
OPERATORS: dict[str, tuple[str, ...]] = {
    "text": _TEXT, "address": _PARTS, "email": _PARTS, "url": _PARTS, "phone": ("has", "hasnt", *_EMPTINESS),
    "number": _NUMBER, "date": _DATE, "flag": ("yes", "no"), "ids": ("any", "none"),
    "words": ("any", "none", *_EMPTINESS), "tags": ("any", "all", "none", *_EMPTINESS),
    "several": ("any", "all", "none", *_EMPTINESS), "record": ("has", "hasnt", "any", "none", *_EMPTINESS),
    "reference": ("has", "hasnt", "kind", *_EMPTINESS),
}  # fmt: skip
TAKES: dict[str, str] = {
    "has": ONE, "hasnt": ONE, "is": ONE, "not": ONE, "starts": ONE, "least": ONE, "most": ONE, "between": TWO, "any": MANY,
    "all": MANY, "none": MANY, "kind": MANY, "on": ONE, "before": ONE, "after": ONE, "from": ONE, "until": ONE, "next": DAYS,
    "last": DAYS,
}  # fmt: skip


@dataclass(frozen=True)
class Attribute:
    """`name` stands in addresses. It is a field, a `part` of an address, or what a definition of the account's adds."""

    name: str
    sort: str
    field: Field
    part: str = ""
    definition: Definition | None = None

    @property
    def operators(self) -> tuple[str, ...]:
        has_always_one = self.sort == "words" and isinstance(self.field.kind, kinds.Choice) and not self.field.kind.nullable
        if has_always_one or (self.field.kind.required and not self.definition):
            return tuple(one for one in OPERATORS[self.sort] if one not in _EMPTINESS)
        return OPERATORS[self.sort]


def attributes(entity: str, vocabulary: Vocabulary) -> dict[str, Attribute]:
    """By name, in the order of the definition; custom fields last."""
    return {one.name: one for field in fields(ENTITIES[entity]) for one in _of_field(entity, field, vocabulary)}


def takes(operator: str) -> str:
    return TAKES.get(operator, NONE)


def _of_field(entity: str, field: Field, vocabulary: Vocabulary) -> Iterator[Attribute]:
    if field.kind.hidden and not any(isinstance(fact, Range) for fact in field.facts):
        return
    match field.kind:
        case kinds.Address():
            for part in ("street", "city", "state", "postal_code", "country"):
                yield Attribute(part, "text" if part == "street" else "address", field, part)
        case kinds.CustomFields():
            for one in vocabulary.definitions_on(entity):
                if one.is_filterable and one.data_type in _OF_TYPE:
                    yield Attribute(f"{CUSTOM}{one.id}", _OF_TYPE[one.data_type], field, definition=one)
        case kind if sort := _sort(kind):
            yield Attribute(field.name, sort, field)


_OF_TYPE = {
    "String": "text", "Text": "text", "URL": "text", "Dropdown": "words", "MultiSelect": "several", "Date": "date",
    "Checkbox": "flag", "Float": "number", "Currency": "number", "Percentage": "number",
}  # fmt: skip


def _sort(kind: kinds.Kind) -> str:
    match kind:
        case kinds.Key():
            return "ids"
        case kinds.Text():
            return "text"
        case kinds.Choice():
            return "words"
        case kinds.Count() | kinds.Amount():
            return "number"
        case kinds.Flag():
            return "flag"
        case kinds.Instant() | kinds.Day():
            return "date"
        case kinds.LinkTo(entity=entity):
            return "record" if entity in TABLES else "words"
        case kinds.OneEmail() | kinds.Contacts(item="email"):
            return "email"
        case kinds.Contacts(item="number"):
            return "phone"
        case kinds.Contacts():
            return "url"
        case kinds.Tags():
            return "tags"
        case kinds.Reference():
            return "reference"
    return ""
