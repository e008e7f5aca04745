"""Reading a change feed, where the server announces one: exact order, former values, deletions, nothing merged.

`GET /automation/v1/changes?after=CURSOR&since=&entity=…&limit=&wait=` answers `{"changes": […], "cursor", "more"}`; each change
has `uid`, `at`, `entity`, `id`, `kind`, the `record` as it was then (for a deletion as it last was), the names that `changed` and
the `previous` values of those. With `wait` the answer comes as soon as there is something new, else after so many seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cuprum.connector.errors import BadAnswer
from cuprum.connector.polling.diff import former_values, is_metadata_only
from cuprum.connector.polling.event import Event, Record
from cuprum.connector.resources.base import as_number

ANNOUNCED_BY = "x-cuprum-changes"
NOW = "now"
KINDS: dict[str, Literal["created", "updated", "deleted"]] = {
    "new": "created",
    "restore": "created",
    "update": "updated",
    "convert": "updated",
    "merge": "updated",
    "delete": "deleted",
}


@dataclass(frozen=True)
class FeedPage:
    """The events of one read, and the place to go on from; `more` when the next read need not wait."""

    events: list[Event]
    cursor: str
    more: bool


def feed_query(
    cursor: str | None, entity: str, *, limit: int = 500, wait_seconds: int = 0, since: float | None = None
) -> dict[str, str]:
    """What a read asks for: after a cursor, nothing that has been when it is NOW; without one, from a second on or everything."""
    begins = f"{since:.3f}" if since is not None and not cursor else ""
    asked = {"entity": entity, "limit": str(limit), "after": cursor or "", "since": begins, "wait": str(wait_seconds or "")}
    return {name: value for name, value in asked.items() if value}


def read_feed(answer: Any) -> FeedPage:
    """The page as events. Raises BadAnswer for what is no feed."""
    is_feed = isinstance(answer, Mapping) and isinstance(answer.get("changes"), list) and answer.get("cursor")
    if not is_feed:
        raise BadAnswer("The change feed does not answer as announced.", body=answer)
    # Sharing, say, is a change of who may see a record, not of the record.
    events = [event_from(one) for one in answer["changes"] if str(one.get("kind")) in KINDS]
    return FeedPage(events, str(answer["cursor"]), bool(answer.get("more")))


def event_from(one: Mapping[str, Any]) -> Event:
    entity, kind = str(one["entity"]), KINDS[str(one["kind"])]
    record = dict(one.get("record") or {})
    previous = flat_previous(record, one.get("previous") or {}) if kind == "updated" else {}
    names = tuple(sorted(previous))
    return Event(
        entity=entity,
        record_id=as_number(one["id"]) or 0,
        kind=kind,
        at=as_number(one.get("at")) or 0,
        # The change's own id: it is the same at every read, and no two changes share it.
        version=str(one["uid"]),
        record=record,
        changed=names,
        previous=previous,
        is_metadata_only=kind == "updated" and is_metadata_only(entity, names),
        source="feed",
        group=str(one["group"]) if one.get("group") else None,
    )


def flat_previous(record: Record, previous: Mapping[str, Any]) -> dict[str, Any]:
    """Custom values stand one by one, as they do in polled events."""
    plain = {name: value for name, value in previous.items() if name != "custom_fields"}
    if "custom_fields" not in previous:
        return plain
    before, after = ({"custom_fields": held.get("custom_fields")} for held in (previous, record))
    return plain | former_values(before, after)
