"""One field of one entity changed, perhaps to a certain value: stage, status, value, contact type, company, owner."""

from collections.abc import Mapping
from typing import Any

from cuprum.connector.facts import inputs
from cuprum.connector.polling.event import Event
from cuprum.connector.properties import Property, options, string
from cuprum.connector.searching import main
from cuprum.connector.triggers.trigger import Trigger
from cuprum.entities import ENTITIES


def field_changed(name: str, title: str, said: str, entity: str, field: str) -> Trigger:
    one = next(one for one in inputs(entity) if one.name == field)
    bounds = (bound("from", "From", one), bound("to", "To", one))

    def picks(event: Event, given: Mapping[str, Any]) -> bool:
        return event.kind == "updated" and field in event.changed and fits(event, field, given)

    return Trigger(name, title, said, "Polling", entity, picks, bounds)


def bound(name: str, label: str, one: Property) -> Property:
    """Asked with the picker of the field itself."""
    return Property(name, label, one.type, f"Only {name} this value.", options=one.options, source=one.source, form=one.form)


def fits(event: Event, field: str, given: Mapping[str, Any]) -> bool:
    held = {"from": event.previous.get(field), "to": (event.record or {}).get(field)}
    return all(main(held[edge]) == main(given[edge]) for edge in ("from", "to") if given.get(edge) is not None)


OWNED = options(*((name.capitalize(), name) for name, one in ENTITIES.items() if "assignee_id" in one.model_fields))
ANY_ENTITY = string("entity", "Record Type", "Which type of record.", required=True, options=OWNED)


def owner_changed() -> Trigger:
    def picks(event: Event, given: Mapping[str, Any]) -> bool:
        return event.kind == "updated" and "assignee_id" in event.changed and fits(event, "assignee_id", given)

    user = next(one for one in inputs("task") if one.name == "assignee_id")
    said = "Triggers when a record gets another owner"
    asks = (ANY_ENTITY, bound("from", "From", user), bound("to", "To", user))
    return Trigger("ownerChanged", "Owner Changed", said, "Polling", "", picks, asks)
