"""The list of tags (`copper-api/part2.md §7.6`)."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from cuprum.api.call import Call
from cuprum.api.desk import reads
from cuprum.api.openapi.account import TAG
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import BOOLEAN, TEXT, listed, one_of_words
from cuprum.entities import reading
from cuprum.kit.errors import Invalid
from cuprum.records.attributes import read_attributes
from cuprum.records.tags import counted_tags, tag_names
from cuprum.records.work import Work

_ASKED = {
    "sort_by": lambda value: reading.choice(value, ("name", "count"), nullable=True),
    "tag_names_only": lambda value: reading.flag(value or None),
    "last_tag_value": lambda value: reading.text(value),
}


@declares(
    id="listTags",
    summary="List the tags in use",
    tag="Lists",
    answer={"anyOf": [listed(TAG), listed(TEXT)], "description": "Names alone with `tag_names_only`."},
    query={
        "sort_by": one_of_words("name", "count", default="name"),
        "tag_names_only": {**BOOLEAN, "default": False},
        "last_tag_value": {**TEXT, "description": "With tag_names_only: only names behind this one."},
    },
)
def tags(work: Work, call: Call) -> Any:
    """Tags by name or by count; with `tag_names_only` plain names, those after `last_tag_value`."""
    asked, problems = read_attributes({key: value for key, value in call.query.items() if key in _ASKED}, _ASKED)
    if problems:
        raise Invalid(*problems)
    if asked.get("tag_names_only"):
        return tag_names(work, asked.get("last_tag_value"))
    return counted_tags(work, by_count=asked.get("sort_by") == "count")


def routes() -> list[Route]:
    return [Route("/tags", reads(tags), methods=["GET"])]
