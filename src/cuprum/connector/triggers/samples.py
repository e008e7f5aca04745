"""What a trigger would emit for the latest records, and for a made-up one: to build a workflow on before anything happens.

Nothing is remembered, and nobody's place moves. The former values are made up: nothing here knows them. A filter is left
aside, since its formula is not ours to evaluate.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cuprum.connector.catalogue import trigger
from cuprum.connector.drive import Stepwise
from cuprum.connector.exchange import Flow
from cuprum.connector.polling.diff import JOINED, METADATA, digest, flat
from cuprum.connector.polling.event import Event, Record
from cuprum.connector.polling.passing import Passing
from cuprum.connector.polling.sweep import keys_for
from cuprum.connector.resources.base import as_number
from cuprum.connector.triggers.trigger import Trigger
from cuprum.entities import ENTITIES, kinds
from cuprum.entities.record import Field, fields

if TYPE_CHECKING:
    from cuprum.connector.client import Api

MOST = 3
# Not every record is one for every trigger: three are looked for among so many.
LOOKED_AT = 100
MOMENT = 1_767_225_600
# Not what a person would edit first.
_LAST = {"id", "date_created", "date_modified", "custom_fields"}


def samples_for(api: "Api[Stepwise]", name: str, given: Mapping[str, Any]) -> Flow[dict[str, Any]]:
    """`{"samples": the events of up to three of the latest records, "generated": one that is made up}`. Raises InvalidInput."""
    chosen = trigger(name)
    read = chosen.read(given)
    entity = chosen.entity_for(read)
    page = yield from api.records_of(entity).search(_latest(chosen, entity, read))
    living = [row for row in page.rows if as_number(row.get("id")) is not None and not row.get("is_deleted")]
    found = [event for row in living if (event := sample(chosen, entity, row, read))]
    made_up = generated(chosen, entity, read)
    return {"samples": [one.as_json() for one in found[:MOST]], "generated": made_up and made_up.as_json()}


def _latest(chosen: Trigger, entity: str, given: Mapping[str, Any]) -> dict[str, Any]:
    keys = keys_for(entity)
    asked: dict[str, Any] = {"page_size": LOOKED_AT, **keys.more}
    if keys.sort_by is None:
        # Activities come newest first, and know no other order.
        return asked
    newest = generated(chosen, entity, given)
    by = "date_created" if newest and newest.kind == "created" else keys.sort_by
    return {**asked, "sort_by": by, "sort_direction": "desc"}


def sample(chosen: Trigger, entity: str, row: Record, given: Mapping[str, Any]) -> Event | None:
    """The event that the trigger would emit if it happened to this record; None where it can happen to none like it."""
    return next((event for event in _possible(chosen, entity, row, given) if chosen.wants(event, given)), None)


def _possible(chosen: Trigger, entity: str, row: Record, given: Mapping[str, Any]) -> Iterator[Event]:
    """What may happen to a record, the likeliest first."""
    number, version = as_number(row["id"]) or 0, f"sample-{digest(row)}"
    created, modified = (as_number(row.get(name)) or 0 for name in ("date_created", "date_modified"))
    yield Event(entity, number, "created", created, version, row, source="sample")
    yield Event(entity, number, "deleted", modified, version, row, source="sample")
    if isinstance(chosen.found_by, Passing):
        if happens := chosen.found_by.event(entity, row, given):
            yield replace(happens, source="sample")
        return
    yield Event(entity, number, "followed", modified, version, row, source="sample")
    yield Event(entity, number, "unfollowed", modified, version, row, source="sample")
    for name in _changed(entity, row, given):
        for former in _former(row.get(name), given):
            previous = {name: former}
            yield Event(entity, number, "updated", modified, version, row, (name,), previous, source="sample")


def _changed(entity: str, row: Record, given: Mapping[str, Any]) -> list[str]:
    quiet = METADATA | JOINED.get(entity, frozenset())
    written = [name for name in row if name not in quiet | _LAST]
    custom = [name for name in flat(row) if name.startswith("custom_fields.")]
    return [*written, *custom, *(METADATA if given.get("watched") or given.get("include_metadata") else ())]


def _former(value: Any, given: Mapping[str, Any]) -> list[Any]:
    """A value that it may have had."""
    if isinstance(value, list):
        return [[], [*value, given.get("tag") or "former"]]
    return [given["from"]] if given.get("from") is not None else [None]


def generated(chosen: Trigger, entity: str, given: Mapping[str, Any]) -> Event | None:
    """The event of a record that is made up, with the words that the inputs ask for."""
    made_up = example(entity)
    if isinstance(chosen.found_by, Passing):
        made_up |= chosen.found_by.holds
    if given.get("custom_field_definition_id") is not None:
        made_up["custom_fields"] = [{"custom_field_definition_id": given["custom_field_definition_id"], "value": "Example"}]
    # Which field is to have the value that is asked for, the trigger knows; a tag may be there now, or have been.
    likely = [made_up] if given.get("to") is None else [{**made_up, name: given["to"]} for name in made_up]
    likely += [{**made_up, "tags": [given["tag"]]}] if given.get("tag") else []
    return next((event for row in likely if (event := sample(chosen, entity, row, given))), None)


def example(entity: str) -> Record:
    """A record that is made up, with every field filled in as the wire has it."""
    return {one.name: _example(one) for one in fields(ENTITIES[entity]) if not one.kind.hidden}


def _example(one: Field) -> Any:
    match one.kind:
        case kinds.Key() | kinds.LinkTo():
            return 1
        case kinds.Count(least=least):
            return max(1, least)
        case kinds.Amount():
            return 1000
        case kinds.Flag() | kinds.Joined(column="is_revenue"):
            return True
        case kinds.Instant():
            return MOMENT
        case kinds.Day():
            return "1/31/2026"
        case kinds.Choice(options=words):
            return words[-1]
        case kinds.OneEmail():
            return {"email": "elena@example.com", "category": "work"}
        case kinds.Contacts(item=item, categories=categories):
            said = {"email": "elena@example.com", "number": "+351 210 000 000"}.get(item, "https://example.com")
            return [{item: said, "category": categories[0]}]
        case kinds.Address():
            return {"street": "Rua do Cais 1", "city": "Porto", "state": None, "postal_code": "4000-001", "country": "PT"}
        case kinds.Tags():
            return ["example"]
        case kinds.Reference(types=types):
            return {"id": 1, "type": types[0]}
        case kinds.ActivityType():
            return {"id": 0, "category": "user"}
        case kinds.CustomFields():
            return [{"custom_field_definition_id": 1, "value": "Example"}]
        case kinds.Json(empty="[]"):
            return []
        case kinds.Json():
            return None
    return one.kind.label
