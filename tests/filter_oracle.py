"""Filters in plain Python: what a condition means for a record as the API tells it, to compare with what the database finds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cuprum.kit.text import digits, fold
from cuprum.records.days_meant import span
from cuprum.records.filterable import Attribute
from cuprum.records.where import Condition, Where

ZONE = ZoneInfo("Europe/Lisbon")
Record = Mapping[str, Any]


def fits(where: Where, known: Mapping[str, Attribute], record: Record, names: Mapping[Any, str], today: date, me: int) -> bool:
    """`names` are those of linked records that the asker sees, by (entity, id)."""
    inner, outer = (all, any) if where.is_any else (any, all)
    return outer(
        _holds(item, known, record, names, today, me)
        if isinstance(item, Condition)
        else inner(_holds(one, known, record, names, today, me) for one in item)
        for item in where.items
    )


def _holds(
    one: Condition, known: Mapping[str, Attribute], record: Record, names: Mapping[Any, str], today: date, me: int
) -> bool:
    attribute = known[one.field]
    values = _values(attribute, record, names)
    positive = {"hasnt": "has", "not": "is", "none": "any"}.get(one.operator)
    if positive:
        return not _holds(Condition(one.field, positive, one.values), known, record, names, today, me)
    match one.operator:
        case "empty" | "no":
            return not _filled(attribute, record)
        case "filled" | "yes":
            return _filled(attribute, record)
        case "kind":
            return bool(record[one.field]) and record[one.field]["type"] in one.values
    if attribute.sort == "number":
        return any(_number(one, value) for value in values)
    if attribute.sort == "date":
        first, last = span(one.operator, one.values, today)
        return any((first is None or day >= first) and (last is None or day <= last) for day in values)
    if one.operator in ("any", "all"):
        given = [record.get(one.field)] if attribute.sort == "record" else values
        wanted = {str(me) if value == "me" else fold(value) for value in one.values}
        held = {fold(str(value)) for value in given if value is not None}
        return wanted <= held if one.operator == "all" else bool(wanted & held)
    wanted = digits(one.values[0]) if attribute.sort == "phone" else fold(one.values[0])
    texts = [digits(value) if attribute.sort == "phone" else fold(value) for value in values]
    if one.operator == "starts":
        return any(text.startswith(wanted) for text in texts)
    return any(wanted == text if one.operator == "is" else wanted in text for text in texts)


def _number(one: Condition, value: float) -> bool:
    given = [float(text) for text in one.values]
    match one.operator:
        case "least":
            return value >= given[0]
        case "most":
            return value <= given[0]
        case "between":
            return given[0] <= value <= given[1]
    return value == given[0]


def _filled(attribute: Attribute, record: Record) -> bool:
    if attribute.sort in ("record", "reference"):
        value = record[attribute.name]
        return bool(value and (value["id"] if isinstance(value, dict) else value))
    return bool(_values(attribute, record, {}))


def _values(attribute: Attribute, record: Record, names: Mapping[Any, str]) -> list[Any]:
    """What there is to compare: nothing where there is no value."""
    if attribute.definition:
        value = next(
            one["value"] for one in record["custom_fields"] if one["custom_field_definition_id"] == attribute.definition.id
        )
        if attribute.sort == "date":
            return [datetime.fromtimestamp(value, ZONE).date()] if value is not None else []
        return value if isinstance(value, list) else [value] if value is not None and value is not False and value != "" else []
    value = record[attribute.field.name]
    if attribute.part:
        text = (value or {}).get(attribute.part)
        return [text] if text else []
    match attribute.sort:
        case "email" | "phone" | "url":
            listed = value if isinstance(value, list) else [value] if value else []
            return [next(text for key, text in one.items() if key != "category") for one in listed]
        case "tags":
            return value
        case "date" if isinstance(value, str):
            month, day, year = map(int, value.split("/"))
            return [date(year, month, day)]
        case "date":
            return [datetime.fromtimestamp(value, ZONE).date()] if value is not None else []
        case "record":
            kind = attribute.field.kind.entity
            return [names[kind, value]] if (kind, value) in names else []
        case "reference":
            return [names[value["type"], value["id"]]] if value["id"] and (value["type"], value["id"]) in names else []
    return [value] if value not in (None, "") else []
