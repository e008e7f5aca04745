"""Imports: what is shown, what may be chosen."""

from __future__ import annotations

from cuprum.api.openapi.schemas import ID, SECONDS, TEXT, Named, Schema, closed, listed, one_of_words, or_null, whole
from cuprum.entities.reading import LARGEST_ID

# As `cuprum/transfer` has them, which is loaded with the first import; a test holds them together.
IMPORTED = ("person", "company", "lead", "opportunity")
STATES = ("planned", "queued", "running", "done", "failed", "cancelled")
OUTCOMES = ("new", "changed", "same", "repeated", "refused")
CHOICES: dict[str, Schema] = {
    "matches": one_of_words("skip", "fill", "overwrite", description="What becomes of records that are there already."),
    "dates": one_of_words("dmy", "mdy", description="How 1/2/2026 is meant."),
    "decimal": one_of_words(".", ",", description="The decimal sign."),
    "unknown_owner": one_of_words("refuse", "me", "nobody", description="Who owns what names an unknown owner."),
    "unknown_options": one_of_words(
        "refuse", "create", "leave_out", description="What becomes of options that a custom field does not have."
    ),
    "delimiter": one_of_words(",", ";", "\t", "|"),
}
_KEYS = listed(
    one_of_words("id", "email", "email_domain", "name"),
    minItems=1,
    description="What tells that a row is a record that is there, in the order in which they are tried.",
)
_COUNT = whole(0, 2**31 - 1)
_COUNTS = closed(dict.fromkeys(OUTCOMES, _COUNT), description="How many rows are through, by what became of them.")

_IMPORT: dict[str, Schema] = {
    "id": ID,
    "entity": one_of_words(*IMPORTED),
    "file_name": TEXT,
    "state": one_of_words(*STATES),
    "total": {**_COUNT, "description": "The rows of the file."},
    "through": _COUNT,
    "counts": _COUNTS,
    "error": or_null(TEXT),
    "group": or_null({**TEXT, "description": "The group of all its changes, once there are any: it can be undone."}),
    "user_id": ID,
    "created_at": SECONDS,
    "started_at": or_null(SECONDS),
    "finished_at": or_null(SECONDS),
}
IMPORT = Named("Import", closed(_IMPORT))
_COLUMN = closed(
    {
        "header": TEXT,
        "field": or_null({**TEXT, "description": "Where it goes; null leaves it out."}),
        "samples": listed(TEXT, description="The first cells of it, as long as the import has not begun."),
    }
)
WHOLE_IMPORT = Named(
    "WholeImport",
    closed(
        {
            **_IMPORT,
            **CHOICES,
            "encoding": TEXT,
            "keys": _KEYS,
            "columns": listed(_COLUMN),
            "fields": listed(closed({"name": TEXT, "label": TEXT}), description="Where columns may go."),
        }
    ),
)
IMPORT_CHANGE = Named(
    "ImportChange",
    closed(
        {
            **CHOICES,
            "encoding": {**TEXT, "minLength": 1, "maxLength": 40},
            "keys": _KEYS,
            "columns": {
                "description": "A field, or null, for every column in order; or an object of headers and their fields.",
                "anyOf": [listed(or_null(TEXT)), {"type": "object", "additionalProperties": or_null(TEXT)}],
            },
        },
        (),
    ),
)
_TRIED = closed(
    {
        "line": whole(1, 2**53),
        "reason": {**TEXT, "description": "Why it would be left out; empty where it would not."},
        "record_id": or_null(ID),
        "cells": listed(TEXT),
    }
)
TRIAL = Named(
    "ImportTrial",
    closed(
        {
            "total": _COUNT,
            "counts": _COUNTS,
            "rows": closed({kind: listed(_TRIED) for kind in OUTCOMES}, description="The first hundred of each."),
        }
    ),
)
CSV: Schema = {**TEXT, "description": "A CSV file in any usual encoding; its first line names the columns."}
UPLOAD_QUERY: dict[str, Schema] = {
    "entity": one_of_words(*IMPORTED, description="What each row is. Needed."),
    "file_name": {**TEXT, "description": "What people call the file."},
}
LIST_QUERY: dict[str, Schema] = {"before": whole(1, LARGEST_ID, description="Only imports older than the one with this id.")}
