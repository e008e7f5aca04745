"""What a record is related to: the panel beside it, and a page for all of one kind; related and unrelated from there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cuprum.entities import BY_PLURAL, ENTITIES, Record
from cuprum.kit import jsonio
from cuprum.kit.errors import CuprumError, Invalid, NotFound, Problem, Refused
from cuprum.records import write
from cuprum.records.listing import Listing
from cuprum.records.naming import End, names_of
from cuprum.records.related import is_related, relate, unrelate
from cuprum.records.search import search
from cuprum.records.stored import must_be_visible, stored
from cuprum.records.work import Work
from cuprum.web.given import id_meant
from cuprum.web.visit import GoTo, Page, Visit

_FEW, _ROWS = 6, 100
# Leads become people and are related to nothing but tasks (`relates_to`); the order of the panel.
_ORDER = ("person", "company", "opportunity", "project", "task", "lead")
# The newest, what is going on now; of tasks those that wait, the most urgent first.
_NEWEST = {"sort_by": "date_created", "sort_direction": "desc"}
_FIRST = {"task": {"sort_by": "due_date", "sort_direction": "asc", "statuses": ["Open"]}}


@dataclass(frozen=True)
class Group:
    """Some related records of one entity, and how many there are in all; of tasks, how many are open."""

    record: type[Record]
    items: list[dict[str, Any]]
    total: int
    every: int


def related_panel(work: Work, record: type[Record], record_id: int) -> list[Group]:
    """Of a record that the actor was seen to see."""
    return [_group(work, record.entity, record_id, other) for other in _ORDER if other in record.relates_to]


def _group(work: Work, entity: str, record_id: int, other: str) -> Group:
    within = is_related((entity, record_id), other)
    every = Listing(work, other, {}, within=within).total if other in _FIRST else None
    if every == 0:
        return Group(ENTITIES[other], [], 0, 0)
    found = search(work, other, {}, {**_FIRST.get(other, _NEWEST), "page_size": _FEW}, within=within)
    return Group(ENTITIES[other], jsonio.decode(jsonio.encode(found.records)), found.total, every or found.total)


def all_related(work: Work, visit: Visit) -> Page:
    """Everything of one kind that a record is related to, found by name where there is much."""
    record, other = _ends(visit)
    must_be_visible(work, record.entity, visit.id)
    end = (record.entity, visit.id)
    text = visit.query.get("page", "")
    number = int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 7 else 1
    asked: dict[str, Any] = {"sort_by": "name", "page_size": _ROWS, "page_number": max(1, number)}
    if words := visit.query.get("name", "").strip():
        asked["name"] = words
    found = search(work, other.entity, {}, asked, within=is_related(end, other.entity))
    shown = {
        "record": record, "other": other, "name": names_of(work, [end]).get(end, record.entity),
        "base": f"/{record.plural}/{visit.id}", "items": jsonio.decode(jsonio.encode(found.records)), "total": found.total,
        "number": number, "words": words, "more": number * _ROWS < found.total,
    }  # fmt: skip
    return Page("record/all_related.html", shown)


def _ends(visit: Visit) -> tuple[type[Record], type[Record]]:
    record, other = BY_PLURAL[visit.path.split("/")[1]], BY_PLURAL.get(visit.parameters["related"])
    if other is None or other.entity not in record.relates_to:
        raise NotFound
    return record, other


def _said(trouble: CuprumError | None) -> str | None:
    if isinstance(trouble, Invalid):
        reasons = "; ".join(one.reason for one in trouble.problems)
        return reasons[:1].upper() + reasons[1:]
    return None if trouble is None else str(trouble).removeprefix("Invalid request: ")


def said_of(trouble: CuprumError | None, visit: Visit) -> dict[str, Any]:
    """What the panel is told when a record could not be added: of which kind, why, and what was typed."""
    return {"adding": visit.parameters.get("related"), "add_trouble": _said(trouble), "add_typed": visit.fields.get("name", "")}


def add(work: Work, visit: Visit) -> None:
    """Relate the record to one that is there already, by its name."""
    record, other = _ends(visit)
    name = visit.fields.get("name", "").strip()
    if not name:
        raise Invalid(Problem("name", "type the name of the one to add", "blank"))
    other_id = id_meant(work, "name", other.entity, name)
    if other_id is None:
        raise Invalid(Problem("name", f"there is no {other.entity} named “{name}”", "unknown"))
    ends = (record.entity, visit.id), (other.entity, other_id)
    _tell(work, *ends, "related to")
    try:
        relate(work, *ends)
    except Refused as refusal:
        # The wire knows records by number; people by name.
        names, sentence = names_of(work, ends), str(refusal)
        for (entity, record_id), name in names.items():
            sentence = sentence.replace(f"The {entity} {record_id} ", f"{name} ")
        raise Refused(sentence) from refusal


def remove(work: Work, visit: Visit) -> None:
    record, other = _ends(visit)
    ends = (record.entity, visit.id), (other.entity, visit.number("other"))
    _tell(work, *ends, "no longer related to")
    unrelate(work, *ends)


def _tell(work: Work, end: End, other: End, how: str) -> None:
    names = names_of(work, [end, other])
    if end not in names or other not in names:
        raise NotFound
    work.group.label = f"{names[end]} {how} {names[other]}"


def complete(work: Work, visit: Visit) -> None:
    """A task that is done, from the page of what it is about."""
    task = stored(work, "task", visit.number("task"))
    work.group.label = f"{task['name']} completed"
    write.change(work, "task", task["id"], {"status": "Completed"})


def back(visit: Visit) -> GoTo:
    """To the page that the form stood on."""
    return GoTo(visit.next("/".join(visit.path.split("/")[:3])))
