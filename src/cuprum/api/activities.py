"""What activities have of their own: lists by record, stubs of deleted ones (`copper-api/part1.md §13`, `part2.md §4`)."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from cuprum.api.call import Call
from cuprum.api.desk import reads, writes
from cuprum.api.openapi.entities import change_schema, part_schema, record_schema, with_article
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import DELETED, listed
from cuprum.api.openapi.searches import search_query, search_schema
from cuprum.api.openapi.shared import COMPUTED, WRITTEN
from cuprum.entities import BY_PLURAL, ENTITIES, Activity, Record, field
from cuprum.entities.kinds import Reference
from cuprum.kit.errors import NotFound, Refused
from cuprum.records import activity, read, write
from cuprum.records.search import search
from cuprum.records.stored import must_be_visible
from cuprum.records.work import Work


def routes() -> list[Route]:
    parents = field(ENTITIES["activity"], "parent").kind
    assert isinstance(parents, Reference)
    return [
        Route("/activities/{id}", reads(get_activity), methods=["GET"]),
        Route("/activities/{id}", writes(update_activity), methods=["PUT", "PATCH"]),
        *(_of_record(record) for record in BY_PLURAL.values() if record.entity in parents.types),
    ]


@declares(
    id="getActivity", summary="Read an activity", tag="Activities", query=COMPUTED,
    answer={"anyOf": [record_schema(Activity), DELETED], "description": "The stub of one that was deleted."},
)  # fmt: skip
def get_activity(work: Work, call: Call) -> Any:
    """The activity, or the stub of one that was deleted."""
    try:
        return read.one(work, "activity", call.id())
    except NotFound:
        if activity.was_deleted(work, call.id()):
            return {"id": call.id(), "is_deleted": True}
        raise


@declares(
    id="updateActivity", summary="Change an activity", tag="Activities", answer=record_schema(Activity),
    body=change_schema(Activity), query=COMPUTED, answer_headers=WRITTEN,
)  # fmt: skip
def update_activity(work: Work, call: Call) -> Any:
    """Change an activity; one that was deleted cannot be changed."""
    if activity.was_deleted(work, call.id()):
        raise Refused("Invalid request: The activity was deleted and cannot be changed")
    write.change(work, "activity", call.id(), call.json())
    return read.one(work, "activity", call.id())


def _of_record(record: type[Record]) -> Route:
    entity = record.entity

    @declares(
        id=f"search{entity.capitalize()}Activities", summary=f"Find the activities of {with_article(entity)}",
        tag=record.plural.capitalize(), answer=listed({"anyOf": [record_schema(Activity), part_schema(Activity)]}),
        answer_headers=("X-PW-TOTAL",), body=search_schema(Activity), query=search_query(Activity),
    )  # fmt: skip
    def find_activities(work: Work, call: Call) -> Any:
        """The activities of one record, newest first; a company's also has those of its people."""
        must_be_visible(work, entity, call.id())
        page = search(work, "activity", call.object(), call.query, within=activity.happened_with(entity, call.id()))
        call.answer_headers["X-PW-TOTAL"] = str(page.total)
        return page.records

    return Route(f"/{record.plural}/{{id}}/activities", reads(find_activities), methods=["POST"])
