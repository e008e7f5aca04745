"""The trash: what was deleted lately, each with its way back."""

from __future__ import annotations

from cuprum.entities import BY_PLURAL
from cuprum.records.trash_list import KINDS, trash
from cuprum.records.work import Work
from cuprum.web.visit import Page, Visit

_ROWS = 50


def trash_page(work: Work, visit: Visit) -> Page:
    kind, text = BY_PLURAL.get(visit.query.get("of", "")), visit.query.get("page", "")
    entity = kind.entity if kind and kind.entity in KINDS else None
    number = int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 7 else 1
    found = trash(work, entity=entity, page=max(1, number), size=_ROWS)
    words = {
        "items": found.items, "total": found.total, "entity": entity, "kinds": KINDS, "number": number,
        "days": work.settings.trash_days, "more": number * _ROWS < found.total,
    }  # fmt: skip
    return Page("trash/trash.html", words)
