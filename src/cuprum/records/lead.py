"""What only leads have: a status by id or by name, names in parts, a value."""

from __future__ import annotations

from cuprum.records.draft import Draft
from cuprum.records.money import converted_value
from cuprum.records.person_name import name_parts
from cuprum.records.system_activities import note_changes
from cuprum.records.words import default_word, word_named


def prepare(draft: Draft) -> None:
    name_parts(draft)
    _status(draft)
    converted_value(draft)


def follow(draft: Draft, record_id: int) -> None:
    note_changes(draft, record_id)


def _status(draft: Draft) -> None:
    """By id or by name; whoever sends a whole record back with another name in it means the name."""
    name = draft.values.pop("status", None)
    if name and (draft.values.get("status_id") is None or not draft.changes("status_id")):
        draft.values["status_id"] = word_named(draft.work.vocabulary, "lead_status", name)
        if draft.values["status_id"] is None:
            draft.refuse("status", f"there is no lead status {name}", "inclusion")
    if "status_id" in draft.values and draft.values["status_id"] is None:
        draft.values["status_id"] = draft.before.get("status_id") or default_word(draft.work.vocabulary, "lead_status")
    if draft.changes("status_id"):
        draft.values["date_status_changed"] = draft.work.now
