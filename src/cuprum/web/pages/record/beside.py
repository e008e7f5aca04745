"""What is done in the panel beside a record: something added or parted with, a task completed; the page then fits it."""

from __future__ import annotations

from cuprum.kit.errors import CuprumError
from cuprum.records.work import Work
from cuprum.web.pages.record import related
from cuprum.web.pages.record.view import record_page
from cuprum.web.visit import GoTo, Page, Visit


def add(work: Work, visit: Visit) -> Page | GoTo:
    related.add(work, visit)
    return again(work, visit)


def remove(work: Work, visit: Visit) -> Page | GoTo:
    related.remove(work, visit)
    return again(work, visit)


def complete(work: Work, visit: Visit) -> Page | GoTo:
    related.complete(work, visit)
    return again(work, visit)


def again(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page | GoTo:
    """The record as it is now, or with why nothing was added."""
    if trouble is None and not visit.is_part:
        return related.back(visit)
    page = record_page(work, visit, part="related_changed", **related.said_of(trouble, visit))
    return Page(page.template, page.words, page.part, trouble.status if trouble else 200)
