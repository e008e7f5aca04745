"""What only tasks have: the moment they were completed, and the kind of activity they become."""

from __future__ import annotations

from cuprum.records.draft import Draft
from cuprum.records.system_activities import note_changes


def prepare(draft: Draft) -> None:
    if draft.is_new or draft.changes("status"):
        draft.values["completed_date"] = draft.work.now if draft.get("status") == "Completed" else None
    if draft.is_new and draft.values.get("custom_activity_type_id") is None:
        types = draft.work.vocabulary.living("activity_type")
        draft.values["custom_activity_type_id"] = next((one["id"] for one in types if one["is_default_task_type"]), None)


def follow(draft: Draft, record_id: int) -> None:
    note_changes(draft, record_id)
