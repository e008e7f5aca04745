"""What an undo could not put back: which record and field, what stands there now, and who wrote that when."""

from __future__ import annotations

from typing import Any

from cuprum.entities import ENTITIES
from cuprum.records.logged import Entry, is_edit, later_in_force, touches
from cuprum.records.wire_values import wire_of
from cuprum.records.work import Work

Conflict = dict[str, Any]


def conflict(one: Entry, reason: str, field: str | None = None, **further: Any) -> Conflict:
    """`reason` completes the sentence "this was not undone, because it …"."""
    return {"entity": one.entity, "id": one.record_id, "field": field, "reason": reason, **further}


def changed_since(work: Work, one: Entry, name: str, present: Any) -> Conflict:
    later = next((entry for entry in later_in_force(work, one) if touches(entry, name)), None)
    now = wire_of(work, one.entity, name, present) if one.entity in ENTITIES else present
    return conflict(one, "was changed since", name, **_who(work, later), now=now)


def edited_since(work: Work, one: Entry) -> Conflict | None:
    """For a record that somebody changed after it was created."""
    for later in later_in_force(work, one):
        if is_edit(later):
            return conflict(one, "was changed since, and stays", **_who(work, later))
    return None


def in_trash(work: Work, one: Entry) -> Conflict:
    later = next((entry for entry in later_in_force(work, one) if entry.kind == "delete"), None)
    return conflict(one, "was deleted since", **_who(work, later))


def hidden(one: Entry) -> Conflict:
    return conflict(one, "is gone, or is not yours to see")


def _who(work: Work, later: Entry | None) -> dict[str, Any]:
    if later is None:
        return {"by": None, "at": None}
    return {"by": who(work, later.actor), "at": later.at}


def who(work: Work, user_id: int | None) -> dict[str, Any] | None:
    user = work.vocabulary.words["user"].get(user_id or 0)
    return {"id": user["id"], "name": user["name"]} if user else None
