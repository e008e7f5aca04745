"""How a search is ordered: every `sort_by` name of an entity and the columns it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal_column, null, select

from cuprum.entities import ENTITIES, Field, fields, kinds
from cuprum.entities.search_keys import Sort
from cuprum.kit.text import fold
from cuprum.records.visible import visible
from cuprum.records.vocabulary import Vocabulary
from cuprum.records.wire import linked_entity
from cuprum.records.work import Work
from cuprum.storage.dialect import first_item
from cuprum.storage.lookup_tables import address_key, email_key, emails_of
from cuprum.storage.tables import TABLES, is_blank

_ADDRESS = {"city": "city", "state": "state", "country": "country", "zip": "postal_code"}
# Words that people see in an order of their own sort by it, others by their name.
_BY_PLACE = {"lead_status", "pipeline", "pipeline_stage"}


@dataclass(frozen=True)
class Order:
    """The keys of an order, the id behind them, and which records stand last either way because they have no value."""

    keys: tuple[ColumnElement[Any], ...]
    descending: bool
    is_text: bool = False

    @property
    def is_empty(self) -> ColumnElement[bool] | None:
        """True for the records without a value; None where every record has one."""
        if self.is_text:
            return is_blank(self.keys[0])
        return self.keys[0].is_(None) if _nullable(self.keys[0]) else None

    @property
    def is_filled(self) -> ColumnElement[bool] | None:
        """The opposite, said so that an index can be entered by it."""
        if self.is_text:
            return self.keys[0] > literal_column("''")
        return self.keys[0].is_not(None) if _nullable(self.keys[0]) else None

    @property
    def clauses(self) -> list[ColumnElement[Any]]:
        """As an ORDER BY over all of them."""
        order: list[ColumnElement[Any]] = []
        for key in self.keys:
            directed = key.desc() if self.descending else key.asc()
            # What is never null keeps the plain order, which both databases read off an index.
            order.append(directed.nulls_last() if _nullable(key) else directed)
        # No text is the least of all texts: only an ascending order has to put it behind the others.
        return [is_blank(self.keys[0]), *order] if self.is_text and not self.descending else order


def order_by(work: Work, entity: str, sort_by: str, descending: bool) -> list[ColumnElement[Any]]:
    """The ORDER BY of a sort name; rows without a value come last either way, ties by id."""
    return order_of(work, entity, sort_by, descending).clauses


def order_of(work: Work, entity: str, sort_by: str, descending: bool) -> Order:
    # `inactive_days` grows as the last contact recedes.
    descending ^= sort_by == "inactive_days"
    one = _sorted_field(entity, sort_by)
    return Order((*_keys(work, entity, one, sort_by), TABLES[entity].c.id), descending, _may_be_blank(one))


@cache
def sort_keys(entity: str) -> tuple[str, ...]:
    found = [key for one in fields(ENTITIES[entity]) for fact in one.facts if isinstance(fact, Sort) for key in fact.keys]
    return tuple(dict.fromkeys(found))


def _may_be_blank(one: Field) -> bool:
    return isinstance(one.kind, kinds.Text) and one.kind.folded and not one.kind.required


def _nullable(key: ColumnElement[Any]) -> bool:
    return getattr(key, "nullable", True)


@cache
def _sorted_field(entity: str, sort_by: str) -> Field:
    for one in fields(ENTITIES[entity]):
        if any(isinstance(fact, Sort) and sort_by in fact.keys for fact in one.facts):
            return one
    raise KeyError(sort_by)


def _keys(work: Work, entity: str, one: Field, sort_by: str) -> tuple[ColumnElement[Any], ...]:
    records = TABLES[entity]
    match one.kind:
        case kinds.Text(folded=True):
            return (records.c[f"{one.name}_key"],)
        case kinds.Joined(link=link):
            return (_linked(work, entity, link, sort_by),)
        case kinds.LinkTo() if sort_by != "customer_source_id":
            return (_linked(work, entity, one.name, sort_by),)
        case kinds.Address():
            part = address_key.c[_ADDRESS[sort_by]]
            found = select(_filled(part)).where(address_key.c.entity == entity, address_key.c.record_id == records.c.id)
            return (found.scalar_subquery(),)
        case kinds.OneEmail():
            found = select(email_key.c.email).where(emails_of(entity), email_key.c.record_id == records.c.id)
            return (found.scalar_subquery(),)
        case kinds.Contacts(item=item):
            return (first_item(work.connection, records.c[one.name], item),)
        case kinds.Reference():
            return records.c[f"{one.name}_type"], records.c[f"{one.name}_id"]
    return (records.c[one.name],)


def _filled(key: ColumnElement[str]) -> ColumnElement[Any]:
    return func.nullif(key, literal_column("''"))


def _linked(work: Work, entity: str, link: str, sort_by: str) -> ColumnElement[Any]:
    linked, column = linked_entity(ENTITIES[entity], link), TABLES[entity].c[link]
    if linked not in TABLES:
        return _by_word(work.vocabulary, linked, column)
    others = TABLES[linked].alias()
    key = others.c[{"contact_first_name": "first_name_key", "contact_last_name": "last_name_key"}.get(sort_by, "name_key")]
    # The order must not tell the name of what is hidden.
    return select(_filled(key)).where(others.c.id == column, visible(work.actor, linked, others)).scalar_subquery()


def _by_word(vocabulary: Vocabulary, table: str, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The rank of the word that a row links to: the account has few, and the databases order letters differently."""
    words = vocabulary.words[table]
    ranked = sorted(words.values(), key=lambda word: _place(vocabulary, table, word))
    ranks = {word["id"]: rank for rank, word in enumerate(ranked)}
    return case(ranks, value=column) if ranks else null()


def _place(vocabulary: Vocabulary, table: str, word: Mapping[str, Any]) -> tuple[Any, ...]:
    if table not in _BY_PLACE:
        return fold(word["name"]), word["id"]
    pipeline = vocabulary.words["pipeline"].get(word.get("pipeline_id") or 0)
    return pipeline["place"] if pipeline else 0, word["place"], word["id"]
