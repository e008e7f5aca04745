"""The uniform family: every entity created, updated, created or updated, deleted."""

from collections.abc import Mapping
from typing import Any

from cuprum.connector.facts import a
from cuprum.connector.polling.event import Event
from cuprum.connector.triggers.trigger import METADATA, WATCHED, Trigger, names_changed


def created(entity: str, said: str = "") -> Trigger:
    return Trigger(
        f"{entity}Created",
        f"{entity.capitalize()} Created",
        said or f"Triggers when {a(entity)} is created",
        "Polling",
        entity,
        lambda event, given: event.kind == "created",
    )


def updated(entity: str, said: str = "") -> Trigger:
    return Trigger(
        f"{entity}Updated",
        f"{entity.capitalize()} Updated",
        said or f"Triggers when {a(entity)} is updated",
        "Polling",
        entity,
        is_update,
        (WATCHED, METADATA),
    )


def created_or_updated(entity: str, said: str = "") -> Trigger:
    return Trigger(
        f"{entity}CreatedOrUpdated",
        f"{entity.capitalize()} Created/Updated",
        said or f"Triggers when {a(entity)} is created or updated",
        "Polling",
        entity,
        lambda event, given: event.kind == "created" or is_update(event, given),
        (WATCHED, METADATA),
    )


def deleted(entity: str, said: str = "") -> Trigger:
    return Trigger(
        f"{entity}Deleted",
        f"{entity.capitalize()} Deleted",
        said or f"Triggers when an existing {entity} is deleted",
        "Instant",
        entity,
        lambda event, given: event.kind == "deleted",
    )


def is_update(event: Event, given: Mapping[str, Any]) -> bool:
    return event.kind == "updated" and (not given.get("watched") or names_changed(event, given["watched"]))
