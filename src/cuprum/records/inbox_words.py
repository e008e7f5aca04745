"""Notifications in words: a sentence for each kind, what is behind it, and the page that it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from cuprum.entities import ENTITIES
from cuprum.records.conflict import who
from cuprum.records.inbox import ASSIGNED, MENTION, REMINDER, RUN
from cuprum.records.naming import End, names_of
from cuprum.records.visible import visible
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES

_EXCERPT = 280


@dataclass(frozen=True)
class Told:
    """`about` is the record that it leads to (of a mention the one that it stands on), `excerpt` what was written there."""

    id: int
    kind: str
    at: int
    read_at: int | None
    actor: dict[str, Any] | None
    about: End | None
    name: str | None
    count: int
    sentence: str
    excerpt: str | None
    path: str


def in_words(work: Work, rows: Sequence[Row[Any]]) -> list[Told]:
    mentions = _activities(work, [row.record_id for row in rows if row.entity == "activity"])
    abouts = [_about(row, mentions) for row in rows]
    names = names_of(work, {one for one in abouts if one})
    return [_told(work, row, about, names, mentions) for row, about in zip(rows, abouts, strict=True)]


def _activities(work: Work, ids: list[int]) -> dict[int, Any]:
    activities = TABLES["activity"].c
    found = select(activities.id, activities.parent_type, activities.parent_id, activities.details)
    found = found.where(activities.id.in_(ids), visible(work.actor, "activity"))
    return {row.id: row for row in work.execute(found)} if ids else {}


def _about(row: Row[Any], mentions: dict[int, Any]) -> End | None:
    if row.entity == "activity":
        activity = mentions.get(row.record_id)
        return (activity.parent_type, activity.parent_id) if activity else None
    return (row.entity, row.record_id) if row.entity else None


def _told(work: Work, row: Row[Any], about: End | None, names: dict[End, str], mentions: dict[int, Any]) -> Told:
    actor, name = who(work, row.actor_id), names.get(about) if about else None
    details = mentions[row.record_id].details if row.entity == "activity" and row.record_id in mentions else None
    sentence = _sentence(row, about, name or f"a {about[0]}" if about else "", actor["name"] if actor else "Somebody")
    excerpt = details if details is None or len(details) <= _EXCERPT else details[:_EXCERPT].rstrip() + "…"
    path = _path(row, about, work.actor.user_id)
    return Told(row.id, row.kind, row.at, row.read_at, actor, about, name, row.how_many, sentence, excerpt, path)


def _sentence(row: Row[Any], about: End | None, name: str, somebody: str) -> str:
    entity = about[0] if about else ""
    match row.kind:
        case kind if kind == MENTION:
            return f"{somebody} mentioned you on {name}"
        case kind if kind == REMINDER:
            return f"Reminder: {name}"
        case kind if kind == ASSIGNED and row.how_many > 1:
            return f"{somebody} gave you {row.how_many} {ENTITIES[entity].plural}"
        case kind if kind == ASSIGNED and entity == "task":
            return f"{somebody} gave you the task {name}"
        case kind if kind == ASSIGNED:
            return f"{somebody} made you the owner of {name}"
        case kind if kind == RUN and row.how_many > 1:
            return f"{row.words} (and {row.how_many - 1} more)"
    return row.words or ""


def _path(row: Row[Any], about: End | None, user_id: int) -> str:
    if about is None:
        return row.path or "/notifications"
    plural = ENTITIES[about[0]].plural
    if row.how_many > 1:
        return f"/{plural}?assignee_ids={user_id}"
    return f"/{plural}/{about[1]}" + (f"#activity-{row.record_id}" if row.entity == "activity" else "")
