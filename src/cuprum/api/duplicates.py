"""Duplicates found, told apart, and merged, under `/automation/v1`."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticCustomError
from starlette.routing import Route

from cuprum.api.call import Call
from cuprum.api.desk import reads, writes, writes_in_parts
from cuprum.api.openapi import duplicates as words
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.shared import WRITTEN
from cuprum.entities import reading
from cuprum.kit.errors import Invalid, Problem
from cuprum.records import read
from cuprum.records.duplicates import duplicates, tell_apart
from cuprum.records.long_work import LongWork, merging
from cuprum.records.merge import MERGEABLE, MOST_AT_ONCE, Wish, preview
from cuprum.records.merged_values import CUSTOM, choosable
from cuprum.records.request_body import only_keys, part
from cuprum.records.wire_values import wire_of
from cuprum.records.work import Work

_TAG = "Duplicates"


def routes() -> list[Route]:
    return [
        Route("/duplicates", reads(find), methods=["GET"]),
        Route("/duplicates/told_apart", writes(told_apart), methods=["POST"]),
        Route("/merge", writes_in_parts(begin_to_merge, merge_records), methods=["POST"]),
        Route("/merge/preview", reads(preview_merge), methods=["POST"]),
    ]


@declares(id="findDuplicates", summary="Records that may be one", tag=_TAG, answer=words.FOUND, query=words.QUERY)
def find(work: Work, call: Call) -> Any:
    limit, offset = _number(call, "limit", 1, 200), _number(call, "offset", 0, words.FARTHEST)
    return duplicates(work, _entity(call.query), limit or 50, offset or 0)


def _number(call: Call, name: str, least: int, most: int) -> int | None:
    try:
        return reading.whole_number(call.query.get(name), least, most)
    except PydanticCustomError as refusal:
        raise Invalid(Problem(name, refusal.message())) from refusal


@declares(
    id="tellApart", summary="Say that records are no duplicates", tag=_TAG, answer=words.TOLD_APART, answer_headers=WRITTEN,
    body=words.PAIR, body_required=True, refusals=(404,),
)  # fmt: skip
def told_apart(work: Work, call: Call) -> Any:
    body = call.object()
    only_keys(body, ("entity", "ids"))
    entity, ids = _entity(body), _ids(body, "ids")
    tell_apart(work, entity, ids)
    return {"entity": entity, "ids": ids}


@declares(
    id="merge", summary="Merge records into one", tag=_TAG, answer=words.MERGED, answer_headers=WRITTEN,
    body=words.MERGE, body_required=True, refusals=(404,),
)  # fmt: skip
def merge_records(work: Work, call: Call, done: LongWork) -> Any:
    record = read.as_written(work, done.asked["entity"], done.asked["winner_id"])
    return {"record": record, "moved": done.place["moved"], "group": work.group.id}


def begin_to_merge(work: Work, call: Call) -> LongWork:
    return merging(work, _wish(work, call))


@declares(
    id="previewMerge", summary="What a merge would do", tag=_TAG, answer=words.PREVIEW, body=words.MERGE, body_required=True,
    refusals=(404,),
)  # fmt: skip
def preview_merge(work: Work, call: Call) -> Any:
    wish = _wish(work, call)
    seen = preview(work, wish)
    values = {name: wire_of(work, wish.entity, name, value) for name, value in seen["values"].items()}
    columns = [
        {
            "field": field.name,
            "label": field.kind.label,
            "values": {str(one["id"]): wire_of(work, wish.entity, field.name, one[field.name]) for one in seen["records"]},
        }
        for field in choosable(wish.entity)
    ]
    return {"values": values, "fields": columns, "moves": seen["moves"]}


def _wish(work: Work, call: Call) -> Wish:
    body = call.object()
    only_keys(body, ("entity", "winner_id", "loser_ids", "fields"))
    entity = _entity(body)
    (winner_id,) = _ids({"winner_id": [body.get("winner_id")]}, "winner_id")
    loser_ids = _ids(body, "loser_ids")
    if winner_id in loser_ids:
        raise Invalid(Problem("loser_ids", "must not name the winner"))
    names = {one.name for one in choosable(entity)}
    names |= {f"{CUSTOM}.{one.id}" for one in work.vocabulary.definitions_on(entity)}
    chosen = part(body, "fields")
    only_keys(chosen, names)
    return Wish(entity, winner_id, loser_ids, {name: _ids({name: [value]}, name)[0] for name, value in chosen.items()})


def _entity(given: Any) -> str:
    entity = given.get("entity")
    if not isinstance(entity, str) or entity not in MERGEABLE:
        raise Invalid(Problem("entity", f"must be one of {', '.join(MERGEABLE)}", "inclusion"))
    return entity


def _ids(given: Any, name: str) -> list[int]:
    value = given.get(name)
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_AT_ONCE:
        raise Invalid(Problem(name, f"must be a list of 1 to {MOST_AT_ONCE} ids"))
    try:
        ids = [reading.record_id(one, name) for one in value]
    except PydanticCustomError as refusal:
        raise Invalid(Problem(name, refusal.message())) from refusal
    if None in ids:
        raise Invalid(Problem(name, "can't be blank", "blank"))
    return list(dict.fromkeys(one for one in ids if one is not None))
