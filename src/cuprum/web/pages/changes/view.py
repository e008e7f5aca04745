"""Recent changes: what was done, by whom, each with its undo; one's own, or for admins everybody's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select

from cuprum.entities import ENTITIES
from cuprum.records.came_by import Way, ways_of
from cuprum.records.group_titles import titles
from cuprum.records.groups import group_with_entries, recent_groups
from cuprum.records.logged import Entry
from cuprum.records.naming import End, names_of
from cuprum.records.record_history import lines_of
from cuprum.records.undo_row import undoable_among
from cuprum.records.work import Work
from cuprum.storage.automation_tables import workflow
from cuprum.web.arrangement import MAIN
from cuprum.web.facts import Fact, label_in, named
from cuprum.web.pages.changes.between import BETWEEN, ends_of, told_of
from cuprum.web.remembered import remembered
from cuprum.web.shown import Shown
from cuprum.web.visit import Page, Visit

_GROUPS, _ENTRIES = 40, 100
# Whichever of them something has that is not a record.
_NAMES = ("name", "label", "email", "code", "target", "file")


# What is not a record, as far as people look for its changes.
_OTHERS = {
    "user": "Users", "account": "Account", "custom_field_definition": "Custom fields", "pipeline": "Pipelines",
    "pipeline_stage": "Stages", "webhook": "Webhooks", "api_key": "API keys", "backup": "Backups",
    "workflow": "Automations",
}  # fmt: skip


def recent(work: Work, visit: Visit) -> Page:
    """Filtered by whose, of what kind and of which day; the filter stands in the address."""
    query, users = visit.query, work.vocabulary.words["user"]
    chosen = {name: query.get(name, "") for name in ("of", "kind", "day")}
    kinds = {**{name: one.plural.capitalize() for name, one in ENTITIES.items()}, **_OTHERS}
    actor = _whose(work, chosen["of"])
    page = recent_groups(
        work, before=query.get("before"), actor=actor, limit=_GROUPS, entity=chosen["kind"] if chosen["kind"] in kinds else None,
        at=_day(chosen["day"], Shown.of(work, visit.languages)),
    )  # fmt: skip
    kept = {name: value for name, value in chosen.items() if value}
    words = {
        "groups": page["groups"], "titles": titles(work, [(one["id"], one["label"]) for one in page["groups"]]),
        "undoable": undoable_among(work, [one["id"] for one in page["groups"]]),
        "ways": _ways(work, page["groups"]), "chosen": chosen, "is_filtered": bool(kept), "kinds": kinds.items(),
        "people": [(one["id"], one["name"]) for one in users.values()] if work.actor.is_admin else [],
        "earlier": page["next"] and "/changes?" + urlencode({**kept, "before": page["next"]}),
    }  # fmt: skip
    return Page("changes/changes.html", words)


def _whose(work: Work, of: str) -> int | None:
    if not work.actor.is_admin or of == "me":
        return work.actor.user_id
    return int(of) if of.isascii() and of.isdecimal() and len(of) < 19 else None


def _day(text: str, shown: Shown) -> tuple[int, int] | None:
    """The seconds in which a day of the account's zone begins and ends."""
    try:
        begins = datetime.combine(date.fromisoformat(text), time(), shown.zone)
        return int(begins.timestamp()), int((begins + timedelta(days=1)).timestamp())
    except (ValueError, OverflowError):
        return None


def group(work: Work, visit: Visit) -> Page:
    """What one group changed, field by field."""
    found, entries, following = group_with_entries(work, visit.parameters["group"], limit=_ENTRIES, after=0)
    ends = {end for one in entries for end in ends_of(one)}
    names = names_of(work, ends) | _automations(work, ends)
    lines = _with_names(work, [list(_lines(work, one)) for one in entries])
    words = {
        "group": found, "title": titles(work, [(found["id"], found["label"])])[found["id"]], "has_more": following is not None,
        "entries": [
            (one, [_called(work, one, end, names) for end in ends_of(one)], told_of(work, one), own)
            for one, own in zip(entries, lines, strict=True)
        ],
        "way": _ways(work, [found])[found["id"]], "can_undo": bool(undoable_among(work, [found["id"]])),
    }  # fmt: skip
    return Page("changes/group.html", words)


def _automations(work: Work, ends: Iterable[End]) -> dict[End, str]:
    """The names of those that there still are."""
    ids = [record_id for entity, record_id in ends if entity == workflow.name]
    found = select(workflow.c.id, workflow.c.name).where(workflow.c.id.in_(ids))
    return {(workflow.name, row.id): row.name for row in work.execute(found)} if ids else {}


def _called(work: Work, one: Entry, end: End, names: dict[End, str]) -> tuple[str, str | None]:
    """What an end of an entry is called, and the address of its page where there is one to see."""
    entity, record_id = end
    if name := names.get(end):
        if entity == workflow.name:
            return name, f"/automations/{record_id}/versions"
        return name, f"/{ENTITIES[entity].plural}/{record_id}" if entity in MAIN else None
    word = entity.replace("_", " ")
    if entity in ENTITIES:
        return f"{word.capitalize()} {record_id}", None
    known = work.vocabulary.words.get(entity, {}).get(record_id, {})
    said = (values.get(name) for values in (known, one.after, one.before) for name in _NAMES)
    return next(filter(None, said), word.capitalize()), None


def _ways(work: Work, groups: list[dict[str, Any]]) -> dict[str, Way]:
    # Whoever has such a group before them may look it up.
    return ways_of(work, [(one["id"], one["face"], one["via"], True) for one in groups])


def _lines(work: Work, entry: Entry) -> Iterator[tuple[str, Fact, Fact]]:
    """The fields that changed, with what stood there and what stands there now."""
    if entry.entity in BETWEEN:
        return
    if entry.entity in ENTITIES:
        currency = entry.after.get("monetary_unit") or entry.before.get("monetary_unit")
        for line in lines_of(work, entry, {}, is_there=False):
            former, present = (remembered(work, entry.entity, line.name, one, currency) for one in (line.former, line.present))
            yield former.label, former, present
        return
    for name in dict.fromkeys([*entry.before, *entry.after]):
        former, present = (
            Fact(name, label_in(work, entry.entity, name), "text", _said(one.get(name))) for one in (entry.before, entry.after)
        )
        if former.value or present.value:
            yield former.label, former, present


def _said(value: Any) -> str | None:
    """What is no field of a record, in words."""
    match value:
        case None | "" | []:
            return None
        case bool():
            return "Yes" if value else "No"
        case dict():
            return ", ".join(filter(None, map(_said, value.values())))
        case list():
            return "; ".join(filter(None, map(_said, value)))
    return str(value)


def _with_names(work: Work, lines: list[list[tuple[str, Fact, Fact]]]) -> list[list[tuple[str, Fact, Fact]]]:
    """With the names of all that is linked to, read at once; what the reader may not see has none."""
    facts = iter(named(work, [[fact for own in lines for _, *both in own for fact in both]])[0])
    return [[(label, next(facts), next(facts)) for label, *_ in own] for own in lines]
