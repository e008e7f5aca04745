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
from cuprum.connector.errors import InvalidInput
from cuprum.connector.triggers.samples import generated, sample
from cuprum.entities import ENTITIES
from cuprum.kit import jsonio
from cuprum.kit.errors import CuprumError, Invalid, Problem
from cuprum.records.naming import ids_named
from cuprum.records.search import search
from cuprum.records.work import Work
from cuprum.web.pages.record.view import as_plain

_WITH_ID = re.compile(r".*\(#(\d{1,18})\)\s*")
# Not every record is one for every trigger.
_LOOKED_AT = 50


def entity_of(trigger: Mapping[str, Any]) -> str | None:
    """Whose records its events are about."""
    known = TRIGGERS.get(str(trigger.get("type")).removeprefix(COPPER))
    if known is None:
        return None
    entity = known.entity or str((trigger.get("parameters") or {}).get("entity") or "")
    return entity if entity in ENTITIES else None


def event_of(work: Work, trigger: Mapping[str, Any], typed: Mapping[str, str], workflow: Mapping[str, Any]) -> tuple[Any, str]:
    """The event, and what it is about in words."""
    kind, entity = str(trigger.get("type")), entity_of(trigger)
    if entity:
        return _of_record(work, trigger, entity, typed.get("sample", "").strip())
    if typed.get("sample_event", "").strip():
        return _read(typed["sample_event"]), "what you wrote"
    if kind in SCHEDULES:
        due = datetime.fromtimestamp(int(time.time()), UTC)
        return timing.said(trigger.get("parameters") or {}, due, zone_of_account(work.connection)), "the clock, now"
    return example_of(trigger, workflow), "an example"


def _of_record(work: Work, trigger: Mapping[str, Any], entity: str, wanted: str) -> tuple[Any, str]:
    """The event for the record that was named, else for the latest that it can happen to, else for one that is made up."""
    chosen = TRIGGERS[str(trigger["type"]).removeprefix(COPPER)]
    try:
        given = chosen.read(trigger.get("parameters") or {})
    except InvalidInput as refusal:
        raise Invalid(*(Problem(one.field, one.message) for one in refusal.problems)) from None
    records = [as_plain(work, entity, _chosen(work, entity, wanted))] if wanted else _latest(work, entity)
    for record in records:
        if event := sample(chosen, entity, record, given):
            return event.as_json(), str(record.get("name") or f"{entity} {record['id']}")
    if wanted:
        raise Invalid(
            Problem("sample", "is none that this could happen to: choose another, or none for the latest that it could")
        )
    made_up = generated(chosen, entity, given)
    return made_up and made_up.as_json(), f"a made-up {entity}, for it could happen to none of the latest"


def _latest(work: Work, entity: str) -> list[dict[str, Any]]:
    # Activities come newest first, and know no other order.
    order = {} if entity == "activity" else {"sort_by": "date_modified", "sort_direction": "desc"}
    found: list[dict[str, Any]] = jsonio.decode(jsonio.encode(search(work, entity, order, {"page_size": _LOOKED_AT}).records))
    return found


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
