"""The schema of a search: every parameter of an entity, with paging and sorting."""

from __future__ import annotations

from functools import cache

from cuprum.api.openapi.kinds import NEW_ACTIVITY_TYPE
from cuprum.api.openapi.schemas import (
    BOOLEAN,
    ID,
    NUMBER,
    SECONDS,
    TEXT,
    Named,
    Schema,
    closed,
    listed,
    one_of_words,
    whole,
)
from cuprum.entities import Record
from cuprum.entities.reading import LARGEST_ID, LAST_SECOND, LINE_LENGTH
from cuprum.records.criteria import NONE, Criterion, criteria
from cuprum.records.search import LARGEST_PAGE
from cuprum.records.sorting import sort_keys


def paging() -> dict[str, Schema]:
    return {
        "page_number": whole(1, 2**31, default=1),
        "page_size": whole(1, LARGEST_PAGE, default=20),
    }


@cache
def search_schema(record: type[Record]) -> Schema:
    properties = {**paging(), **_sorting(record), "fields": _FIELDS}
    properties |= {name: _schema(one) for name, one in criteria(record).items()}
    described = "Criteria are combined with AND, the values of a list with OR. An empty search finds everything."
    return Named(f"{record.__name__}Search", closed(properties, (), description=described))


def search_query(record: type[Record]) -> dict[str, Schema]:
    """What clients also put in the query string; every other key of the body is understood there too."""
    return {**paging(), **_sorting(record)}


def _sorting(record: type[Record]) -> dict[str, Schema]:
    return {
        "sort_by": one_of_words(*sort_keys(record.entity), default=record.default_sort),
        "sort_direction": one_of_words("asc", "desc", default="desc" if record.entity == "activity" else "asc"),
    }


_FIELDS = listed(TEXT, description="Answer only these keys, and the id.")
_WORD: Schema = {**TEXT, "maxLength": LINE_LENGTH}
_IDS = listed(
    {"type": "integer", "format": "int64", "minimum": NONE, "maximum": LARGEST_ID},
    description=f"Any of these; {NONE} stands for none.",
)
_MOVE: Schema = {
    **listed(whole(0, LAST_SECOND)),
    "minItems": 3,
    "maxItems": 3,
    "description": "The id of a stage, the first second of a time, and the first one after it.",
}
_ALLOW_EMPTY = {**BOOLEAN, "description": "Also (or, without a value, only) records where it is not set."}


def _schema(criterion: Criterion) -> Schema:
    match criterion.schema:
        case "string":
            return _WORD
        case "strings":
            return {"anyOf": [_WORD, listed(_WORD)]}
        case "words":
            return listed(one_of_words(*criterion.options))
        case "codes":
            meaning = ", ".join(f"{place} {word}" for place, word in enumerate(criterion.options))
            return listed(whole(0, len(criterion.options) - 1), description=meaning)
        case "ids":
            return _IDS
        case "number":
            return NUMBER
        case "seconds":
            return SECONDS
        case "age":
            return whole(0, LAST_SECOND, description="Created within so many seconds.")
        case "followed":
            return {"type": "integer", "enum": [1, 2], "description": "1 followed by you, 2 not."}
        case "move":
            return _MOVE
        case "boolean":
            return BOOLEAN
        case "tags":
            return {"anyOf": [listed(_WORD), Named("TagsFilter", closed({"value": listed(_WORD), **_option(), **_empty()}, ()))]}
        case "phone":
            match = {"match": one_of_words("partial", "fuzzy")}
            return {"anyOf": [_WORD, Named("PhoneFilter", closed({"value": _WORD, **match}, ("value",)))]}
        case "address":
            return {"anyOf": [_WORD, Named("AddressFilter", closed({"value": _WORD, **_empty()}, ()))]}
        case "reference":
            return closed({"id": ID, "type": one_of_words(*criterion.options)})
        case "types":
            return listed(NEW_ACTIVITY_TYPE)
        case "custom_fields":
            return listed(_CUSTOM_FILTER)
    raise TypeError(f"no schema for a {criterion.schema} parameter")


def _option() -> dict[str, Schema]:
    return {"option": one_of_words("ANY", "ALL", "NONE", default="ANY")}


def _empty() -> dict[str, Schema]:
    return {"allow_empty": _ALLOW_EMPTY}


_CUSTOM_FILTER = Named(
    "CustomFieldFilter",
    closed(
        {
            "custom_field_definition_id": ID,
            "value": {"description": "Option ids, a number, a tick."},
            **_option(),
            "minimum_value": NUMBER,
            "maximum_value": NUMBER,
            **_empty(),
        },
        ("custom_field_definition_id",),
    ),
)
