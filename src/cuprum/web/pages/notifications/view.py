"""What the reader was told, the unread in front, by day; marked as read one by one or all at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from cuprum.records.inbox import mark_all_read, mark_read, unread, unread_first
from cuprum.records.inbox_words import Told, in_words
from cuprum.records.mentions import Names, pieces
from cuprum.records.work import Work
from cuprum.web.shown import Shown
from cuprum.web.visit import GoTo, Page, Unchanged, Visit

PATH = "/notifications"
_TEMPLATE = "notifications/notifications.html"
_MOST = 50


@dataclass(frozen=True)
class Day:
    """The notifications of one day that are read, or that are not."""

    label: str
    is_read: bool
    told: list[Told]


def notifications(work: Work, visit: Visit, *, focus: int | None = None) -> Page:
    rows = unread_first(work, limit=_MOST + 1, after=_after(visit.query.get("after", "")))
    told = in_words(work, rows[:_MOST])
    names = Names(work.vocabulary)
    newest = max((one.id for one in told), default=0)
    words = {
        "days": _days(Shown.of(work, visit.languages), told), "unread": unread(work), "newest": newest,
        "after": f"{'r' if told[-1].read_at else 'u'}{told[-1].id}" if len(rows) > _MOST else None,
        "is_first": "after" not in visit.query, "excerpts": {one.id: pieces(names, one.excerpt) for one in told}, "focus": focus,
    }  # fmt: skip
    return Page(_TEMPLATE, words, part="inbox")


def read(work: Work, visit: Visit) -> Page | GoTo:
    """Mark one as read, or all up to the newest that was on the page."""
    chosen = _number(visit.fields.get("id", ""))
    if chosen is not None:
        mark_read(work, [chosen])
    elif (up_to := _number(visit.fields.get("up_to", ""))) is not None:
        mark_all_read(work, up_to)
    back = visit.next(PATH)
    if not visit.is_part:
        return GoTo(back, "")
    page = notifications(work, visit.at(back))
    following = next((one.id for day in page.words["days"] for one in day.told if chosen and one.id < chosen), None)
    return Page(page.template, page.words | {"focus": following or -1}, page.part)


def bell(work: Work, visit: Visit) -> Page | Unchanged | GoTo:
    """How many are unread, for a page that asks now and then; nothing when it knows already."""
    count = unread(work)
    if not visit.is_part:
        return GoTo(PATH)
    return Unchanged() if visit.query.get("seen") == str(count) else Page("bell.html", {"unread": count}, part="count")


def _days(shown: Shown, told: Iterable[Told]) -> list[Day]:
    days = groupby(told, key=lambda one: (one.read_at is not None, shown.at(one.at).date()))
    today = shown.now.date()
    labels = {today: "Today", today - timedelta(days=1): "Yesterday"}
    return [Day(labels.get(day) or shown.whole_day(day), is_read, list(some)) for (is_read, day), some in days]


def _after(text: str) -> tuple[bool, int] | None:
    number = _number(text[1:])
    return (text[0] == "r", number) if text[:1] in ("r", "u") and number is not None else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
