"""The change log: one row a changed record, many rows a group, written in the transaction of the change itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from cuprum.kit.uuid7 import uuid7
from cuprum.storage.event_tables import change, change_about, change_group
from cuprum.storage.rows import Later, inserted_id, inserted_ids, insertion


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


# Told of all that one statement logged.
Listener = Callable[[Connection, Sequence[Change]], None]


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
    # Inside of `together` only: what waits to be written at its end.
    later: Later | None = None
    _waiting: list[dict[str, Any]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many changes it has so far."""
        return len(self.changes) + len(self._waiting)

    def record(self, entity: str, record_id: int, kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Append a change; kinds: new, update, delete, convert, merge, restore, share."""
        self._store()
        values = {"entity": entity, "record_id": record_id, "kind": kind, "before": before, "after": after}
        self._waiting.append({**values, "uid": uuid7(), "group_id": self.id})
        if self.later is None:
            self._write_waiting()

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

    @contextmanager
    def together(self) -> Iterator[None]:
        """An attempt whose entries and lookup rows are written at its end, by one statement a table: for many records at once.

        A unique value that two of them have is noticed there, as an IntegrityError that says nothing of whose it is.
        """
        with self.attempt():
            self.later = Later()
            try:
                yield
                self.insert_gathered()
                self._write_waiting()
            finally:
                self.later = None
                self._waiting.clear()

    def insert_gathered(self) -> None:
        """Insert the lookup rows that wait, where any do."""
        if self.later is not None:
            self.later.insert(self.connection)

    def _write_waiting(self) -> None:
        if not self._waiting:
            return
        rows, self._waiting = self._waiting, []
        one = len(rows) == 1
        seqs = [inserted_id(self.connection, change, rows[0])] if one else inserted_ids(self.connection, change, rows)
        written = [
            Change(seq, row["uid"], row["entity"], row["record_id"], row["kind"], row["before"], row["after"])
            for seq, row in zip(seqs, rows, strict=True)
        ]
        if about := [one for row, change in zip(rows, written, strict=True) for one in _about(row, change.seq)]:
            insertion(change_about).run_each(self.connection, about)
        self.changes += written
        for listener in self.listeners:
            listener(self.connection, written)

    def _store(self) -> None:
        if self.is_stored:
            return
        insertion(change_group).run(
            self.connection,
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


def _about(row: Mapping[str, Any], seq: int) -> Iterator[dict[str, Any]]:
    """The records that a row between records names: a relation, a wish to follow. A record itself names none this way."""
    values = row["before"] or row["after"]
    if "entity" in values and "record_id" in values:
        yield {"entity": values["entity"], "record_id": values["record_id"], "change_seq": seq}
        if "other_id" in values:
            other = values.get("other_entity", values["entity"])
            yield {"entity": other, "record_id": values["other_id"], "change_seq": seq}
