"""Search by custom field: options, ranges, ticks (`copper-api/part1.md §7`, `part2.md §6.5`)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from cuprum.entities import reading
from cuprum.records.custom_values import date_zone, first_day, plain_number, read_day
from cuprum.records.vocabulary import Definition
from cuprum.records.work import Work
from cuprum.storage.lookup_tables import custom_key
from cuprum.storage.tables import TABLES

_KEYS = ("custom_field_definition_id", "value", "option", "allow_empty", "minimum_value", "maximum_value")
_MOST_FILTERS = 100

Condition = ColumnElement[bool]


def custom_clauses(work: Work, entity: str, value: Any) -> Iterator[Condition]:
    """One condition for each filter; all of them must hold."""
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        reading.refuse("must be a list of custom field filters")
    if len(value) > _MOST_FILTERS:
        reading.refuse(f"has too many items (maximum is {_MOST_FILTERS})", "too_long")
    for one in value:
        if not isinstance(one, dict) or one.keys() - set(_KEYS):
            reading.refuse(f"each must be an object with some of {', '.join(_KEYS)}")
        asked = _Filter(work, entity, one)
        try:
            yield from list(asked.clauses())
        except PydanticCustomError as refusal:
            reading.refuse(f"{asked.definition.name} {refusal.message()}", refusal.type)


class _Filter:
    """One `{"custom_field_definition_id", …}`; `held` selects the records that have a value which shows."""

    def __init__(self, work: Work, entity: str, asked: dict[str, Any]) -> None:
        self.definition = _searchable(work, entity, asked)
        self.asked, self.ids = asked, TABLES[entity].c.id
        self.zone = date_zone(work.settings.date_zone, work.vocabulary)
        self.held = select(custom_key.c.record_id).where(
            custom_key.c.entity == entity, custom_key.c.definition_id == self.definition.id
        )
        if any(option.is_deleted for option in self.definition.options):
            self.held = self.held.where(custom_key.c.option_id.in_(list(self.definition.living)))

    def clauses(self) -> Iterator[Condition]:
        found = self._found()
        if reading.flag(self.asked.get("allow_empty")):
            empty = self.ids.not_in(self.held)
            yield empty if found is None else or_(found, empty)
        elif found is not None:
            yield found

    def _found(self) -> Condition | None:
        match self.definition.data_type:
            case "Dropdown" | "MultiSelect":
                return self._options()
            case "Checkbox":
                return self._ticked()
            case "Date":
                first = first_day(self.asked.get("minimum_value"), self.zone)
                last, exactly = (read_day(self.asked.get(key), self.zone) for key in ("maximum_value", "value"))
                return self._within(_number(first), _number(last), exactly)
        least, most = (reading.amount(self.asked.get(key)) for key in ("minimum_value", "maximum_value"))
        return self._within(least, most, plain_number(self.asked.get("value")))

    def _options(self) -> Condition | None:
        value = self.asked.get("value")
        values = value if isinstance(value, list) else [value]
        wanted = {option_id for each in values if (option_id := reading.record_id(each, "Value"))}
        if not wanted:
            return None
        known = custom_key.c.option_id.in_(wanted & self.definition.living.keys())
        match reading.choice(self.asked.get("option") or "ANY", ("ANY", "ALL", "NONE")):
            case "ALL":
                every = func.count() == len(wanted)
                return self._has(self.held.where(known).group_by(custom_key.c.record_id).having(every))
            case "NONE":
                return self.ids.not_in(self.held.where(known))
        return self._has(self.held.where(known))

    def _ticked(self) -> Condition | None:
        # An unticked box has no row: false finds those that were never set as well.
        wanted = reading.flag(self.asked.get("value"))
        if wanted is None:
            return None
        return self._has(self.held) if wanted else self.ids.not_in(self.held)

    def _within(self, least: Decimal | None, most: Decimal | None, exactly: str | None) -> Condition | None:
        conditions = []
        if least is not None:
            conditions.append(custom_key.c.number >= least)
        if most is not None:
            conditions.append(custom_key.c.number <= most)
        if exactly is not None:
            conditions.append(custom_key.c.text == exactly)
        return self._has(self.held.where(and_(*conditions))) if conditions else None

    def _has(self, records: Select[Any]) -> Condition:
        return self.ids.in_(records)


def _searchable(work: Work, entity: str, asked: dict[str, Any]) -> Definition:
    definition_id = reading.record_id(asked.get("custom_field_definition_id"), "Custom Field Definition Id")
    if definition_id is None:
        reading.refuse("custom_field_definition_id can't be blank", "blank")
    definition = work.vocabulary.definitions.get(definition_id)
    if definition is None or entity not in definition.available_on:
        reading.refuse(f"Custom field {definition_id} is not available on {entity}")
    if definition.data_type in ("String", "Text", "URL", "Connect"):
        reading.refuse(f"{definition.name} cannot be searched: it is a {definition.data_type} field")
    if not definition.is_filterable:
        reading.refuse(f"{definition.name} cannot be searched: it is not filterable")
    return definition


def _number(day: str | None) -> Decimal | None:
    """As days stand in `custom_key.number`: 20261231."""
    return Decimal(day.replace("-", "")) if day else None
