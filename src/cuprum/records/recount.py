"""Interactions counted anew for everybody whom a type of activity concerns, after it began or ceased to count."""

from __future__ import annotations

from sqlalchemy import select

from cuprum.kit.pace import Pace
from cuprum.records.interactions import count_interactions
from cuprum.records.unfinished import forget, note_progress, progress_of
from cuprum.records.visible import behind_the_scenes
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES

# As the kind of unfinished work.
RECOUNT = "recount"
_AT_ONCE = 1_000


def begin_recount(work: Work, type_id: int) -> None:
    """Count what fits in this transaction; a running server goes on with the rest."""
    _note(work, type_id, 0)
    recount_part(work, type_id)


def recount_part(work: Work, type_id: int) -> bool:
    """Count as many as fit in one short transaction; True when all are."""
    progress = progress_of(work.connection, RECOUNT, str(type_id))
    if progress is None:
        return True
    after, counted, pace = progress["after"], set(), Pace()
    while True:
        # By id, whatever their type: an index for a thing that is done once a year would cost every activity.
        page = select(_ACTIVITIES.c.id, *_WANTED).where(_ACTIVITIES.c.id > after).order_by(_ACTIVITIES.c.id).limit(_AT_ONCE)
        rows = work.execute(behind_the_scenes(page, "interactions")).all()
        for row in rows:
            parent = row.parent_type, row.parent_id
            if row.type_id == type_id and parent not in counted:
                count_interactions(work, *parent)
                counted.add(parent)
            after = row.id
            pace.did()
            if pace.is_over:
                _note(work, type_id, after)
                return False
        if len(rows) < _AT_ONCE:
            forget(work.connection, RECOUNT, str(type_id))
            return True


_ACTIVITIES = TABLES["activity"]
_WANTED = (_ACTIVITIES.c.type_id, _ACTIVITIES.c.parent_type, _ACTIVITIES.c.parent_id)


def _note(work: Work, type_id: int, after: int) -> None:
    # Nobody waits for it and goes on by themselves: it counts as left at once.
    note_progress(work.connection, RECOUNT, str(type_id), {"after": after}, 0, None)
