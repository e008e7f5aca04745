"""What a trigger would say, for trying an automation out: the latest record of the kind, or one that was chosen by name."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cuprum.automation import timing
from cuprum.automation.expressions import texts_in
from cuprum.automation.node_types import COPPER, SCHEDULES, WEBHOOKS
from cuprum.automation.paths import parts_of
from cuprum.automation.zone import zone_of_account
from cuprum.connector.catalogue import TRIGGERS
from cuprum.entities import ENTITIES
from cuprum.kit import jsonio
from cuprum.kit.errors import CuprumError, Invalid, Problem, Refused
from cuprum.records.naming import ids_named
from cuprum.records.search import search
from cuprum.records.work import Work
from cuprum.web.pages.record.view import as_plain

_WITH_ID = re.compile(r".*\(#(\d{1,18})\)\s*")
_LATEST = {"sort_by": "date_created", "sort_direction": "desc"}


def entity_of(trigger: Mapping[str, Any]) -> str | None:
    """Whose records its events are about."""
    known = TRIGGERS.get(str(trigger.get("type")).removeprefix(COPPER))
    if known is None:
        return None
    entity = known.entity or str((trigger.get("parameters") or {}).get("entity") or "")
    return entity if entity in ENTITIES else None


def event_of(work: Work, trigger: Mapping[str, Any], typed: Mapping[str, str], workflow: Mapping[str, Any]) -> tuple[Any, str]:
    """The event, and what it is about in words; raises Refused where there is nothing to be had."""
    kind, entity = str(trigger.get("type")), entity_of(trigger)
    if entity:
        return _of_record(work, kind, entity, typed.get("sample", "").strip())
    if typed.get("sample_event", "").strip():
        return _read(typed["sample_event"]), "what you wrote"
    if kind in SCHEDULES:
        due = datetime.fromtimestamp(int(time.time()), UTC)
        return timing.said(trigger.get("parameters") or {}, due, zone_of_account(work.connection)), "the clock, now"
    return example_of(trigger, workflow), "an example"


def _of_record(work: Work, kind: str, entity: str, wanted: str) -> tuple[dict[str, Any], str]:
    record_id = _chosen(work, entity, wanted) if wanted else _latest(work, entity)
    record = as_plain(work, entity, record_id)
    happened = next((word.lower() for word in ("Created", "Deleted") if kind.endswith(word)), "updated")
    event = {
        "event_id": "sample", "event": happened, "entity": entity, "id": record_id, "at": work.now, "record": record,
        "changed": [], "previous": {}, "group": None,
    }  # fmt: skip
    return event, str(record.get("name") or f"{entity} {record_id}")


def _latest(work: Work, entity: str) -> int:
    order = {"sort_by": "activity_date", "sort_direction": "desc"} if entity == "activity" else _LATEST
    found = jsonio.decode(jsonio.encode(search(work, entity, {} if entity == "activity" else order, {"page_size": 1}).records))
    if not found:
        raise Refused(f"There is no {entity} yet to try it with: create one first.")
    return int(found[0]["id"])


def _chosen(work: Work, entity: str, text: str) -> int:
    if chosen := _WITH_ID.fullmatch(text):
        return int(chosen[1])
    found = ids_named(work, entity, text)
    if len(found) != 1:
        reason = "several are named so: choose one of the list" if found else f"there is no {entity} named “{text}”"
        raise Invalid(Problem("sample", reason))
    return found[0]


def _read(text: str) -> Any:
    try:
        return jsonio.decode_untrusted(text.encode())
    except (CuprumError, UnicodeEncodeError) as trouble:
        raise Invalid(Problem("sample", f"cannot be read: {trouble}")) from None


def example_of(trigger: Mapping[str, Any], workflow: Mapping[str, Any]) -> Any:
    """What a caller would have to send for every expression of the steps to have a value."""
    if str(trigger.get("type")) not in WEBHOOKS:
        return None
    made: dict[str, Any] = {"body": {}, "headers": {}, "parameters": {}, "method": "POST"}
    for _, text in texts_in(workflow.get("tasks") or []):
        for found in re.findall(r"\$\{([^}]{1,200})\}", text):
            first, *names = parts_of(found)
            if first == trigger.get("name") and names and all(isinstance(name, str) for name in names):
                _fill(made, [str(name) for name in names])
    return made


def _fill(made: dict[str, Any], names: list[str]) -> None:
    *way, last = names
    for name in way:
        found = made.setdefault(name, {})
        if not isinstance(found, dict):
            return
        made = found
    made.setdefault(last, "elena@example.com" if "mail" in last.lower() else last.replace("_", " ").capitalize())
