"""An event: what happened to one record, with the whole record, what changed and what it was before."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Kind = Literal["created", "updated", "deleted"]
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
        }
