"""Something that happened with a record: a note, a call, a meeting, or a change that the system saw."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from cuprum.entities.kinds import ActivityType, Instant, Json, LinkTo, Reference, Text
from cuprum.entities.record import Record
from cuprum.entities.search_keys import OneOf, Range, RefersToOne, Sort, TypeIn
from cuprum.entities.shared_fields import Id


class Activity(Record):
    entity: ClassVar = "activity"
    plural: ClassVar = "activities"
    default_sort: ClassVar = "activity_date"
    bulk: ClassVar = ("create",)

    id: Id = None
    parent: Annotated[
        dict[str, Any] | None,
        Reference(
            label="Parent",
            required=True,
            types=("lead", "person", "company", "opportunity", "project", "task"),
            goes_along=True,
        ),
        RefersToOne("parent"),
    ] = None
    type: Annotated[dict[str, Any] | None, ActivityType(label="Type", required=True), TypeIn("activity_types")] = None
    user_id: Annotated[int | None, LinkTo(label="User Id", entity="user"), OneOf("user_ids")] = None
    details: Annotated[str | None, Text(label="Details", long=True)] = None
    activity_date: Annotated[int | None, Instant(label="Activity Date"), Range("activity_date"), Sort("activity_date")] = None
    old_value: Annotated[Any, Json(label="Old Value", read_only=True)] = None
    new_value: Annotated[Any, Json(label="New Value", read_only=True)] = None
    date_created: Annotated[int, Instant(label="Created", read_only=True), Sort("date_created")] = 0
    date_modified: Annotated[int, Instant(label="Modified", read_only=True), Sort("date_modified")] = 0
