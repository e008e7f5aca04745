"""The page of one record: its facts, edited in place; its timeline; what it is related to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cuprum.auth.may import may
from cuprum.entities import ENTITIES, Record
from cuprum.kit import jsonio
from cuprum.kit.errors import CuprumError, Forbidden, Invalid, NotFound
from cuprum.records import read, write
from cuprum.records.long_work import deletion
from cuprum.records.look_alikes import of_record
from cuprum.records.mentions import mentionable, untold
from cuprum.records.merge import MERGEABLE, merged_from
from cuprum.records.sharing import follows
from cuprum.records.state import states_of
from cuprum.records.work import Work
from cuprum.web.arrangement import KEY
from cuprum.web.facts import facts_of
from cuprum.web.given import moment
from cuprum.web.news import followed, linked_from
from cuprum.web.pages.access.view import in_short
from cuprum.web.pages.record.gone import gone
from cuprum.web.pages.record.related import related_panel
from cuprum.web.pages.record.timeline import MOST, log_types, timeline
from cuprum.web.parts import Begun
from cuprum.web.shown import Shown
from cuprum.web.visit import GoTo, Page, Visit

TEMPLATE = "record/record.html"
# As far as a link proposes one.
_LONGEST_NOTE = 500


def record_of(visit: Visit) -> type[Record]:
    plural = visit.path.split("/")[1]
    return next(one for one in ENTITIES.values() if one.plural == plural)


def as_plain(work: Work, entity: str, record_id: int) -> dict[str, Any]:
    """What the API would say of the record; raises NotFound."""
    found: dict[str, Any] = jsonio.decode(jsonio.encode(read.one(work, entity, record_id)))
    return found


def show(work: Work, visit: Visit) -> Page | GoTo:
    """The page of a record; of one that is gone, where it went. Raises NotFound.

    A script that chose a type gets the timeline of that type, and one that goes back in time the entries that come next.
    """
    part = None
    if visit.is_part and "type" in visit.query:
        part = "events" if "page" in visit.query else "happenings"
    try:
        return record_page(work, visit, part=part)
    except NotFound:
        return gone(work, visit)


def record_page(work: Work, visit: Visit, *, part: str | None = None, **further: Any) -> Page:
    record = record_of(visit)
    own = f"{record.entity}-{visit.id}"
    live = followed(work, own, "activity", "relation", *record.relates_to, *linked_from(record))
    values = as_plain(work, record.entity, visit.id)
    state = states_of(work, record.entity, [visit.id], lock=False)[visit.id].values
    facts = facts_of(work, record.entity, values)
    by_name = {one.name: one for one in facts}
    words = {
        "record": record, "live": live, "values": values, "facts": [one for one in facts if one.is_main],
        "more": [one for one in facts if not one.is_main], "base": f"/{record.plural}/{visit.id}",
        "key_facts": [by_name[name] for name in KEY[record.entity] if name in by_name and not by_name[name].is_blank],
        "weighted": _weighted(values), "call": _first(values.get("phone_numbers"), "number"),
        "mail": _first(values.get("emails") or values.get("email"), "email"),
        "timeline": timeline(work, record.entity, values, visit.query), "most": MOST, "types": log_types(work),
        "related": related_panel(work, record, visit.id), "may_delete": _may_delete(work, record.entity, state),
        "sees": in_short(work, state), "follows": follows(work, record.entity, visit.id),
        "here": base_of(visit), "editing": None, "note": visit.query.get("note", "")[:_LONGEST_NOTE],
        "note_type": visit.query.get("log", "0"), "note_at": "", "note_trouble": None,
        "adding": None, "add_trouble": None, "add_typed": "", "mentionable": mentionable(work),
        "merged": merged_from(work, record.entity, visit.id) if record.entity in MERGEABLE else [],
        "alike": of_record(work, record.entity, values) if record.entity in MERGEABLE and part is None else [],
    }  # fmt: skip
    return Page(TEMPLATE, words | further, part=part)


def _weighted(values: Mapping[str, Any]) -> float | None:
    """The value by its chance to win, of what has both."""
    value, chance = values.get("monetary_value"), values.get("win_probability")
    return None if value is None or chance is None else value * chance / 100


def _first(contacts: Any, item: str) -> str | None:
    listed = [contacts] if isinstance(contacts, dict) else contacts or []
    return next((one[item] for one in listed if one.get(item)), None)


def _may_delete(work: Work, entity: str, state: dict[str, Any]) -> str | None:
    """None when the record may be deleted, else why not and who can."""
    try:
        may(work.actor, "delete", entity, state)
    except Forbidden as refusal:
        return str(refusal)
    return None


def remove(work: Work, visit: Visit) -> Begun:
    record = record_of(visit)
    label = f"{as_plain(work, record.entity, visit.id)['name']} deleted"
    return deletion(record.entity, visit.id, label), visit.next(f"/{record.plural}")


def not_removed(work: Work, visit: Visit, trouble: CuprumError) -> Page | GoTo:
    """What is asked for twice is done once, and then says where the record went."""
    if isinstance(trouble, NotFound):
        return gone(work, visit)
    raise trouble


def log_activity(work: Work, visit: Visit) -> Page | GoTo:
    """Write a note, a call or a meeting on the record's timeline, of now or of another time."""
    record, fields = record_of(visit), visit.fields
    parent, details = {"type": record.entity, "id": visit.id}, fields.get("details", "").replace("\r\n", "\n")
    body = {
        "parent": parent, "details": details,
        "type": {"category": "user", "id": fields.get("type") or 0},
        "activity_date": moment("activity_date", fields.get("activity_date", ""), Shown.of(work, visit.languages)),
    }  # fmt: skip
    kind = next((one["name"] for one in log_types(work) if str(one["id"]) == fields.get("type")), "Note")
    work.group.label = "; ".join([f"{kind} logged", *untold(work, details, parent)])
    write.create(work, "activity", body)
    if not visit.is_part:
        return GoTo(base_of(visit) + "#timeline")
    # What a link proposed is written now.
    return record_page(work, visit, part="activities", note="", note_type=0)


def log_again(work: Work, visit: Visit, trouble: CuprumError) -> Page:
    fields = visit.fields
    note = {"note": fields.get("details", ""), "note_type": fields.get("type", ""), "note_at": fields.get("activity_date", "")}
    page = record_page(work, visit, part="activities", note_trouble=_plain(trouble), **note)
    return Page(page.template, page.words, page.part, trouble.status)


def _plain(trouble: CuprumError) -> str:
    return "; ".join(f"{one.field}: {one.reason}" for one in trouble.problems) if isinstance(trouble, Invalid) else str(trouble)


def base_of(visit: Visit) -> str:
    """The address of the record."""
    return "/".join(visit.path.split("/")[:3])
