"""What happened with a record, newest first, that of its people and opportunities included, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cuprum.auth.may import may
from cuprum.kit import jsonio
from cuprum.kit.errors import Forbidden
from cuprum.records.activity import creators, date_on_timeline, newer_on_timeline, rolled_up
from cuprum.records.mentions import Names, pieces, untold
from cuprum.records.milestones import milestones
from cuprum.records.naming import names_of
from cuprum.records.search import search
from cuprum.records.system_activities import SYSTEM_TYPES
from cuprum.records.work import Work

MOST = 30
_ICONS = {"Phone": "phone", "Group": "users", "Description": "sticky-note", "Todo": "square-check"}
_SYSTEM = {one["id"]: one["name"] for one in SYSTEM_TYPES}
# What the system writes, as one type of the filter.
CHANGES = "changes"


def log_types(work: Work) -> list[Mapping[str, Any]]:
    """The types that people log by hand."""
    return [one for one in work.vocabulary.living("activity_type") if not one["is_disabled"]]


def timeline(work: Work, entity: str, record: Mapping[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
    """A page of what happened, of one type where the address says so; `until` is when the page before it ends."""
    end = entity, record["id"]
    number, until = _page_asked(work, end, query)
    asked: dict[str, Any] = {"page_size": MOST, "page_number": number}
    kind = query.get("type", "")
    if types := _asked_types(kind):
        asked["activity_types"] = types
    found = search(work, "activity", {}, asked, within=rolled_up(*end))
    activities = jsonio.decode(jsonio.encode(found.records))
    names = names_of(work, {(one["parent"]["type"], one["parent"]["id"]) for one in activities if one["parent"]} - {end})
    called, more = Names(work.vocabulary), number * MOST < found.total
    made_by = creators(work, [one["id"] for one in activities])
    items = [item(work, one, names, called, made_by) for one in activities]
    last = items[-1]["at"] if items and more else None
    if not types or kind == CHANGES:
        told = [_told(one) for one in milestones(work, entity, record) if _falls(one.at, until, last)]
        items = sorted([*items, *told], key=lambda one: one["at"], reverse=True)
    return {
        "items": items, "total": found.total, "number": number, "more": more, "type": kind if types else "", "until": last,
    }  # fmt: skip


def _page_asked(work: Work, end: tuple[str, int], query: Mapping[str, str]) -> tuple[int, int | None]:
    """The page by its number, or the one that has the `entry` that a link leads to; and when the page before it ends."""
    entry, until = query.get("entry", ""), query.get("until", "")
    if "page" not in query and entry.isascii() and entry.isdecimal() and len(entry) < 19:
        newer = newer_on_timeline(work, *end, int(entry)) or 0
        number = newer // MOST + 1
        return number, date_on_timeline(work, *end, (number - 1) * MOST - 1) if number > 1 else None
    return _number(query.get("page", "")), int(until) if until.isascii() and until.isdecimal() and len(until) < 15 else None


def _number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def _falls(at: int, before: int | None, last: int | None) -> bool:
    """Whether a moment stands on this page: before what the page before it ended with, and not before its own end."""
    return (before is None or at < before) and (last is None or at >= last)


def _asked_types(text: str) -> list[dict[str, Any]]:
    if text == CHANGES:
        return [{"category": "system", "id": one["id"]} for one in SYSTEM_TYPES]
    category, _, number = text.partition("-")
    is_one = category in ("user", "system") and number.isascii() and number.isdecimal() and len(number) < 19
    return [{"category": category, "id": int(number)}] if is_one else []


def item(
    work: Work, one: dict[str, Any], names: Mapping[Any, str], called: Names, made_by: Mapping[int, int | None]
) -> dict[str, Any]:
    """An activity as it is read, with the words of its type, and whether the reader may change it; `made_by` by id."""
    words, parent = work.vocabulary.words, one["parent"]
    is_system = one["type"]["category"] == "system"
    # Whoever wrote it by the API is told here.
    is_mine = not is_system and work.actor.user_id in (one["user_id"], made_by.get(one["id"]))
    known = words["activity_type"].get(one["type"]["id"], {}) if not is_system else {}
    end = (parent["type"], parent["id"]) if parent else None
    user = words["user"].get(one["user_id"])
    return {
        "id": one["id"], "is_system": is_system, "details": pieces(called, one["details"]),
        "at": one["activity_date"] or one["date_created"],
        "type": _SYSTEM.get(one["type"]["id"], "Changed") if is_system else known.get("name", "Activity"),
        "icon": "history" if is_system else _ICONS.get(known.get("icon_type", ""), "message-square"),
        "user": user["name"] if user else None, "parent": {"end": end, "name": names[end]} if end in names else None,
        "former": _word(one["old_value"]), "present": _word(one["new_value"]), "milestone": None,
        "untold": untold(work, one["details"], parent, one["id"]) if is_mine and parent and "@" in (one["details"] or "") else [],
        "may_change": not is_system and _may_change(work, {**one, "created_by": made_by.get(one["id"])}),
    }  # fmt: skip


def _may_change(work: Work, one: dict[str, Any]) -> bool:
    try:
        may(work.actor, "update", "activity", one)
    except Forbidden:
        return False
    return True


def _told(one: Any) -> dict[str, Any]:
    icon = {"convert": "sprout", "merge": "merge"}.get(one.kind, "circle-dashed")
    return {
        "id": None,
        "is_system": True,
        "milestone": one,
        "at": one.at,
        "user": one.by,
        "icon": icon,
        "untold": [],
        "may_change": False,
    }


def _word(value: Any) -> str | None:
    if isinstance(value, dict):
        return value.get("name")
    return None if value is None else str(value)
