"""Duplicates and merges."""

from __future__ import annotations

from cuprum.api.openapi.entities import record_schema
from cuprum.api.openapi.schemas import ANY, ID, TEXT, Named, Schema, closed, listed, one_of_words, whole
from cuprum.entities import ENTITIES
from cuprum.records.merge import MERGEABLE, MOST_AT_ONCE

_ENTITY = one_of_words(*MERGEABLE)
_COUNTS: Schema = {"type": "object", "additionalProperties": whole(0, 2**53)}
_IDS = listed(ID, minItems=1, maxItems=MOST_AT_ONCE)
_RECORD: Schema = {"anyOf": [record_schema(ENTITIES[entity]) for entity in MERGEABLE]}
REASONS = ("same_email", "same_phone", "same_website", "same_name", "same_name_and_company", "near_name")

FARTHEST = 1_000_000
QUERY: dict[str, Schema] = {
    "entity": _ENTITY,
    "limit": whole(1, 200, default=50),
    "offset": whole(0, FARTHEST, default=0, description="How many groups to pass over."),
}

FOUND = Named(
    "Duplicates",
    closed(
        {
            "groups": listed(
                Named(
                    "DuplicateGroup",
                    closed(
                        {
                            "score": whole(0, 100),
                            "reasons": listed(closed({"reason": one_of_words(*REASONS), "value": TEXT, "ids": listed(ID)})),
                            "records": listed(_RECORD),
                        }
                    ),
                )
            ),
            "total": whole(0, 2**53),
        }
    ),
)
PAIR = Named("ToldApart", closed({"entity": _ENTITY, "ids": listed(ID, minItems=2, maxItems=MOST_AT_ONCE)}))
TOLD_APART = PAIR
MERGE = Named(
    "Merge",
    closed(
        {
            "entity": _ENTITY,
            "winner_id": {**ID, "description": "The record that stays."},
            "loser_ids": {**_IDS, "description": "Those that become part of it."},
            "fields": {
                "type": "object",
                "additionalProperties": ID,
                "description": "For a field, or `custom_fields.4711`, the id of the record whose value it takes.",
            },
        },
        ("entity", "winner_id", "loser_ids"),
    ),
)
MERGED = Named("Merged", closed({"record": _RECORD, "moved": {**_COUNTS, "description": "By entity."}, "group": TEXT}))
PREVIEW = Named(
    "MergePreview",
    closed(
        {
            "values": {"type": "object", "description": "The record after the merge."},
            "fields": listed(closed({"field": TEXT, "label": TEXT, "values": {"type": "object", "additionalProperties": ANY}})),
            "moves": {**_COUNTS, "description": "What would move, by entity, of what you may see."},
        }
    ),
)
