"""The sample data of an account that is not the demo: the same story, loaded beside what is there, and removed again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select, update

from cuprum.auth.may import may
from cuprum.kit.errors import Conflict, Refused
from cuprum.kit.pace import Pace
from cuprum.kit.uuid7 import uuid7
from cuprum.records.demo.house import furnish_elsewhere
from cuprum.records.demo.tale import Tale
from cuprum.records.naming import End, names_of
from cuprum.records.sample_stays import members, sample_group, staying
from cuprum.records.state import in_parts
from cuprum.records.undo import UNDO, Undone, undo_part
from cuprum.records.unfinished import forget, note_progress, progress_of
from cuprum.records.visible import behind_the_scenes
from cuprum.records.vocabulary_change import vocabulary_change
from cuprum.records.work import Work
from cuprum.storage.account_tables import account
from cuprum.storage.dialect import locked
from cuprum.storage.tables import TABLES

LABEL = "Sample data loaded"
# As the kind of unfinished work.
SAMPLES = "sample data"


@dataclass
class Loading:
    """How far a telling has come. It goes on in one process; what is told when that dies is taken back by a running server."""

    group: str = field(default_factory=uuid7)
    is_done: bool = False
    _tale: Tale | None = None
    _steps: Iterator[None] = field(default_factory=lambda: iter(()))

    def part(self, work: Work) -> None:
        """Tell as much as fits in one short transaction, all of it in the same group of changes.

        Raises Forbidden for who is no admin, Conflict where the sample data is there already, Refused where it was taken back.
        """
        may(work.actor, "manage", "sample data")
        work.group.id, work.group.label, work.group.is_stored = self.group, LABEL, self._tale is not None
        if self._tale is None:
            _begin(work, self.group)
            self._tale = Tale(work)
            self._steps = self._told()
        elif progress_of(work.connection, SAMPLES, self.group) is None:
            raise Refused("Loading the sample data took too long, and was taken back. Load it again.")
        note_progress(work.connection, SAMPLES, self.group, {}, work.now, work.actor.user_id)
        self._tale.work = work
        pace = Pace()
        while pace.room(1):
            try:
                next(self._steps)
            except StopIteration:
                self.is_done = True
                forget(work.connection, SAMPLES, self.group)
                return
            pace.did()

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


def take_back_part(work: Work, group_id: str) -> bool:
    """For whoever finds it left half told; True when nothing of it is there but what somebody works with by now."""
    is_going = sample_group(work) == group_id or progress_of(work.connection, UNDO, group_id) is not None
    is_done = not is_going or undo_part(work, group_id, Undone()).is_done
    if is_done:
        forget(work.connection, SAMPLES, group_id)
    return is_done


@dataclass(frozen=True)
class Overview:
    """What a removal takes: how many records of each entity go, and those that stay with their names and the reason."""

    going: dict[str, int]
    staying: list[tuple[End, str, str]]


def overview(work: Work, group_id: str) -> Overview:
    stays = staying(work, group_id)
    going = {}
    ours = members(work, group_id) - stays.keys()
    for entity, records in TABLES.items():
        living = select(records.c.id).where(records.c.deleted_at.is_(None))
        if entity == "activity":
            # What the system noted goes with what it is about.
            living = living.where(records.c.type_category == "user")
        found: set[int] = set()
        for ids in in_parts(record_id for kind, record_id in ours if kind == entity):
            statement = living.where(records.c.id.in_(ids))
            found |= set(work.execute(behind_the_scenes(statement, "how much sample data")).scalars())
        if found:
            going[entity] = len(found)
    names = names_of(work, stays)
    return Overview(going, [(end, names[end], reason) for end, reason in stays.items() if end in names])
