"""A tag was put on a record, or taken off."""

from collections.abc import Mapping
from typing import Any

from cuprum.connector.polling.event import Event
from cuprum.connector.properties import string
from cuprum.connector.triggers.field_changed import ANY_ENTITY
from cuprum.connector.triggers.trigger import Trigger

TAG = string("tag", "Tag", "Only this one; any tag when left out.", source="tags")


def put_on(event: Event) -> set[str]:
    return words((event.record or {}).get("tags")) - words(event.previous.get("tags"))


def taken_off(event: Event) -> set[str]:
    return words(event.previous.get("tags")) - words((event.record or {}).get("tags"))


def words(tags: Any) -> set[str]:
    return {str(one).casefold() for one in tags or ()}


def is_wanted(tags: set[str], given: Mapping[str, Any]) -> bool:
    return str(given["tag"]).casefold() in tags if given.get("tag") else bool(tags)


def picks_added(event: Event, given: Mapping[str, Any]) -> bool:
    """A new record that comes with a tag counts too."""
    if event.kind == "created":
        return is_wanted(words((event.record or {}).get("tags")), given)
    return event.kind == "updated" and "tags" in event.changed and is_wanted(put_on(event), given)


def picks_removed(event: Event, given: Mapping[str, Any]) -> bool:
    return event.kind == "updated" and "tags" in event.changed and is_wanted(taken_off(event), given)


ADDED = Trigger("tagAdded", "Tag Added", "Triggers when a tag is put on a record", "Polling", "", picks_added, (ANY_ENTITY, TAG))
REMOVED = Trigger(
    "tagRemoved", "Tag Removed", "Triggers when a tag is taken off a record", "Polling", "", picks_removed, (ANY_ENTITY, TAG)
)
