"""The history of one record: who changed what, when and which way, in words, with the way back to every value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from cuprum.entities import BY_PLURAL
from cuprum.kit.errors import CuprumError, Invalid, NotFound
from cuprum.records.group_titles import titles
from cuprum.records.logged import flat
from cuprum.records.naming import names_of
from cuprum.records.record_history import Chapter, Line, as_seen, history
from cuprum.records.restore_value import former_value, restore_value
from cuprum.records.work import Work
from cuprum.web.facts import Fact, named
from cuprum.web.remembered import remembered
from cuprum.web.visit import GoTo, Page, Visit

_LINES = 50


@dataclass(frozen=True)
class Shown:
    """A line as it is read: what was there, what came, and what is carried along to restore the former."""

    line: Line
    label: str
    former: Fact
    present: Fact
    now: str


def record_history(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    plural = visit.path.split("/")[1]
    record, base = BY_PLURAL[plural], f"/{plural}/{visit.id}"
    below = visit.query.get("below", "")
    found = history(
        work, record.entity, visit.id, below=int(below) if below.isdecimal() and len(below) < 18 else None, limit=_LINES
    )
    present = flat(record.entity, found.values)
    shown = [(one, _shown(work, record.entity, one, present, found.values.get("monetary_unit"))) for one in found.chapters]
    words = {
        "record": record, "name": found.values.get("name"), "id": visit.id, "base": base, "chapters": _with_names(work, shown),
        "titles": titles(work, [(one.group, one.label) for one in found.chapters if one.label is not None]),
        "next": found.next, "is_first": not below, "trouble": _told(trouble) if trouble else None,
    }  # fmt: skip
    return Page("history/history.html", words, status=trouble.status if trouble else 200)


def _told(trouble: CuprumError) -> str:
    if isinstance(trouble, Invalid):
        return "Not restored. " + "; ".join(f"{one.field}: {one.reason}" for one in trouble.problems)
    return str(trouble)


def restore(work: Work, visit: Visit) -> GoTo:
    plural = visit.path.split("/")[1]
    record, fields = BY_PLURAL[plural], visit.fields
    seq = fields.get("seq", "")
    if not (seq.isascii() and seq.isdecimal() and len(seq) < 19):
        raise NotFound("There is no such change")
    change = record.entity, visit.id, int(seq), fields.get("name", "")
    label = remembered(work, record.entity, former_value(work, *change).name, None, None).label
    name = names_of(work, [(record.entity, visit.id)]).get((record.entity, visit.id), record.entity)
    work.group.label = f"{label} of {name} restored"
    restore_value(work, *change, now=fields.get("now"))
    return GoTo(f"/{plural}/{visit.id}/history")


def _shown(work: Work, entity: str, chapter: Chapter, present: dict[str, Any], currency: str | None) -> list[Shown]:
    found = []
    for line in chapter.lines:
        former, now = (remembered(work, entity, line.name, value, currency) for value in (line.former, line.present))
        found.append(Shown(line, former.label, former, now, as_seen(present.get(line.name))))
    return found


def _with_names(work: Work, shown: list[tuple[Chapter, list[Shown]]]) -> list[tuple[Chapter, list[Shown]]]:
    """With the names of all that is linked to, read at once; what the reader may not see has none."""
    facts = named(work, [[fact for _, lines in shown for line in lines for fact in (line.former, line.present)]])[0]
    pairs = iter(zip(facts[::2], facts[1::2], strict=True))
    return [
        (chapter, [replace(line, former=former, present=now) for line, (former, now) in zip(lines, pairs)])  # noqa: B905
        for chapter, lines in shown
    ]
