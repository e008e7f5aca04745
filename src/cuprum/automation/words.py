"""Triggers and steps in words: "When a lead is created", "Every day at 9:00", "Create Task"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cuprum.automation.node_forms import TASK_FORMS, TRIGGER_FORMS
from cuprum.automation.node_types import COPPER
from cuprum.connector.catalogue import ACTIONS, TRIGGERS
from cuprum.connector.facts import a
from cuprum.entities import ENTITIES

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNITS = {"1": "minute", "2": "hour", "3": "day", "4": "month"}


def trigger_in_words(trigger: Mapping[str, Any]) -> str:
    """What starts the workflow; the type itself where it is none of ours."""
    kind, given = str(trigger.get("type")), trigger.get("parameters") or {}
    if kind.startswith("schedule/v1/") and isinstance(given, dict):
        return _schedule(kind.rpartition("/")[2], given)
    return _chosen(trigger_kind_in_words(kind), given)


def trigger_kind_in_words(kind: str) -> str:
    if kind.startswith(COPPER) and (known := TRIGGERS.get(kind.removeprefix(COPPER))):
        happened = next((word for word in ("Created", "Updated", "Deleted") if known.name == f"{known.entity}{word}"), None)
        # The documents speak of "a new opportunity" that is deleted.
        return (
            f"When {a(known.entity)} is {happened.lower()}"
            if happened
            else f"When{known.description.removeprefix('Triggers when')}"
        )
    form = TRIGGER_FORMS.get(kind)
    return form.title if form else kind


def _chosen(words: str, given: Any) -> str:
    """With the kind of record and the number of days that were chosen: "When a person was not changed for 30 days"."""
    chosen = given if isinstance(given, dict) else {}
    entity, days = chosen.get("entity"), str(chosen.get("days", ""))
    if entity in ENTITIES:
        words = words.replace("a record", a(entity))
    return words.replace("a number of days", "1 day" if days == "1" else f"{days} days") if days.isdecimal() else words


def step_in_words(task: Mapping[str, Any]) -> str:
    """What a step does: its label, else the title of its kind."""
    label = task.get("label")
    return label if isinstance(label, str) and label.strip() else kind_in_words(str(task.get("type")))


def kind_in_words(kind: str) -> str:
    if kind.startswith(COPPER) and (known := ACTIONS.get(kind.removeprefix(COPPER))):
        return known.title
    form = TASK_FORMS.get(kind)
    return form.title if form else kind


def _schedule(kind: str, given: Mapping[str, Any]) -> str:
    at = f"{_two(given.get('hour'))}:{_two(given.get('minute'))}"
    match kind:
        case "interval":
            count, unit = str(given.get("interval", "?")), _UNITS.get(str(given.get("timeUnit")), "moment")
            return f"Every {unit}" if count == "1" else f"Every {count} {unit}s"
        case "cron":
            return f"By the clock: {given.get('expression') or 'no expression yet'}"
        case "everyMonth":
            return f"On day {given.get('dayOfMonth', '?')} of every month at {at}"
        case "everyWeek" | "everyDay":
            days = _days(given.get("dayOfWeek"))
            return f"Every {days} at {at}" if days else f"Every {kind.removeprefix('every').lower()} at {at}"
    return f"schedule/v1/{kind}"


def _days(given: Any) -> str:
    if isinstance(given, dict):
        given = [day for day, is_chosen in given.items() if is_chosen]
    listed = given if isinstance(given, list) else [] if given in (None, "") else [given]
    chosen = [int(day) for day in listed if str(day) in ("1", "2", "3", "4", "5", "6", "7")]
    return ", ".join(_DAYS[day - 1] for day in sorted(set(chosen))) if len(set(chosen)) < len(_DAYS) else ""


def _two(value: Any) -> str:
    text = str(value) if value is not None else "?"
    return text.zfill(2) if text.isdecimal() else text
