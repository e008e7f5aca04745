"""Custom fields that people must fill in. The wire of Copper has no such rule: only faces for people ask here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cuprum.kit.errors import Problem
from cuprum.records.work import Work

# A box that is not ticked is an answer too.
NEVER_REQUIRED = ("Checkbox", "Connect")


def left_blank(work: Work, entity: str, body: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> dict[int, Problem]:
    """By definition id, what a body leaves blank: of a new record each required field, of another one only what was filled in."""
    given, stood = _values(body), None if before is None else _values(before)
    problems = {}
    for one in work.vocabulary.definitions_on(entity):
        if not one.is_required or one.data_type in NEVER_REQUIRED:
            continue
        was_filled = stood is None or (one.id in given and not _is_blank(stood.get(one.id)))
        if was_filled and _is_blank(given.get(one.id)):
            problems[one.id] = Problem("custom_fields", f"{one.name} can't be blank", "blank")
    return problems


def _values(record: Mapping[str, Any]) -> dict[int, Any]:
    listed: Iterable[Mapping[str, Any]] = record.get("custom_fields") or ()
    return {one["custom_field_definition_id"]: one["value"] for one in listed}


def _is_blank(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())
