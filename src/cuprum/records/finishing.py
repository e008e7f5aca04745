"""Goes on with long work that somebody left in the middle."""

from __future__ import annotations

from sqlalchemy import Connection, Row

from cuprum.config import Settings
from cuprum.events.log import Listener
from cuprum.records.bulk_edit import BULK_EDIT, finish_bulk_edit
from cuprum.records.demo.samples import SAMPLES, take_back_part
from cuprum.records.long_work import finish_long_work, is_long_work
from cuprum.records.recount import RECOUNT, recount_part
from cuprum.records.undo import UNDO, Undone, undo_part
from cuprum.records.unfinished import work_left_by


def finish_part(
    connection: Connection, work_left: Row[str, str, int | None], settings: Settings, listeners: tuple[Listener, ...]
) -> bool:
    """Do the next part, in a transaction of its own, of a row that `left` found; True when it was the last."""
    work = work_left_by(connection, work_left.actor, settings, listeners)
    match work_left.kind:
        case kind if kind == UNDO:
            return undo_part(work, work_left.about, Undone()).is_done
        case kind if kind == RECOUNT:
            return recount_part(work, int(work_left.about))
        case kind if kind == BULK_EDIT:
            return finish_bulk_edit(work, work_left.about)
        case kind if kind == SAMPLES:
            return take_back_part(work, work_left.about)
        case kind if is_long_work(kind):
            return finish_long_work(work, kind, work_left.about)
    raise TypeError(f"no work is called {work_left.kind}")
