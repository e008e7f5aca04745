"""One entry of a timeline, changed or taken away by whoever wrote it."""

from __future__ import annotations

from typing import Any

from cuprum.entities import ENTITIES
from cuprum.kit import jsonio
from cuprum.kit.errors import CuprumError, Invalid
from cuprum.records import read, write
from cuprum.records.activity import creators
from cuprum.records.mentions import Names, mentionable, untold
from cuprum.records.naming import names_of
from cuprum.records.trash import delete
from cuprum.records.work import Work
from cuprum.web.browser import local_path
from cuprum.web.given import moment
from cuprum.web.pages.record.timeline import item, log_types
from cuprum.web.shown import Shown
from cuprum.web.visit import GoTo, Page, Visit

_TEMPLATE = "record/activity.html"


def edit(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    """The form of one entry; its own page where there is no script."""
    one = _wire(work, visit.id)
    problems = {one.attribute: one.reason for one in trouble.problems} if isinstance(trouble, Invalid) else {}
    typed, now = visit.fields, Shown.of(work, visit.languages).at(one["activity_date"]).strftime("%Y-%m-%dT%H:%M")
    words = {
        "one": _item(work, one), "types": _types(work, one), "on": _on(visit, one), "problems": problems,
        "trouble": str(trouble) if trouble and not problems else None,
        "mentionable": mentionable(work),
        "typed": {"details": typed.get("details", one["details"] or ""), "type": typed.get("type", str(one["type"]["id"])),
                  "at": typed.get("activity_date", now)},
    }  # fmt: skip
    return Page(_TEMPLATE, words, part="form", status=trouble.status if trouble else 200)


def _wire(work: Work, activity_id: int) -> dict[str, Any]:
    found: dict[str, Any] = jsonio.decode(jsonio.encode(read.one(work, "activity", activity_id)))
    return found


def _item(work: Work, one: dict[str, Any]) -> dict[str, Any]:
    end = (one["parent"]["type"], one["parent"]["id"])
    return item(work, one, names_of(work, [end]), Names(work.vocabulary), creators(work, [one["id"]]))


def _types(work: Work, one: dict[str, Any]) -> list[Any]:
    """Those that are logged, and that of this one even if it is logged no more."""
    known = work.vocabulary.words["activity_type"].get(one["type"]["id"])
    return [*log_types(work), *([known] if known and known not in log_types(work) else [])]


def _parent(one: dict[str, Any]) -> str:
    return f"/{ENTITIES[one['parent']['type']].plural}/{one['parent']['id']}"


def _on(visit: Visit, one: dict[str, Any]) -> str:
    """The page that the entry stands on, which may be of another record that it shows on too."""
    return local_path(visit.query.get("on") or _parent(one))


def show(work: Work, visit: Visit) -> Page | GoTo:
    """One entry as it is read: the way back from editing it."""
    one = _wire(work, visit.id)
    on = _on(visit, one)
    if not visit.is_part:
        return GoTo(f"{on}?entry={visit.id}#activity-{visit.id}")
    shown = _item(work, one) | ({"parent": None} if on == _parent(one) else {})
    return Page(_TEMPLATE, {"one": shown, "on": on}, part="entry")


def save(work: Work, visit: Visit) -> Page | GoTo:
    one, typed = _wire(work, visit.id), visit.fields
    body: dict[str, Any] = {"details": typed.get("details", "").replace("\r\n", "\n")}
    if typed.get("type", "").isdecimal() and typed["type"] != str(one["type"]["id"]):
        body["type"] = {"category": "user", "id": typed["type"][:18]}
    if at := moment("activity_date", typed.get("activity_date", ""), Shown.of(work, visit.languages)):
        body["activity_date"] = at
    told = untold(work, body["details"], one["parent"]) if body["details"] != one["details"] else []
    work.group.label = "; ".join([f"{_item(work, one)['type']} changed", *told])
    write.change(work, "activity", visit.id, body)
    return show(work, visit)


def remove(work: Work, visit: Visit) -> Page | GoTo:
    one = _wire(work, visit.id)
    work.group.label = f"{_item(work, one)['type']} deleted"
    delete(work, "activity", visit.id)
    return Page(_TEMPLATE, {"id": visit.id}, part="nothing") if visit.is_part else GoTo(_on(visit, one) + "#timeline")
