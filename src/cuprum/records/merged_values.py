"""What a record is after a merge: a value for each field from one of the records, lists united."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cuprum.entities import ENTITIES, Field, fields, kinds
from cuprum.kit.text import digits, fold
from cuprum.records.person_name import PARTS
from cuprum.records.work import Work

Values = Mapping[str, Any]

# Which fields take their value from the same record as the one that names them.
_TOGETHER: dict[str, tuple[str, ...]] = {
    "name": tuple(PARTS),
    "monetary_value": ("monetary_unit", "converted_unit", "converted_value"),
    "status_id": ("date_status_changed",),
}
CUSTOM = "custom_fields"


def choosable(entity: str) -> list[Field]:
    """The fields whose value comes from one of the records, as whoever merges may say."""
    follow = {name for names in _TOGETHER.values() for name in names}
    return [
        one for one in fields(ENTITIES[entity])
        if not (one.kind.read_only or one.name in follow or isinstance(one.kind, _UNITED | kinds.Joined | kinds.CustomFields))
    ]  # fmt: skip


_UNITED = kinds.Contacts | kinds.Tags


def merged(work: Work, entity: str, records: Sequence[Values], chosen: Mapping[str, int]) -> dict[str, Any]:
    """The values that the first of the records has after taking in the others.

    `chosen` says for a field, or for a custom field as `custom_fields.4711`, the id of the record whose value it is; else it is
    the first one's, or where that is empty the first that is not.
    """
    by_id = {one["id"]: one for one in records}
    values: dict[str, Any] = {}
    for field in choosable(entity):
        source = by_id[chosen[field.name]] if field.name in chosen else _first_with(field.name, records)
        for name in (field.name, *_TOGETHER.get(field.name, ())):
            if name in source:
                values[name] = source[name]
    for field in fields(ENTITIES[entity]):
        if isinstance(field.kind, _UNITED):
            values[field.name] = _united(field, records)
    values[CUSTOM] = _custom(work, records, chosen, by_id)
    return values | _origin(entity, records)


def _first_with(name: str, records: Sequence[Values]) -> Values:
    return next((one for one in records if not is_empty(one[name])), records[0])


def is_empty(value: Any) -> bool:
    return value is None or value == "" or value == []


def _united(field: Field, records: Iterable[Values]) -> list[Any]:
    found: dict[str, Any] = {}
    for record in records:
        for one in record[field.name] or ():
            found.setdefault(_sameness(field, one), one)
    return list(found.values())


def _sameness(field: Field, one: Any) -> str:
    match field.kind:
        case kinds.Contacts(item="number"):
            return digits(one["number"]) or fold(one["number"])
        case kinds.Contacts(item=item):
            return fold(one[item])
    return fold(one)


def _custom(work: Work, records: Sequence[Values], chosen: Mapping[str, int], by_id: Mapping[int, Values]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for definition_id in dict.fromkeys(key for record in records for key in record[CUSTOM]):
        name = f"{CUSTOM}.{definition_id}"
        held = [record[CUSTOM][definition_id] for record in records if definition_id in record[CUSTOM]]
        if name in chosen:
            if definition_id in by_id[chosen[name]][CUSTOM]:
                found[definition_id] = by_id[chosen[name]][CUSTOM][definition_id]
        elif all(isinstance(one, list) for one in held):
            found[definition_id] = list(dict.fromkeys(option for one in held for option in one))
        else:
            found[definition_id] = held[0]
    return found


def _origin(entity: str, records: Sequence[Values]) -> dict[str, Any]:
    """The leads that a person came from are those of all of them."""
    if "leads_converted_from" not in ENTITIES[entity].model_fields:
        return {}
    leads = dict.fromkeys(lead for record in records for lead in record["leads_converted_from"] or ())
    dates = [record["date_lead_created"] for record in records if record["date_lead_created"] is not None]
    return {"leads_converted_from": list(leads), "date_lead_created": min(dates, default=None)}
