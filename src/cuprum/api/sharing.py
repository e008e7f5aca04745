"""What a person does with one record beside its fields: say who sees it, follow it, take it out of the trash."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from cuprum.api.call import Call
from cuprum.api.desk import reads, writes
from cuprum.api.openapi.changes import CONFLICTS, FOLLOWED, NEW_VISIBILITY, VISIBILITY
from cuprum.api.openapi.entities import record_schema, with_article
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import ID, closed
from cuprum.api.openapi.shared import WRITTEN
from cuprum.entities import BY_PLURAL, Record
from cuprum.records import read, sharing
from cuprum.records.stored import is_visible
from cuprum.records.undo import restore
from cuprum.records.work import Work


def routes() -> list[Route]:
    return [route for record in BY_PLURAL.values() for route in _routes(record)]


def _routes(record: type[Record]) -> list[Route]:
    entity, at = record.entity, f"/{record.plural}/{{id}}"
    one, a_record, tag = entity.capitalize(), with_article(entity), "Sharing, following, trash"

    @declares(id=f"get{one}Visibility", summary=f"Who sees {a_record}", tag=tag, answer=VISIBILITY)
    def shown(work: Work, call: Call) -> Any:
        return sharing.sharing(work, entity, call.id())

    @declares(
        id=f"set{one}Visibility",
        summary=f"Say who sees {a_record}",
        tag=tag,
        answer={"anyOf": [VISIBILITY, closed({"id": ID})], "description": "The id alone, when you see it no longer."},
        body=NEW_VISIBILITY,
        body_required=True,
        answer_headers=WRITTEN,
    )
    def share(work: Work, call: Call) -> Any:
        sharing.share(work, entity, call.id(), call.object())
        return shown(work, call) if is_visible(work, entity, call.id()) else {"id": call.id()}

    @declares(id=f"follow{one}", summary=f"Follow {a_record}", tag=tag, answer=FOLLOWED, answer_headers=WRITTEN)
    def follow(work: Work, call: Call) -> Any:
        sharing.set_following(work, entity, call.id(), follows=True)
        return {"id": call.id(), "followed": True}

    @declares(id=f"unfollow{one}", summary=f"Follow {a_record} no longer", tag=tag, answer=FOLLOWED, answer_headers=WRITTEN)
    def unfollow(work: Work, call: Call) -> Any:
        sharing.set_following(work, entity, call.id(), follows=False)
        return {"id": call.id(), "followed": False}

    @declares(
        id=f"restore{one}",
        summary=f"Take {a_record} out of the trash",
        tag=tag,
        answer=closed({"record": record_schema(record), "conflicts": CONFLICTS}),
        answer_headers=WRITTEN,
    )
    def from_trash(work: Work, call: Call) -> Any:
        conflicts = restore(work, entity, call.id())
        return {"record": read.one(work, entity, call.id()), "conflicts": conflicts}

    routes = [
        Route(f"{at}/follow", writes(follow), methods=["PUT"]),
        Route(f"{at}/follow", writes(unfollow), methods=["DELETE"]),
        Route(f"{at}/restore", writes(from_trash), methods=["POST"]),
    ]
    if "assignee_id" in record.model_fields:
        # What has no owner, an activity, is as private as what it belongs to.
        routes += [
            Route(f"{at}/visibility", reads(shown), methods=["GET"]),
            Route(f"{at}/visibility", writes(share), methods=["PUT"]),
        ]
    return routes
