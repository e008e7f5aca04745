"""The change log: one row a changed record, many rows a group, written in the transaction of the change itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from cuprum.kit.uuid7 import uuid7
from cuprum.storage.event_tables import change, change_group
from cuprum.storage.rows import inserted_id, insertion


@dataclass(frozen=True)
class Change:
    """One entry: attributes that changed, as they were (`before`) and as they are (`after`)."""

    seq: int
    uid: str
    entity: str
    record_id: int
    kind: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


Listener = Callable[[Connection, Change], None]


@dataclass
class Group:
    """One request, bulk edit, conversion or run: the unit of undo. It is stored with its first change.

    Work too long for one transaction goes on in the next with the same `id` and `is_stored`.
    """

    connection: Connection
    actor_id: int | None
    face: str
    via: str | None
    label: str
    listeners: tuple[Listener, ...] = ()
    id: str = field(default_factory=uuid7)
    # When all of it happened: the rows of the same work carry this second too.
    at: int = field(default_factory=lambda: int(time.time()))
    changes: list[Change] = field(default_factory=list)
    is_stored: bool = False

    def record(self, entity: str, record_id: int, kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
        """Append a change; kinds: new, update, delete, convert, merge, restore, share."""
        self._store()
        entry_uid = uuid7()
        values = {"entity": entity, "record_id": record_id, "kind": kind, "before": before, "after": after}
        seq = inserted_id(self.connection, change, {**values, "uid": entry_uid, "group_id": self.id})
        entry = Change(seq, entry_uid, entity, record_id, kind, before, after)
        self.changes.append(entry)
        for listener in self.listeners:
            listener(self.connection, entry)
        return entry

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Keep all that is written inside, or on an error nothing of it: neither rows nor entries of this log."""
        is_stored, kept = self.is_stored, len(self.changes)
        try:
            with self.connection.begin_nested():
                yield
        except BaseException:
            # The group's own row may have been written inside.
            self.is_stored = is_stored
            del self.changes[kept:]
            raise

    def _store(self) -> None:
        if self.is_stored:
            return
        self.connection.execute(
            insertion(change_group),
            {
                "id": self.id,
                "at": self.at,
                "actor": self.actor_id,
                "face": self.face,
                "via": self.via,
                "label": self.label,
            },
        )
        self.is_stored = True
