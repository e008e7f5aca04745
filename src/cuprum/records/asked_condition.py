"""One condition on one attribute of an entity: checked to be one, with where its values stand."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, select

from cuprum.entities import reading
from cuprum.records.filterable import MANY, NONE, TWO, Attribute, attributes, takes
from cuprum.records.where import Condition
from cuprum.records.work import Work
from cuprum.storage.dialect import as_check, is_crowd
from cuprum.storage.lookup_tables import address_key, custom_key, email_key, emails_of, phone_key, tag_key, url_key
from cuprum.storage.tables import TABLES

Clause = ColumnElement[bool]
_MOST_VALUES = 200


class Asked:
    """Refuses an unknown field, an operator that does not fit it, and values that do not fit the operator."""

    def __init__(self, work: Work, entity: str, condition: Condition) -> None:
        self.work, self.entity, self.records = work, entity, TABLES[entity]
        self.operator, self.values = condition.operator, condition.values
        found = attributes(entity, work.vocabulary).get(condition.field)
        if found is None:
            reading.refuse(f"there is no field {reading.shown(condition.field)} to filter by")
        self.attribute: Attribute = found
        self._check()

    def _check(self) -> None:
        if self.operator not in self.attribute.operators:
            reading.refuse(f"cannot be filtered by “{reading.shown(self.operator)}”")
        wanted, given = takes(self.operator), len(self.values)
        fits = {NONE: given == 0, MANY: given > 0, TWO: given == 2}.get(wanted, given == 1)
        if not fits:
            reading.refuse("needs a value" if wanted != TWO else "needs two values: a first and a last")
        if given > _MOST_VALUES:
            reading.refuse(f"has too many values (maximum is {_MOST_VALUES})", "too_long")
        for value in self.values:
            reading.text(value)

    @property
    def column(self) -> ColumnElement[Any]:
        return self.records.c[self.attribute.field.name]

    def held(self) -> Select[Any] | None:
        """The ids in the lookup table in which the attribute's values stand; None where it has a column of its own."""
        of = self.entity
        match self.attribute.sort:
            case "email":
                return select(email_key.c.record_id).where(emails_of(of))
            case "phone":
                return select(phone_key.c.record_id).where(phone_key.c.entity == of)
            case "url":
                is_social = self.attribute.field.name == "socials"
                return select(url_key.c.record_id).where(url_key.c.entity == of, url_key.c.is_social == is_social)
            case "tags":
                return select(tag_key.c.record_id).where(tag_key.c.entity == of)
            case "address":
                part = address_key.c[self.attribute.part]
                return select(address_key.c.record_id).where(address_key.c.entity == of, part != "")
        return None if self.attribute.definition is None else self.held_custom()

    def held_custom(self) -> Select[Any]:
        definition = self.attribute.definition
        assert definition is not None
        held = select(custom_key.c.record_id).where(
            custom_key.c.definition_id == definition.id, custom_key.c.entity == self.entity
        )
        # Options that were removed are not shown, so they are not there.
        return held.where(custom_key.c.option_id.in_(list(definition.living))) if definition.options else held

    def among(self, found: Select[Any]) -> Clause:
        """A crowd is not where a search begins: it is looked at in the order asked for."""
        key = as_check(self.records.c.id) if is_crowd(self.work.connection, found) else self.records.c.id
        return key.in_(found)
