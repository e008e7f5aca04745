"""Recent changes: what was done, by whom, each with its undo; one's own, or for admins everybody's."""

from __future__ import annotations

from typing import Any

from cuprum.entities import ENTITIES, field, fields
from cuprum.records.groups import one_group, recent_groups
from cuprum.records.naming import names_of
from cuprum.records.work import Work
from cuprum.web.arrangement import label_of
from cuprum.web.visit import Page, Visit

_GROUPS, _ENTRIES = 40, 100


def recent(work: Work, visit: Visit) -> Page:
    only = visit.query.get("of") == "me" or not work.actor.is_admin
    actor = work.actor.user_id if only else None
    page = recent_groups(work, before=visit.query.get("before"), actor=actor, limit=_GROUPS)
    return Page("changes/changes.html", {"groups": page["groups"], "before": page["next"], "only": only})


def group(work: Work, visit: Visit) -> Page:
    """What one group changed, field by field."""
    found = one_group(work, visit.parameters["group"], limit=_ENTRIES, after=0)
    names = names_of(work, {(one["entity"], one["id"]) for one in found["entries"]})
    entries = [{**one, "name": names.get((one["entity"], one["id"])), "lines": _lines(one)} for one in found["entries"]]
    return Page("changes/group.html", {"group": found, "entries": entries})


def _lines(entry: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """The fields that changed, with what stood there and what stands there now."""
    return [
        (_label(entry["entity"], name), entry["before"].get(name), entry["after"].get(name))
        for name in dict.fromkeys([*entry["before"], *entry["after"]])
        if entry["before"].get(name) not in (None, "", []) or entry["after"].get(name) not in (None, "", [])
    ]


def _label(entity: str, name: str) -> str:
    if entity in ENTITIES and any(one.name == name for one in fields(ENTITIES[entity])):
        return label_of(field(ENTITIES[entity], name))
    return name.replace("_", " ").capitalize()
