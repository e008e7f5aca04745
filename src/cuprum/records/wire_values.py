"""A record's values, rather than its row, as they go over the wire: for what the log remembers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import select

from cuprum.entities import ENTITIES, Field, Record, field, fields, kinds
from cuprum.kit import jsonio
from cuprum.records.custom_values import date_zone, wire_custom
from cuprum.records.visible import visible_even_in_trash
from cuprum.records.wire import linked_entity, slashed
from cuprum.records.work import Work
from cuprum.storage.schema import metadata

# The columns that fields join: by table and column, then by id.
Joined = dict[tuple[str, str], dict[int, Any]]
ToWire = Callable[[Any], Any]


def wire_object(work: Work, entity: str, values: Mapping[str, Any], joined: Joined | None = None) -> dict[str, Any]:
    """The wire object; names of linked things are those of today, found in `joined` or among the values."""
    record, answer = ENTITIES[entity], {}
    for one, plain in _shown(record):
        value = values.get(one.name)
        if plain is not None:
            answer[one.name] = plain(value)
        elif isinstance(one.kind, kinds.Joined):
            answer[one.name] = value if joined is None else _joined(record, one.kind, values, joined)
        else:
            answer[one.name] = wire_value(work, entity, one, value)
    return answer


@cache
def _shown(record: type[Record]) -> tuple[tuple[Field, ToWire | None], ...]:
    """The fields that go over the wire, each with what makes its value, where that alone is needed."""
    needs_more = kinds.Joined | kinds.CustomFields
    shown = (one for one in fields(record) if not one.kind.hidden)
    return tuple((one, None if isinstance(one.kind, needs_more) else _to_wire(one)) for one in shown)


def joined_columns(work: Work, entity: str, records: Iterable[Mapping[str, Any]]) -> Joined:
    """What the fields of these records join, read at once."""
    record, known = ENTITIES[entity], list(records)
    found: Joined = {}
    for one in fields(record):
        if isinstance(one.kind, kinds.Joined):
            table = metadata.tables[linked_entity(record, one.kind.link)]
            ids = {values[one.kind.link] for values in known if values.get(one.kind.link) is not None}
            named = select(table.c.id, table.c[one.kind.column]).where(table.c.id.in_(ids))
            # A link shows the name of what it leads to, to whoever may see that, like the record itself does.
            if table.name in ENTITIES:
                named = named.where(visible_even_in_trash(work.actor, table.name))
            found[table.name, one.kind.column] = {row[0]: row[1] for row in work.execute(named)} if ids else {}
    return found


def _joined(record: type[Record], kind: kinds.Joined, values: Mapping[str, Any], joined: Joined) -> Any:
    return joined.get((linked_entity(record, kind.link), kind.column), {}).get(values.get(kind.link) or 0)


def wire_value(work: Work, entity: str, one: Field, value: Any) -> Any:
    if not isinstance(one.kind, kinds.CustomFields):
        return plain_wire_value(one, value)
    definitions = work.vocabulary.definitions_on(entity)
    stored = jsonio.text({str(key): custom for key, custom in (value or {}).items()})
    return wire_custom(stored, definitions, date_zone(work.settings.date_zone, work.vocabulary), computed=False)


def plain_wire_value(one: Field, value: Any) -> Any:
    """The value of a field that is not the custom ones: these need the account's definitions."""
    return _to_wire(one)(value)


def _to_wire(one: Field) -> ToWire:
    match one.kind:
        case kinds.Amount(as_float=as_float):
            return lambda value: None if value is None else float(value) if as_float or value % 1 else int(value)
        case kinds.Day():
            return lambda value: None if value is None else slashed(value)
        case kinds.Reference(null_as_object=True):
            return lambda value: {"id": None, "type": None} if value is None else value
        case kinds.Contacts() | kinds.Tags():
            return lambda value: [] if value is None else value
        case kinds.Json(empty=empty):
            return lambda value: jsonio.decode(empty) if value is None else value
        case kinds.Count() | kinds.Instant() | kinds.Choice(nullable=False):
            return lambda value: one.default if value is None else value
    return lambda value: value


def wire_of(work: Work, entity: str, name: str, value: Any) -> Any:
    """One value under the name that the log or a conflict gives it."""
    if name.partition(".")[2] or name not in ENTITIES[entity].model_fields:
        return value
    return wire_value(work, entity, field(ENTITIES[entity], name), value)
