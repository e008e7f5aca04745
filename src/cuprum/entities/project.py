"""Work that is done for a customer."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from cuprum.entities.kinds import Choice, Reference
from cuprum.entities.record import Record
from cuprum.entities.related import Related
from cuprum.entities.search_keys import Codes, Sort, Words
from cuprum.entities.shared_fields import Created, Custom, Details, Id, Modified, Name, Owner, TagWords


class Project(Record):
    entity: ClassVar = "project"
    plural: ClassVar = "projects"
    default_sort: ClassVar = "name"
    relates_to: ClassVar = {"company": None, "person": None, "opportunity": None, "task": None}

    id: Id = None
    name: Name = None
    related_resource: Annotated[
        dict[str, Any] | None,
        Reference(label="Related Resource", types=("company", "person", "opportunity")),
        Sort("related_to"),
        Related(),
    ] = None
    assignee_id: Owner = None
    status: Annotated[
        str,
        Choice(label="Status", options=("Open", "Completed")),
        Codes("status_ids"),
        Words("statuses"),
        Sort("status"),
    ] = "Open"
    details: Details = None
    tags: TagWords = Field(default_factory=list)
    custom_fields: Custom = Field(default_factory=list)
    date_created: Created = 0
    date_modified: Modified = 0
