"""Time went by: a task is overdue, a record was left alone for some days."""

from cuprum.connector.polling.event import Event
from cuprum.connector.polling.passing import Passing
from cuprum.connector.polling.sweep import MODIFIED, Keys
from cuprum.connector.properties import Property
from cuprum.connector.resources.base import as_number
from cuprum.connector.triggers.field_changed import ANY_ENTITY
from cuprum.connector.triggers.trigger import Trigger

DAY_SECONDS = 86_400
OPEN = "Open"
DAYS = Property("days", "Days", "INTEGER", "For how many days nothing was changed.", required=True, least=1)
DUE = Keys("due_date", "minimum_due_date", "maximum_due_date", "due_date", {"statuses": [OPEN]})


def is_overdue_at_once(event: Event) -> bool:
    """A task that is made, given a day or opened again when its due date has passed already."""
    due = as_number((event.record or {}).get("due_date"))
    is_new = event.kind == "created" or (event.kind == "updated" and bool({"due_date", "status"} & set(event.changed)))
    return is_new and due is not None and due < event.at


TASK_OVERDUE = Trigger(
    "taskOverdue",
    "Task Overdue",
    "Triggers when the due date of an open task passes",
    "Polling",
    "task",
    lambda event, given: event.kind == "overdue",
    found_by=Passing("overdue", DUE, holds={"status": OPEN}, is_at_once=is_overdue_at_once),
)
RECORD_STALE = Trigger(
    "recordStale",
    "Record Stale",
    "Triggers when a record was not changed for a number of days",
    "Polling",
    "",
    lambda event, given: event.kind == "stale",
    (ANY_ENTITY, DAYS),
    found_by=Passing("stale", MODIFIED, while_seconds=lambda given: int(given["days"]) * DAY_SECONDS),
)
