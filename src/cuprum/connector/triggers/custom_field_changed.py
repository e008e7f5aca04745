"""A custom field of a record changed."""

from collections.abc import Mapping
from typing import Any

from cuprum.connector.polling.event import Event
from cuprum.connector.properties import Form, Property
from cuprum.connector.triggers.field_changed import ANY_ENTITY
from cuprum.connector.triggers.trigger import Trigger


def picks(event: Event, given: Mapping[str, Any]) -> bool:
    changed = {name.partition(".")[2] for name in event.changed if name.startswith("custom_fields.")}
    wanted = given.get("custom_field_definition_id")
    return event.kind == "updated" and (str(wanted) in changed if wanted is not None else bool(changed))


FIELD = Property(
    "custom_field_definition_id",
    "Custom Field",
    "STRING",
    "Only this one; any custom field when left out.",
    form=Form.ID,
    source="custom_field_ids",
    depends_on=("entity",),
)

TRIGGER = Trigger(
    "customFieldChanged",
    "Custom Field Changed",
    "Triggers when a custom field of a record changes",
    "Polling",
    "",
    picks,
    (ANY_ENTITY, FIELD),
)
