"""Something to be done, by somebody, perhaps by a day."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from cuprum.entities.kinds import Choice, Instant, LinkTo, Reference, Text
from cuprum.entities.record import Record
from cuprum.entities.related import Related
from cuprum.entities.search_keys import Codes, Contains, Range, RefersTo, RefersToOne, Sort, Words
from cuprum.entities.shared_fields import Created, Custom, Details, Id, Modified, Owner, TagWords


class Task(Record):
    entity: ClassVar = "task"
    plural: ClassVar = "tasks"
    default_sort: ClassVar = "due_date"
    relates_to: ClassVar = {"company": None, "person": None, "opportunity": None, "lead": None, "project": None}

    id: Id = None
    name: Annotated[
        str | None, Text(label="Name", required=True, folded=True), Contains("name"), Contains("phrase"), Sort("name")
    ] = None
    related_resource: Annotated[
        dict[str, Any] | None,
        Reference(
            label="Related Resource",
            types=("lead", "person", "company", "opportunity", "project"),
            null_as_object=True,
            goes_along=True,
        ),
        RefersTo("opportunity_ids", "opportunity"),
        RefersTo("project_ids", "project"),
        RefersToOne("related_resource"),
        Sort("related_to"),
        Related(alone=True),
    ] = None
    assignee_id: Owner = None
    due_date: Annotated[int | None, Instant(label="Due Date"), Range("due_date"), Range("close_date"), Sort("due_date")] = None
    reminder_date: Annotated[int | None, Instant(label="Reminder Date"), Range("reminder_date"), Sort("reminder_date")] = None
    completed_date: Annotated[
        int | None, Instant(label="Completed Date", read_only=True), Range("completed_date"), Sort("completed_date")
    ] = None
    priority: Annotated[
        str,
        Choice(label="Priority", options=("None", "Low", "Medium", "High")),
        Words("priorities"),
        Codes("priority_ids"),
        Sort("priority"),
    ] = "None"
    status: Annotated[
        str,
        Choice(label="Status", options=("Open", "Completed")),
        Words("statuses"),
        Codes("status_ids"),
        Sort("status"),
    ] = "Open"
    details: Details = None
    tags: TagWords = Field(default_factory=list)
    custom_fields: Custom = Field(default_factory=list)
    date_created: Created = 0
    date_modified: Modified = 0
    custom_activity_type_id: Annotated[int | None, LinkTo(label="Custom Activity Type Id", entity="activity_type")] = None
