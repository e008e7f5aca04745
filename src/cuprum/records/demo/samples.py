"""The sample data of an account that is not the demo: the same story, loaded beside what is there, and removed again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select, update

from cuprum.auth.may import may
from cuprum.kit.errors import Conflict
from cuprum.kit.uuid7 import uuid7
from cuprum.records.demo.house import furnish_elsewhere
from cuprum.records.demo.tale import Tale
from cuprum.records.sample_stays import sample_group
from cuprum.records.vocabulary_change import vocabulary_change
from cuprum.records.work import Work
from cuprum.storage.account_tables import account
from cuprum.storage.dialect import locked

LABEL = "Sample data loaded"
# A write transaction ends within 200 ms.
LONGEST_SECONDS = 0.1


@dataclass
class Loading:
    """How far a telling has come. It goes on in one process; what is told when that ends can be removed like the whole."""

    group: str = field(default_factory=uuid7)
    is_done: bool = False
    _tale: Tale | None = None
    _steps: Iterator[None] = field(default_factory=lambda: iter(()))

    def part(self, work: Work) -> None:
        """Tell as much as fits in one short transaction, all of it in the same group of changes.

        Raises Forbidden for who is no admin, Conflict where the sample data is there already.
        """
        may(work.actor, "manage", "sample data")
        work.group.id, work.group.label, work.group.is_stored = self.group, LABEL, self._tale is not None
        if self._tale is None:
            _begin(work, self.group)
            self._tale = Tale(work)
            self._steps = self._told()
        self._tale.work = work
        ends = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < ends:
            try:
                next(self._steps)
            except StopIteration:
                self.is_done = True
                return

    def _told(self) -> Iterator[None]:
        tale = self._tale
        assert tale is not None
        yield from furnish_elsewhere(lambda: tale.work)
        yield from tale.told()


def _begin(work: Work, group_id: str) -> None:
    work.execute(locked(work.connection, select(account.c.id)))
    if sample_group(work) is not None:
        raise Conflict("The sample data is in this account already.")
    with vocabulary_change(work):
        work.execute(update(account).values(sample_group=group_id))
