"""The activities that the system writes: stage, status and owner changes, as Copper's timelines show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cuprum.entities import Activity
from cuprum.records.draft import Draft
from cuprum.records.vocabulary import Vocabulary

PROPERTY_CHANGED, USER_ASSIGNED, STAGE_CHANGED = 1, 2, 3

SYSTEM_TYPES = (
    {"id": PROPERTY_CHANGED, "name": "Property Changed"},
    {"id": USER_ASSIGNED, "name": "User Assigned"},
    {"id": STAGE_CHANGED, "name": "Pipeline Stage Changed"},
)

# Attribute → the activity's type, and the table of words that names its values (None: the value is a word itself).
_NOTED = {
    "pipeline_stage_id": (STAGE_CHANGED, "pipeline_stage"),
    "status_id": (PROPERTY_CHANGED, "lead_status"),
    "status": (PROPERTY_CHANGED, None),
    "assignee_id": (USER_ASSIGNED, "user"),
}


def note_changes(draft: Draft, record_id: int) -> None:
    """Write an activity for each noted attribute of a stored record that this draft changed."""
    from cuprum.records.write import add

    if draft.is_new:
        return
    vocabulary = draft.work.vocabulary
    for attribute, (type_id, table) in _NOTED.items():
        if draft.changes(attribute):
            former, present = draft.before.get(attribute), draft.values[attribute]
            values = {
                "parent": {"id": record_id, "type": draft.record.entity},
                "type": {"id": type_id, "category": "system"},
                "user_id": draft.work.actor.user_id,
                "activity_date": draft.work.now,
                "old_value": _named(vocabulary, table, former),
                "new_value": _named(vocabulary, table, present),
            }
            add(draft.work, Activity, values)


def is_system(activity: Mapping[str, Any]) -> bool:
    return isinstance(activity.get("type"), Mapping) and activity["type"].get("category") == "system"


def still_tells(activity: Mapping[str, Any], parent: Mapping[str, Any]) -> bool:
    """Whether a system activity tells of a value that its parent has now."""
    told = activity["new_value"]
    value = told["id"] if isinstance(told, dict) else told
    return any(
        parent.get(attribute) == value
        for attribute, (type_id, _) in _NOTED.items()
        if type_id == activity["type"]["id"] and attribute in parent
    )


def _named(vocabulary: Vocabulary, table: str | None, value: Any) -> Any:
    if table is None or value is None:
        return value
    word = vocabulary.words[table].get(value)
    return {"id": value, "name": word["name"] if word else None}
