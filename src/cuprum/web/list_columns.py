"""The columns of a list: which there are, which are shown, and the facts that stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cuprum.entities import ENTITIES, Field, field, fields, kinds
from cuprum.entities.search_keys import Sort
from cuprum.records.custom_order import custom_orders
from cuprum.records.filterable import CUSTOM
from cuprum.records.vocabulary import Definition
from cuprum.records.work import Work
from cuprum.web.arrangement import COLUMNS, label_of
from cuprum.web.facts import Fact, blank_fact, fact_of_definition, filled, named

# It leads to the record, and stands first in every list.
NAME = "name"
MOST_COLUMNS = 40
Column = Field | Definition


def all_columns(work: Work, entity: str) -> dict[str, Column]:
    """Everything a record shows, by its name in addresses; custom fields last."""
    found: dict[str, Column] = {one.name: one for one in fields(ENTITIES[entity]) if _is_shown(one)}
    return found | {f"{CUSTOM}{one.id}": one for one in work.vocabulary.definitions_on(entity) if one.data_type != "Connect"}


def shown_columns(work: Work, entity: str, chosen: Iterable[str]) -> dict[str, Column]:
    """Those chosen, or else those that a list begins with; what there is no more is passed over."""
    known = all_columns(work, entity)
    names = [name for name in dict.fromkeys(chosen) if name in known and name != NAME][:MOST_COLUMNS] or COLUMNS[entity]
    return {name: known[name] for name in (NAME, *(one for one in names if one != NAME))}


def title_of(column: Column) -> str:
    return label_of(column) if isinstance(column, Field) else column.name


def holds_emails(column: Column) -> bool:
    """E-mail addresses are cut where a name would be read on."""
    kind = column.kind if isinstance(column, Field) else None
    return isinstance(kind, kinds.OneEmail) or (isinstance(kind, kinds.Contacts) and kind.item == "email")


def facts_in(work: Work, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> list[list[Fact]]:
    """The facts of some wire objects, column by column, with the names of what they link to."""
    # What is the same in all rows is looked up once.
    blanks = [blank_fact(work, one) if isinstance(one, Field) else one for one in columns]
    return named(work, ([_fact(work, one, row) for one in blanks] for row in rows))


def orders_of(work: Work, entity: str, name: str, column: Column) -> tuple[str, ...]:
    """The names of the orders that a column stands for; a link is sorted by the name of what it leads to."""
    if isinstance(column, Definition):
        return (name,) if name in custom_orders(entity, work.vocabulary) else ()
    record = ENTITIES[entity]
    joined = [one for one in fields(record) if isinstance(one.kind, kinds.Joined) and one.kind.link == name]
    return next((fact.keys for one in (field(record, name), *joined) for fact in one.facts if isinstance(fact, Sort)), ())


def _is_shown(one: Field) -> bool:
    if isinstance(one.kind, kinds.Joined):
        return False
    return not (one.kind.hidden or isinstance(one.kind, kinds.CustomFields | kinds.Json | kinds.ActivityType))


def _fact(work: Work, column: Fact | Definition, row: Mapping[str, Any]) -> Fact:
    if isinstance(column, Fact):
        return filled(work, column, row)
    given = row.get("custom_fields") or ()
    value = next((one["value"] for one in given if one["custom_field_definition_id"] == column.id), None)
    return fact_of_definition(work, column, value)
