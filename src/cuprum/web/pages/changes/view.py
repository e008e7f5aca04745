"""Recent changes: what was done, by whom, each with its undo; one's own, or for admins everybody's."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from cuprum.entities import ENTITIES
from cuprum.records.came_by import Way, ways_of
from cuprum.records.groups import one_group, recent_groups
from cuprum.records.naming import names_of
from cuprum.records.work import Work
from cuprum.web.facts import label_in
from cuprum.web.shown import Shown
from cuprum.web.visit import Page, Visit

_GROUPS, _ENTRIES = 40, 100


# What is not a record, as far as people look for its changes.
_OTHERS = {
    "user": "Users", "account": "Account", "custom_field_definition": "Custom fields", "pipeline": "Pipelines",
    "pipeline_stage": "Stages", "webhook": "Webhooks", "api_key": "API keys", "backup": "Backups",
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
        "groups": page["groups"], "ways": _ways(work, page["groups"]), "chosen": chosen, "is_filtered": bool(kept),
        "kinds": kinds.items(),
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
    found = one_group(work, visit.parameters["group"], limit=_ENTRIES, after=0)
    names = names_of(work, {(one["entity"], one["id"]) for one in found["entries"]})
    entries = [{**one, "name": names.get((one["entity"], one["id"])), "lines": _lines(work, one)} for one in found["entries"]]
    return Page("changes/group.html", {"group": found, "way": _ways(work, [found])[found["id"]], "entries": entries})


def _ways(work: Work, groups: list[dict[str, Any]]) -> dict[str, Way]:
    # Whoever has such a group before them may look it up.
    return ways_of(work, [(one["id"], one["face"], one["via"], True) for one in groups])


def _lines(work: Work, entry: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """The fields that changed, with what stood there and what stands there now."""
    return [
        (label_in(work, entry["entity"], name), entry["before"].get(name), entry["after"].get(name))
        for name in dict.fromkeys([*entry["before"], *entry["after"]])
        if entry["before"].get(name) not in (None, "", []) or entry["after"].get(name) not in (None, "", [])
    ]
