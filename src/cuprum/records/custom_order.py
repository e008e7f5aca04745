"""Lists in the order of a custom field; the wire has no name for that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, case, null, select

from cuprum.records.filterable import CUSTOM
from cuprum.records.sorting import Order
from cuprum.records.vocabulary import Definition, Vocabulary
from cuprum.storage.lookup_tables import custom_key
from cuprum.storage.tables import TABLES

# What has several values, or links, has no order.
_UNORDERED = ("MultiSelect", "Connect")


def custom_orders(entity: str, vocabulary: Vocabulary) -> Mapping[str, Definition]:
    """The fields that a list can be sorted by, by their names in addresses."""
    found = vocabulary.definitions_on(entity)
    return {f"{CUSTOM}{one.id}": one for one in found if one.data_type not in _UNORDERED}


def custom_order(entity: str, definition: Definition, descending: bool) -> Order:
    held = custom_key.c.definition_id == definition.id, custom_key.c.entity == entity
    value = select(_value(definition)).where(*held, custom_key.c.record_id == TABLES[entity].c.id)
    return Order((value.limit(1).scalar_subquery(), TABLES[entity].c.id), descending)


def _value(definition: Definition) -> ColumnElement[Any]:
    match definition.data_type:
        case "Dropdown":
            # In the order in which people see the options.
            ranks = {option_id: rank for rank, option_id in enumerate(definition.living)}
            return case(ranks, value=custom_key.c.option_id) if ranks else null()
        case "String" | "Text" | "URL":
            return custom_key.c.text
    return custom_key.c.number
