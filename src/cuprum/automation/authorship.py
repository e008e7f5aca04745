"""Whose change is it that an event tells of? A run's own echo starts nothing, and a chain of runs comes to an end.

Where the server has groups of changes they say so to the point. Elsewhere a change that a run's answer carries in the same
second is the run's, unless something else changed with it that no run has written: a search shows what a person and a run
changed between two looks as one change.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from typing import Any

from cuprum.automation import history
from cuprum.automation.workflows import Kept
from cuprum.connector.polling.diff import JOINED, METADATA, plain_value, settled
from cuprum.connector.polling.event import FOUND_BY_ASKING
from cuprum.entities import ENTITIES, fields
from cuprum.storage.database import Database

log = logging.getLogger("cuprum.automation")

# Runs that start runs that start runs: beyond this it is a circle.
DEEPEST = 5
# How long an event waits for the step that may have caused it to say so.
_SETTLE_SECONDS = 10.0
# What a server changes by itself when one of them is written.
_TOGETHER = (
    {"name", "prefix", "first_name", "middle_name", "last_name", "suffix"},
    {"pipeline_id", "pipeline_stage_id", "win_probability"},
    {"status", "status_id", "loss_reason_id", "completed_date"},
    {"primary_contact_id", "company_id", "company_name"},
)


def depth_of(database: Database, kept: Kept, event: Any) -> int | None:
    """How many runs stand behind an event; None when it is to start no run of this workflow."""
    if not isinstance(event, dict) or "entity" not in event or "id" not in event:
        return 0
    if _is_nobodys(event):
        return 0
    author = _author(database, event)
    if author is None:
        return 0
    if author.workflow_id == kept.id and not kept.workflow.get("allowOwnChanges") and _is_all_by_runs(database, event):
        log.info("workflow %s does not start by what it wrote itself (run %s)", kept.name, author.id)
        return None
    # Also where somebody else had a hand in it: what is misread so must come to an end.
    if author.depth + 1 > DEEPEST:
        log.warning(
            "workflow %s does not start: %d runs in a row led to its event, the last was %s", kept.name, DEEPEST, author.id
        )
        return None
    return int(author.depth) + 1


def _is_nobodys(event: Mapping[str, Any]) -> bool:
    """Time went by, or somebody follows: whoever wrote the record has not caused that, unless it happened as it was written."""
    return event.get("event") in FOUND_BY_ASKING and (_version(event) or 0) < int(event.get("at") or 0)


def _author(database: Database, event: Mapping[str, Any]) -> Any:
    """The run that caused an event, or had a hand in it; None where nobody of us has."""
    entity, group = str(event["entity"]), event.get("group")
    # The event can be faster than the step that caused it, whose answer is still on its way: those that are under way are
    # waited for. Steps that began later have not caused it.
    ends, pending = time.monotonic() + _SETTLE_SECONDS, database.read_now(history.writing, entity)
    while True:
        author = database.read_now(history.author_of_group, str(group)) if group else _author_of_record(database, event)
        if author or not pending or time.monotonic() > ends:
            return author
        time.sleep(0.05)
        pending &= database.read_now(history.writing, entity)


def _author_of_record(database: Database, event: Mapping[str, Any]) -> Any:
    entity, number = str(event["entity"]), int(event["id"])
    author = database.read_now(history.author_of, entity, number, _version(event))
    if author is None and "converted_at" in (event.get("changed") or ()):
        # No answer shows the lead that was converted, so its write is noted without a second.
        return database.read_now(history.author_of, entity, number, None)
    return author


def _is_all_by_runs(database: Database, event: Mapping[str, Any]) -> bool:
    changed, record = event.get("changed") or (), event.get("record") or {}
    if event.get("group") or event.get("event") != "updated" or not changed:
        return True
    entity = str(event["entity"])
    writes = database.read_now(history.writes_of, entity, int(event["id"]), _version(event) or 0)
    quiet = _by_the_server(entity)
    return all(name in quiet or any(_wrote(one, name, record) for one in writes) for name in changed)


def _wrote(one: history.Write, name: str, record: Mapping[str, Any]) -> bool:
    """Whether a step was given this field, a custom one by its definition, and left the value there that it has now."""
    head, _, definition = name.partition(".")
    if head == "custom_fields" and one.custom_fields is not None and definition not in one.custom_fields:
        return False
    given = set(_names_in(one.given))
    if one.given is not None and not any(given & group for group in _TOGETHER if head in group) and head not in given:
        return False
    return bool(settled(plain_value(dict(one.record), name)) == settled(plain_value(dict(record), name)))


def _names_in(given: Any) -> Iterator[str]:
    if isinstance(given, Mapping):
        for name, value in given.items():
            yield str(name)
            yield from _names_in(value)
    elif isinstance(given, list):
        for one in given:
            yield from _names_in(one)


def _by_the_server(entity: str) -> frozenset[str]:
    own = {one.name for one in fields(ENTITIES[entity]) if one.kind.read_only} if entity in ENTITIES else set()
    return METADATA | JOINED.get(entity, frozenset()) | own


def _version(event: Mapping[str, Any]) -> int | None:
    if event.get("event") in ("delete", "deleted"):
        return None
    value = (event.get("record") or {}).get("date_modified")
    return int(value) if isinstance(value, int | float) or (isinstance(value, str) and value.isdecimal()) else None
