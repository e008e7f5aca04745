"""The page of one record: its facts, edited in place; its timeline; what it is related to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cuprum.auth.may import may
from cuprum.entities import ENTITIES, Record
from cuprum.kit import jsonio
from cuprum.kit.errors import CuprumError, Forbidden, Invalid, NotFound
from cuprum.records import read, write
from cuprum.records.required_fields import left_blank
from cuprum.records.stored import stored
from cuprum.records.trash import delete
from cuprum.records.work import Work
from cuprum.web.facts import Fact, fact_of, facts_of, is_about
from cuprum.web.given import body_of
from cuprum.web.pages.record.related import related_panel
from cuprum.web.pages.record.timeline import MOST, log_types, timeline
from cuprum.web.shown import Shown
from cuprum.web.visit import GoTo, Page, Visit

_TEMPLATE = "record/record.html"


def record_of(visit: Visit) -> type[Record]:
    plural = visit.path.split("/")[1]
    return next(one for one in ENTITIES.values() if one.plural == plural)


def as_plain(work: Work, entity: str, record_id: int) -> dict[str, Any]:
    """What the API would say of the record; raises NotFound."""
    found: dict[str, Any] = jsonio.decode(jsonio.encode(read.one(work, entity, record_id)))
    return found


def record_page(work: Work, visit: Visit, *, part: str | None = None, **further: Any) -> Page:
    record = record_of(visit)
    values = as_plain(work, record.entity, visit.id)
    facts = facts_of(work, record.entity, values)
    words = {
        "record": record, "values": values, "facts": [one for one in facts if one.is_main],
        "more": [one for one in facts if not one.is_main], "base": f"/{record.plural}/{visit.id}",
        "timeline": timeline(work, record.entity, visit.id, visit.query), "most": MOST, "types": log_types(work),
        "related": related_panel(work, record, visit.id), "may_delete": _may_delete(work, record.entity, visit.id),
        "editing": None, "note": "", "note_type": 0, "note_trouble": None,
    }  # fmt: skip
    return Page(_TEMPLATE, words | further, part=part)


def _may_delete(work: Work, entity: str, record_id: int) -> str | None:
    """None when the record may be deleted, else why not and who can."""
    try:
        may(work.actor, "delete", entity, stored(work, entity, record_id))
    except Forbidden as refusal:
        return str(refusal)
    return None


def edit_fact(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    """One fact with its control; its own page where there is no script."""
    record = record_of(visit)
    values = as_plain(work, record.entity, visit.id)
    fact = _fact(work, record, values, visit)
    problems = (
        [one.reason.removeprefix(f"{fact.label} ") for one in trouble.problems if is_about(one, fact)]
        if isinstance(trouble, Invalid)
        else []
    )
    if trouble and not problems:
        problems = [str(trouble)]
    conflict = isinstance(trouble, _Conflict)
    words = {
        "fact": fact, "typed": visit.form or None, "problems": problems, "conflict": conflict, "was": was(fact),
    }  # fmt: skip
    page = record_page(work, visit, part="edit_fact", editing=fact.name, **words)
    return Page(page.template, page.words, part="edit_fact", status=trouble.status if trouble else 200)


def show_fact(work: Work, visit: Visit) -> Page | GoTo:
    """One fact as it is shown: the way back from editing it."""
    if not visit.is_part:
        return GoTo(_base(visit))
    record = record_of(visit)
    fact = _fact(work, record, as_plain(work, record.entity, visit.id), visit)
    return Page(_TEMPLATE, {"record": record, "fact": fact, "base": _base(visit)}, part="fact")


def save_fact(work: Work, visit: Visit) -> Page | GoTo:
    record = record_of(visit)
    # Locked until the commit: what is compared is what is changed.
    stored(work, record.entity, visit.id)
    values = as_plain(work, record.entity, visit.id)
    fact = _fact(work, record, values, visit)
    if "was" in visit.fields and visit.fields["was"] != was(fact):
        raise _Conflict
    work.group.label = f"{fact.label} of {values['name']} changed"
    body = body_of(work, [fact], visit.form, Shown.of(work, visit.languages))
    if blank := left_blank(work, record.entity, body, values):
        raise Invalid(*blank.values())
    write.change(work, record.entity, visit.id, body)
    if not visit.is_part:
        return GoTo(_base(visit))
    return Page(_TEMPLATE, record_page(work, visit).words | {"saved": fact.name}, part="saved")


class _Conflict(CuprumError):
    """Somebody else changed this meanwhile."""

    status = 409

    def __init__(self) -> None:
        super().__init__("Somebody else changed this while you were typing. Both are shown: save yours again, or keep theirs.")


def was(fact: Fact) -> str:
    """The value that a form was shown with, by which a change meanwhile is noticed."""
    return jsonio.text(fact.value if not hasattr(fact.value, "isoformat") else fact.value.isoformat())


def _fact(work: Work, record: type[Record], values: Mapping[str, Any], visit: Visit) -> Fact:
    fact = fact_of(work, record.entity, values, visit.parameters["fact"])
    if fact is None:
        raise NotFound("There is no such field")
    return fact


def remove(work: Work, visit: Visit) -> GoTo:
    record = record_of(visit)
    work.group.label = f"{as_plain(work, record.entity, visit.id)['name']} deleted"
    delete(work, record.entity, visit.id)
    return GoTo(f"/{record.plural}")


def log_activity(work: Work, visit: Visit) -> Page | GoTo:
    """Write a note, a call or a meeting on the record's timeline."""
    record, fields = record_of(visit), visit.fields
    body = {
        "parent": {"type": record.entity, "id": visit.id}, "details": fields.get("details", "").replace("\r\n", "\n"),
        "type": {"category": "user", "id": fields.get("type") or 0},
    }  # fmt: skip
    kind = next((one["name"] for one in log_types(work) if str(one["id"]) == fields.get("type")), "Note")
    work.group.label = f"{kind} logged"
    write.create(work, "activity", body)
    if not visit.is_part:
        return GoTo(_base(visit) + "#timeline")
    return record_page(work, visit, part="activities")


def log_again(work: Work, visit: Visit, trouble: CuprumError) -> Page:
    note = {"note": visit.fields.get("details", ""), "note_type": int(visit.fields.get("type") or 0)}
    page = record_page(work, visit, part="activities", note_trouble=_plain(trouble), **note)
    return Page(page.template, page.words, page.part, trouble.status)


def _plain(trouble: CuprumError) -> str:
    return "; ".join(f"{one.field}: {one.reason}" for one in trouble.problems) if isinstance(trouble, Invalid) else str(trouble)


def _base(visit: Visit) -> str:
    return "/".join(visit.path.split("/")[:3])
