"""What happens because time goes by: nobody changes the record then, so a search finds it by one of its moments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cuprum.connector.polling.event import Event, Kind, Record
from cuprum.connector.polling.sweep import Keys, Sweep
from cuprum.connector.resources.base import as_number


def never(event: Event) -> bool:
    return False


@dataclass(frozen=True)
class Passing:
    """A second of the record's own, and a while after it. `keys` find and order the records by that second, `holds` are values
    that such a record has; `is_at_once` says of a change that it made the moment one that has passed already."""

    kind: Kind
    keys: Keys
    while_seconds: Callable[[Mapping[str, Any]], int] = lambda given: 0
    holds: Mapping[str, Any] = field(default_factory=dict)
    is_at_once: Callable[[Event], bool] = never

    def sweep(self, given: Mapping[str, Any], since: int, until: int) -> Sweep:
        """Reads everything whose while was over from the second `since` to `until`."""
        back = self.while_seconds(given)
        first = max(0, since - back)
        return Sweep(self.keys, first, first, until=max(first, until - back))

    def event(self, entity: str, row: Record, given: Mapping[str, Any]) -> Event | None:
        """What has happened to a record when its while was over: the same event each time, as long as its moment stays."""
        number, second = as_number(row.get("id")), as_number(row.get(self.keys.second))
        if number is None or second is None or any(row.get(name) != value for name, value in self.holds.items()):
            return None
        at = second + self.while_seconds(given)
        return Event(entity, number, self.kind, at, self._version(second, given), row)

    def at_once(self, change: Event, given: Mapping[str, Any]) -> Event | None:
        """What has happened with a change that set the moment back, or made it count."""
        if not self.is_at_once(change):
            return None
        happened = self.event(change.entity, change.record or {}, given)
        return happened and replace(happened, at=change.at, group=change.group)

    def _version(self, second: int, given: Mapping[str, Any]) -> str:
        return f"{self.kind}-{self.while_seconds(given)}-{second}"
