"""One fact of a record, edited in its place: shown, asked for, saved, and when somebody else was faster shown with theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cuprum.entities import Record
from cuprum.kit import jsonio
from cuprum.kit.errors import CuprumError, Invalid, NotFound
from cuprum.records import write
from cuprum.records.required_fields import left_blank
from cuprum.records.stored import stored
from cuprum.records.work import Work
from cuprum.web.facts import Fact, fact_of, is_about
from cuprum.web.given import body_of
from cuprum.web.pages.record.view import TEMPLATE, as_plain, base_of, record_of, record_page
from cuprum.web.shown import Shown
from cuprum.web.visit import GoTo, Page, Visit


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
        return GoTo(base_of(visit))
    record = record_of(visit)
    fact = _fact(work, record, as_plain(work, record.entity, visit.id), visit)
    return Page(TEMPLATE, {"record": record, "fact": fact, "base": base_of(visit)}, part="fact")


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
        return GoTo(base_of(visit))
    return Page(TEMPLATE, record_page(work, visit).words | {"saved": fact.name}, part="saved")


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
