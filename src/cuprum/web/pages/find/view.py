"""Find everything from one field: records, what can be created, and the places to go to. The palette shows it as one types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from cuprum.entities import ENTITIES
from cuprum.kit.text import fold
from cuprum.records.finding import find
from cuprum.records.naming import names_of
from cuprum.records.work import Work
from cuprum.web.arrangement import MAIN
from cuprum.web.places import ICONS, places_of
from cuprum.web.visit import Page, Visit
from cuprum.web.ways import AGENDA, BOARD

_EACH = 5
_MOST_RECENT = 8


@dataclass(frozen=True)
class Option:
    path: str
    label: str
    icon: str
    hint: str = ""


def find_page(work: Work, visit: Visit) -> Page:
    words = visit.query.get("q", "").replace("\0", "").strip()[:200]
    groups = {"Records": _records(work, words)} if words else {"Recent": _recent(work, visit.query.get("recent", ""))}
    groups |= {
        "Go to": [one for one in _places(work) if _fits(one.label, words)],
        "Create": [one for one in _new() if _fits(one.label, words)],
        "Create by this name": list(_named(words)) if words else [],
    }
    return Page(
        "find/find.html", {"words": words, "groups": {name: found for name, found in groups.items() if found}}, part="options"
    )


def _records(work: Work, words: str) -> list[Option]:
    return [
        Option(f"/{ENTITIES[one.entity].plural}/{one.id}", one.name, ICONS[one.entity], one.company or one.entity)
        for one in find(work, words, _EACH)
    ]


def _recent(work: Work, listed: str) -> list[Option]:
    """Those of `person-12,company-3` that there still are, in this order; the browser keeps no names."""
    ends = []
    for one in listed.split(",")[:_MOST_RECENT]:
        entity, _, number = one.partition("-")
        if entity in MAIN and number.isascii() and number.isdecimal() and len(number) < 19:
            ends.append((entity, int(number)))
    names = names_of(work, ends)
    return [Option(f"/{ENTITIES[end[0]].plural}/{end[1]}", names[end], ICONS[end[0]], end[0]) for end in ends if end in names]


def _places(work: Work) -> Iterator[Option]:
    yield from (Option(one.path, one.label, one.icon) for one in places_of(work.actor))
    yield Option("/imports/new", "Import a file", "upload")
    yield Option(AGENDA, "Agenda of tasks", "calendar")
    for pipeline in work.vocabulary.living("pipeline"):
        if pipeline["type"] == "opportunity":
            yield Option(f"{BOARD}?pipeline_ids={pipeline['id']}", f"Board of {pipeline['name']}", "square-kanban")


def _new() -> Iterator[Option]:
    return (Option(f"/{ENTITIES[entity].plural}/new", f"New {entity}", "plus") for entity in MAIN)


def _named(words: str) -> Iterator[Option]:
    return (
        Option(f"/{ENTITIES[entity].plural}/new?" + urlencode({"name": words}), f"New {entity} “{words}”", "plus")
        for entity in MAIN
    )


def _fits(label: str, words: str) -> bool:
    """Each word begins one of the label's."""
    starts = fold(label).split()
    return all(any(start.startswith(word) for start in starts) for word in fold(words).split())
