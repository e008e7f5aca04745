"""Activity types, and those among them that an account defines for itself (`copper-api/part2.md §4.4, §4.5`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.routing import Route

from cuprum.api.call import Call
from cuprum.api.desk import reads, writes
from cuprum.api.openapi.account import ACTIVITY_TYPES, CUSTOM_TYPE, CUSTOM_TYPE_CHANGE, NEW_CUSTOM_TYPE
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import listed
from cuprum.api.openapi.shared import WRITTEN
from cuprum.kit.errors import NotFound
from cuprum.records.system_activities import SYSTEM_TYPES
from cuprum.records.word_kinds import NOTE
from cuprum.records.words_of_account import change_word, create_word
from cuprum.records.work import Work


@declares(id="listActivityTypes", summary="List the activity types", tag="Activity types", answer=ACTIVITY_TYPES)
def activity_types(work: Work, call: Call) -> Any:
    """Disabled ones stay listed: activities of that type can still be searched."""
    own = [_listed(one, "user") for one in work.vocabulary.living("activity_type")]
    return {"user": own, "system": [_listed(one, "system") for one in SYSTEM_TYPES]}


def _listed(word: Mapping[str, Any], category: str) -> dict[str, Any]:
    return {
        "id": word["id"],
        "category": category,
        "name": word["name"],
        "is_disabled": word.get("is_disabled", False),
        "count_as_interaction": word.get("is_interaction", False),
    }


@declares(
    id="listCustomActivityTypes",
    summary="List the types that the account defined",
    tag="Activity types",
    answer=listed(CUSTOM_TYPE),
)
def custom_activity_types(work: Work, call: Call) -> Any:
    return [_custom(work, one) for one in work.vocabulary.living("activity_type") if one["id"] != NOTE]


@declares(id="getCustomActivityType", summary="Read a type that the account defined", tag="Activity types", answer=CUSTOM_TYPE)
def get_one(work: Work, call: Call) -> Any:
    return _found(work, call.id())


@declares(
    id="createCustomActivityType",
    summary="Define an activity type",
    tag="Activity types",
    answer=CUSTOM_TYPE,
    body=NEW_CUSTOM_TYPE,
    body_required=True,
    answer_headers=WRITTEN,
)
def create(work: Work, call: Call) -> Any:
    return _found(work, create_word(work, "activity_type", call.json()))


@declares(
    id="updateCustomActivityType",
    summary="Change a type that the account defined",
    tag="Activity types",
    answer=CUSTOM_TYPE,
    body=CUSTOM_TYPE_CHANGE,
    answer_headers=WRITTEN,
)
def change(work: Work, call: Call) -> Any:
    change_word(work, "activity_type", call.id(), call.object())
    return _found(work, call.id())


def _found(work: Work, type_id: int) -> dict[str, Any]:
    word = work.vocabulary.words["activity_type"].get(type_id)
    if word is None or word["archived_at"] is not None or type_id == NOTE:
        raise NotFound
    return _custom(work, word)


def _custom(work: Work, word: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": word["id"],
        "company_id": work.vocabulary.account["id"],
        "icon_type": word["icon_type"],
        "is_disabled": word["is_disabled"],
        "is_interaction": word["is_interaction"],
        "name": word["name"],
        "is_default_task_type": word["is_default_task_type"],
    }


def routes() -> list[Route]:
    plural, single = "/custom_activity_types", "/custom_activity_types/{id}"
    return [
        Route("/activity_types", reads(activity_types, by_key=True), methods=["GET"]),
        Route(plural, reads(custom_activity_types, by_key=True), methods=["GET"]),
        Route(plural, writes(create), methods=["POST"]),
        Route(single, reads(get_one, by_key=True), methods=["GET"]),
        Route(single, writes(change), methods=["PUT", "PATCH"]),
    ]
