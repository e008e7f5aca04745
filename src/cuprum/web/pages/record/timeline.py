"""What happened with a record, newest first, that of its people and opportunities included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cuprum.kit import jsonio
from cuprum.records.activity import rolled_up
from cuprum.records.naming import names_of
from cuprum.records.search import search
from cuprum.records.system_activities import SYSTEM_TYPES
from cuprum.records.work import Work

MOST = 30
_ICONS = {"Phone": "phone", "Group": "users", "Description": "sticky-note", "Todo": "square-check"}
_SYSTEM = {one["id"]: one["name"] for one in SYSTEM_TYPES}


def log_types(work: Work) -> list[Mapping[str, Any]]:
    """The types that people log by hand."""
    return [one for one in work.vocabulary.living("activity_type") if not one["is_disabled"]]


def timeline(work: Work, entity: str, record_id: int, query: Mapping[str, str]) -> dict[str, Any]:
    """A page of what happened, of one type where the address says so."""
    number = int(query["page"]) if query.get("page", "").isdecimal() else 1
    asked: dict[str, Any] = {"page_size": MOST, "page_number": max(1, number)}
    if kind := _asked_type(query.get("type", "")):
        asked["activity_types"] = [kind]
    found = search(work, "activity", {}, asked, within=rolled_up(entity, record_id))
    activities = jsonio.decode(jsonio.encode(found.records))
    parents = {(one["parent"]["type"], one["parent"]["id"]) for one in activities if one["parent"]}
    names = names_of(work, parents - {(entity, record_id)})
    return {
        "items": [_item(work, one, names) for one in activities], "total": found.total, "number": number,
        "more": number * MOST < found.total, "type": query.get("type", ""),
    }  # fmt: skip


def _asked_type(text: str) -> dict[str, Any] | None:
    category, _, number = text.partition("-")
    return {"category": category, "id": int(number)} if category in ("user", "system") and number.isdecimal() else None


def _item(work: Work, one: dict[str, Any], names: Mapping[Any, str]) -> dict[str, Any]:
    words, parent = work.vocabulary.words, one["parent"]
    is_system = one["type"]["category"] == "system"
    known = words["activity_type"].get(one["type"]["id"], {}) if not is_system else {}
    end = (parent["type"], parent["id"]) if parent else None
    user = words["user"].get(one["user_id"])
    return {
        "id": one["id"], "is_system": is_system, "details": one["details"], "at": one["activity_date"] or one["date_created"],
        "type": _SYSTEM.get(one["type"]["id"], "Changed") if is_system else known.get("name", "Activity"),
        "icon": "history" if is_system else _ICONS.get(known.get("icon_type", ""), "message-square"),
        "user": user["name"] if user else None, "parent": {"end": end, "name": names[end]} if end in names else None,
        "former": _word(one["old_value"]), "present": _word(one["new_value"]),
    }  # fmt: skip


def _word(value: Any) -> str | None:
    if isinstance(value, dict):
        return value.get("name")
    return None if value is None else str(value)
