"""The endpoints that every entity has: create, read, update, delete, search."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from cuprum.api.call import Call
from cuprum.api.desk import reads, writes, writes_in_parts
from cuprum.api.openapi.entities import change_schema, new_schema, part_schema, record_schema, with_article
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import DELETED, listed
from cuprum.api.openapi.searches import search_query, search_schema
from cuprum.api.openapi.shared import COMPUTED, WRITTEN
from cuprum.entities import BY_PLURAL, Record
from cuprum.records import read, write
from cuprum.records.long_work import LongWork, deletion
from cuprum.records.search import search
from cuprum.records.work import Work


def routes() -> list[Route]:
    return [route for record in BY_PLURAL.values() for route in _routes(record)]


def _routes(record: type[Record]) -> list[Route]:
    entity, plural = record.entity, record.plural
    tag, one = plural.capitalize(), entity.capitalize()
    a_record, shown = with_article(entity), record_schema(record)

    @declares(
        id=f"create{one}", summary=f"Create {a_record}", tag=tag, answer=shown, answer_headers=WRITTEN,
        body=new_schema(record), body_required=True, query=COMPUTED,
    )  # fmt: skip
    def create(work: Work, call: Call) -> Any:
        return read.one(work, entity, write.create(work, entity, call.json()), computed=call.computed)

    @declares(id=f"get{one}", summary=f"Read {a_record}", tag=tag, answer=shown, query=COMPUTED)
    def get_one(work: Work, call: Call) -> Any:
        return read.one(work, entity, call.id(), computed=call.computed)

    @declares(
        id=f"update{one}", summary=f"Change {a_record}", tag=tag, answer=shown, answer_headers=WRITTEN,
        body=change_schema(record), query=COMPUTED,
    )  # fmt: skip
    def update(work: Work, call: Call) -> Any:
        return read.as_changed(write.change(work, entity, call.id(), call.json()), computed=call.computed)

    @declares(id=f"delete{one}", summary=f"Delete {a_record}", tag=tag, answer=DELETED, answer_headers=WRITTEN)
    def remove(work: Work, call: Call, done: LongWork) -> Any:
        return {"id": call.id(), "is_deleted": True}

    def begin_to_remove(work: Work, call: Call) -> LongWork:
        return deletion(entity, call.id(), f"{call.method} {call.path}")

    @declares(
        id=f"search{tag}", summary=f"Find {plural}", tag=tag, answer=listed({"anyOf": [shown, part_schema(record)]}),
        answer_headers=("X-PW-TOTAL",), body=search_schema(record), query={**search_query(record), **COMPUTED},
    )  # fmt: skip
    def find(work: Work, call: Call) -> Any:
        page = search(work, entity, call.object(), call.filters, computed=call.computed)
        call.answer_headers["X-PW-TOTAL"] = str(page.total)
        return page.records

    return [
        Route(f"/{plural}", writes(create), methods=["POST"]),
        Route(f"/{plural}/search", reads(find), methods=["POST"]),
        Route(f"/{plural}/{{id}}", reads(get_one, by_key=True), methods=["GET"]),
        Route(f"/{plural}/{{id}}", writes(update), methods=["PUT", "PATCH"]),
        Route(f"/{plural}/{{id}}", writes_in_parts(begin_to_remove, remove), methods=["DELETE"]),
    ]
