"""Conditions on text: what stands in a column, in a lookup table, or in the name of what is linked to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from cuprum.entities import kinds, reading
from cuprum.kit.countries import country_code
from cuprum.kit.text import digits, fold
from cuprum.records.asked_condition import Asked, Clause
from cuprum.records.visible import visible
from cuprum.storage.dialect import folded_text, key_contains, name_contains, part_of_json
from cuprum.storage.lookup_tables import address_key, custom_key, email_key, phone_key, url_key
from cuprum.storage.tables import TABLES

_LONGEST_KEY = 255
# Shorter text has no trigram.
_SHORTEST_TRIGRAM = 3


def text_clause(asked: Asked) -> Clause:
    """It contains, is, or begins with a text; a negation finds what has no text, too."""
    is_negative = asked.operator in ("hasnt", "not")
    positive = {"hasnt": "has", "not": "is"}.get(asked.operator, asked.operator)
    held, wanted = asked.held(), _wanted(asked)
    if held is not None and not _is_long(asked):
        found = asked.among(held.where(_compares(asked, _looked_up(asked), wanted, positive)))
    elif asked.attribute.name == "name" and positive == "has" and len(wanted) >= _SHORTEST_TRIGRAM:
        found = name_contains(asked.work.connection, asked.records, wanted)
    else:
        found = _compares(asked, func.coalesce(words(asked), ""), wanted, positive)
    return ~found if is_negative else found


def named_clause(asked: Asked) -> Clause:
    """What it links to has a name that contains the text."""
    kind = asked.attribute.field.kind
    assert isinstance(kind, kinds.LinkTo)
    found = asked.column.in_(_seen_named(asked, kind.entity))
    return or_(asked.column.is_(None), ~found) if asked.operator == "hasnt" else found


def reference_clause(asked: Asked) -> Clause:
    kind, name = asked.attribute.field.kind, asked.attribute.field.name
    assert isinstance(kind, kinds.Reference)
    of, at = asked.records.c[f"{name}_type"], asked.records.c[f"{name}_id"]
    if asked.operator == "kind":
        return of.in_([reading.choice(value, kind.types) for value in asked.values])
    found = or_(*(and_(of == one, at.in_(_seen_named(asked, one))) for one in kind.types))
    return or_(at.is_(None), ~found) if asked.operator == "hasnt" else found


def words(asked: Asked) -> ColumnElement[str]:
    """The folded text of a record."""
    field, connection, definition = asked.attribute.field, asked.work.connection, asked.attribute.definition
    if name := str(definition.id) if definition else asked.attribute.part:
        return folded_text(connection, part_of_json(connection, asked.column, name))
    if isinstance(field.kind, kinds.Text) and field.kind.folded:
        return asked.records.c[f"{field.name}_key"]
    return folded_text(connection, asked.column)


def _compares(asked: Asked, key: ColumnElement[str], wanted: str, operator: str) -> Clause:
    match operator:
        case "has":
            return key_contains(key, wanted)
        case "starts":
            return key_contains(key, wanted, at_start=True)
    return key == (wanted[:_LONGEST_KEY] if _is_cut(asked) else wanted)


def _wanted(asked: Asked) -> str:
    """The text as the lookup tables have it: a phone number backwards, a country by its code."""
    text = asked.values[0]
    if asked.attribute.sort == "phone":
        number = digits(text)
        if not number:
            reading.refuse("must have digits")
        return number[::-1]
    wanted = fold(country_code(text) if asked.attribute.part == "country" and asked.operator in ("is", "not") else text)
    if not wanted:
        reading.refuse("needs a value")
    return wanted


def _looked_up(asked: Asked) -> ColumnElement[str]:
    match asked.attribute.sort:
        case "email":
            return email_key.c.email
        case "phone":
            return phone_key.c.backwards
        case "url":
            return url_key.c.url
        case "address":
            return address_key.c[asked.attribute.part]
    return custom_key.c.text


def _is_cut(asked: Asked) -> bool:
    """Whether long text stands there without its end."""
    kind = asked.attribute.field.kind
    is_twin = isinstance(kind, kinds.Text) and kind.folded
    return is_twin or asked.attribute.sort == "url" or (asked.attribute.definition is not None and not _is_long(asked))


def _is_long(asked: Asked) -> bool:
    """Whether it is text of which the lookup table has only the beginning, so that the record itself is read."""
    return asked.attribute.definition is not None and asked.attribute.definition.data_type == "Text"


def _seen_named(asked: Asked, entity: str) -> Select[Any]:
    """The records with the text in their name that the actor may see."""
    others, wanted = TABLES[entity], _wanted(asked)
    if len(wanted) >= _SHORTEST_TRIGRAM:
        condition = name_contains(asked.work.connection, others, wanted)
    else:
        condition = key_contains(others.c.name_key, wanted)
    return select(others.c.id).where(condition, visible(asked.work.actor, entity))
