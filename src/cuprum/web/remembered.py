"""A value as the change log remembers it, as a fact that is read: words and records by their names, days as days."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cuprum.entities import ENTITIES, field, kinds
from cuprum.records.custom_values import date_zone, day_seconds
from cuprum.records.state import SHARING
from cuprum.records.wire_values import plain_wire_value
from cuprum.records.work import Work
from cuprum.web.arrangement import label_of
from cuprum.web.facts import Fact, fact_from, fact_of_definition


def remembered(work: Work, entity: str, name: str, value: Any, currency: str | None) -> Fact:
    """Custom values are called `custom_fields.12`; an amount is in `currency`."""
    whole, _, definition_id = name.partition(".")
    if definition_id:
        return _custom(work, int(definition_id), value)
    if whole in SHARING:
        return _sharing(work, whole, value)
    one = field(ENTITIES[entity], whole)
    wire = plain_wire_value(one, value)
    # What was not there yet is nothing, whatever the wire would say in its place.
    if value is None and isinstance(one.kind, kinds.Choice | kinds.Reference | kinds.Count):
        return Fact(whole, label_of(one), "text")
    return replace(fact_from(work, one, {whole: wire, "monetary_unit": currency}), is_late=False)


def _custom(work: Work, definition_id: int, value: Any) -> Fact:
    definition = work.vocabulary.definitions.get(definition_id)
    if definition is None:
        return Fact(f"custom.{definition_id}", "A field that was removed", "text", None if value is None else str(value))
    if definition.data_type == "Date" and value is not None:
        value = day_seconds(value, date_zone(work.settings.date_zone, work.vocabulary))
    fact = fact_of_definition(work, definition, value)
    if definition.options:
        # Words that cannot be chosen any more were chosen then.
        fact = replace(fact, choices=[(None, [(one.id, one.name) for one in definition.options])])
    return fact if fact.control else replace(fact, control="text", value=None if value is None else str(value))


_WHO_SEES = {"everyone": "everyone", "teams": "teams", "individuals": "some people", "only_me": "only its owner"}


def _sharing(work: Work, name: str, value: Any) -> Fact:
    if name == "visibility":
        return Fact(name, "Who sees it", "text", _WHO_SEES.get(value, value))
    words = [work.vocabulary.words[{"t": "team", "u": "user"}[one[0]]].get(int(one[1:])) for one in value or ()]
    return Fact(name, "Shared with", "text", ", ".join(one["name"] for one in words if one))
