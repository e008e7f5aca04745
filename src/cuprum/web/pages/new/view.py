"""The form of a new record, and of all fields of one that there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cuprum.kit.errors import CuprumError, Invalid, Problem
from cuprum.records import write
from cuprum.records.merge import MERGEABLE
from cuprum.records.required_fields import left_blank
from cuprum.records.work import Work
from cuprum.web.facts import Fact, facts_of, is_about
from cuprum.web.given import body_of
from cuprum.web.pages.duplicates.view import typed_alike
from cuprum.web.pages.record.view import as_plain, record_of
from cuprum.web.shown import Shown
from cuprum.web.visit import GoTo, Page, Visit

_TEMPLATE = "new/new.html"


def new_record(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    """An empty form; what stands in the address fills its fields, so that a page can offer `a task for this person`."""
    record = record_of(visit)
    facts = facts_of(work, record.entity, {})
    given: dict[str, Any] = {"assignee_id": work.actor.user_id, "name": visit.query.get("name")}
    if (target := visit.query.get("for")) and (number := visit.query.get("id", "")).isdecimal() and len(number) < 19:
        given |= _pointing(facts, target, int(number))
    if record.entity == "task" and (due := visit.query.get("due", "")).isdecimal() and len(due) < 11:
        given["due_date"] = int(due)
    facts = facts_of(work, record.entity, given) if not visit.form else facts
    return _form(work, record, visit, facts, trouble, title=f"New {record.entity}", back=f"/{record.plural}")


def _pointing(facts: list[Fact], entity: str, record_id: int) -> dict[str, Any]:
    """The field by which a new record belongs to another."""
    for one in facts:
        if one.control == "reference" and entity in one.types:
            return {one.name: {"type": entity, "id": record_id}}
        if one.control == "record" and one.target == entity:
            return {one.name: record_id}
    return {}


def create(work: Work, visit: Visit) -> GoTo:
    record = record_of(visit)
    facts = facts_of(work, record.entity, {})
    work.group.label = f"{visit.fields.get('name') or record.entity.capitalize()} created"
    body = _filled(body_of(work, facts, visit.form, Shown.of(work, visit.languages)))
    if blank := left_blank(work, record.entity, body):
        raise Invalid(*_nameless(body), *blank.values())
    record_id = write.create(work, record.entity, body)
    return GoTo(f"/{record.plural}/{record_id}")


def _nameless(body: Mapping[str, Any]) -> list[Problem]:
    """Said together with the account's own needed fields, rather than one after the other."""
    return [] if str(body.get("name") or "").strip() else [Problem("name", "can't be blank", "blank")]


def _filled(body: Mapping[str, Any]) -> dict[str, Any]:
    """Without what was left blank: then the rules for a new record choose."""
    return {name: value for name, value in body.items() if value is not None}


def edit_record(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    record = record_of(visit)
    values = as_plain(work, record.entity, visit.id)
    return _form(
        work,
        record,
        visit,
        facts_of(work, record.entity, values),
        trouble,
        title=values["name"],
        back=f"/{record.plural}/{visit.id}",
    )


def save(work: Work, visit: Visit) -> GoTo:
    record = record_of(visit)
    values = as_plain(work, record.entity, visit.id)
    facts = facts_of(work, record.entity, values)
    work.group.label = f"{values['name']} changed"
    body = body_of(work, facts, visit.form, Shown.of(work, visit.languages))
    if blank := left_blank(work, record.entity, body, values):
        raise Invalid(*blank.values())
    write.change(work, record.entity, visit.id, body)
    return GoTo(f"/{record.plural}/{visit.id}")


def _form(
    work: Work, record: Any, visit: Visit, facts: list[Fact], trouble: CuprumError | None, *, title: str, back: str
) -> Page:
    problems: dict[str, list[str]] = {}
    others: list[str] = []
    for problem in trouble.problems if isinstance(trouble, Invalid) else ():
        fact = next((one for one in facts if is_about(problem, one)), None)
        if fact:
            problems.setdefault(fact.name, []).append(problem.reason.removeprefix(f"{fact.label} "))
        else:
            others.append(f"{problem.field} {problem.reason}")
    if trouble and not isinstance(trouble, Invalid):
        others.append(str(trouble))
    words = {
        "record": record, "title": title, "back": back, "facts": [one for one in facts if one.is_main],
        "more": [one for one in facts if not one.is_main], "problems": problems, "others": others, "typed": visit.form or None,
        "action": visit.path, "looks_alike": None,
    }  # fmt: skip
    if "id" not in visit.parameters and record.entity in MERGEABLE:
        words["looks_alike"] = typed_alike(work, record, visit.form)
    return Page(_TEMPLATE, words, status=trouble.status if trouble else 200)
