"""Pages that follow what others do: what each is about, and the question whether it has become old (`static/live.js` asks)."""

from __future__ import annotations

from dataclasses import dataclass

from cuprum.entities import Record, fields, kinds
from cuprum.records.feed import Position, end_of_feed
from cuprum.records.news import news_after
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES
from cuprum.web.visit import News, Visit


@dataclass(frozen=True)
class Followed:
    """`seen` is the place in the change log up to which the page knows of everything."""

    seen: str
    about: str


def followed(work: Work, *about: str) -> Followed:
    """To be called before the page reads anything: what happens in between is news then."""
    return Followed(_shown(end_of_feed(work.connection)), " ".join(sorted(set(about))))


def news(work: Work, visit: Visit) -> News:
    end, is_any = news_after(work, _place(visit.query.get("seen", "")), visit.query.get("about", "").split())
    return News(_shown(end), is_any)


def linked_from(record: type[Record]) -> set[str]:
    """The entities whose names stand beside a record of this one."""
    found: set[str] = set()
    for one in fields(record):
        match one.kind:
            case kinds.LinkTo(entity=target) if target in TABLES:
                found.add(target)
            case kinds.Reference(types=types):
                found.update(types)
    return found


def _shown(place: Position) -> str:
    return "{}-{}".format(*place)


def _place(text: str) -> Position:
    transaction, _, seq = text.partition("-")
    if all(part.isascii() and part.isdecimal() and len(part) < 19 for part in (transaction, seq)):
        return int(transaction), int(seq)
    return 0, 0
