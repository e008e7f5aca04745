"""An event: what happened to one record, with the whole record, what changed and what it was before."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from cuprum.kit.uuid7 import milliseconds_in

Kind = Literal["created", "updated", "deleted", "overdue", "stale", "followed", "unfollowed"]
# What a search was asked for beside the changes: nobody wrote into the record then.
FOUND_BY_ASKING = frozenset({"overdue", "stale", "followed", "unfollowed"})
Record = dict[str, Any]


@dataclass(frozen=True)
class Event:
    """`at` is the second of the change by the server's clock; `version` makes the event one of a kind.

    For a deletion `record` is the record as it last was. `changed` names the fields, `previous` holds their former values;
    custom fields stand in both by definition id, as `custom_fields.9001`.
    """

    entity: str
    record_id: int
    kind: Kind
    at: int
    version: str
    record: Record | None
    changed: tuple[str, ...] = ()
    previous: Mapping[str, Any] = field(default_factory=dict)
    # Nothing that a person wrote changed: only counters, last contact and the like.
    is_metadata_only: bool = False
    source: str = "poll"
    # The group of changes it belongs to, where the server has such: what one request did.
    group: str | None = None

    @property
    def last_ms(self) -> int:
        """The latest millisecond, by the server's clock, at which it can have happened: a feed's ids say it, seconds do not."""
        exact = milliseconds_in(self.version) if self.source == "feed" else None
        return self.at * 1000 + 999 if exact is None else exact

    @property
    def event_id(self) -> str:
        """The same for the same change, however often it is seen."""
        said = f"{self.entity}/{self.record_id}/{self.kind}/{self.version}"
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def in_life(self, lives: int) -> "Event":
        """The event of a record that was deleted and came back: the same state again is another event."""
        return self if lives == 1 else replace(self, version=f"{self.version}-{lives}")

    def as_json(self) -> dict[str, Any]:
        return {
            "event_id": self.event_id,
            "event": self.kind,
            "entity": self.entity,
            "id": self.record_id,
            "at": self.at,
            "record": self.record,
            "changed": list(self.changed),
            "previous": dict(self.previous),
            "group": self.group,
        }
