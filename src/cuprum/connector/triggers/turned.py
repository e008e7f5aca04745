"""A record reached an end: a task was completed, a lead converted."""

from collections.abc import Mapping
from typing import Any

from cuprum.connector.polling.event import Event
from cuprum.connector.triggers.trigger import Trigger


def picks_completed(event: Event, given: Mapping[str, Any]) -> bool:
    """Also a task that was made completed."""
    done = (event.record or {}).get("status") == "Completed"
    return done and (event.kind == "created" or (event.kind == "updated" and "status" in event.changed))


def picks_converted(event: Event, given: Mapping[str, Any]) -> bool:
    """Converted leads leave the search: a search that asks for them too shows `converted_at`."""
    return event.kind == "updated" and "converted_at" in event.changed and bool((event.record or {}).get("converted_at"))


TASK_COMPLETED = Trigger(
    "taskCompleted", "Task Completed", "Triggers when a task is completed", "Polling", "task", picks_completed
)
LEAD_CONVERTED = Trigger(
    "leadConverted", "Lead Converted", "Triggers when a lead is converted", "Polling", "lead", picks_converted
)
