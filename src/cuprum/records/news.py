"""Whether anything happened since that a page shows: a question cheap enough to be asked every few seconds by every open page."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Row, select, tuple_

from cuprum.entities import ENTITIES
from cuprum.records.feed import Position, end_of_feed
from cuprum.records.visible import visible_even_in_trash
from cuprum.records.work import Work
from cuprum.storage.event_tables import change
from cuprum.storage.tables import TABLES

# A page that missed more than that is shown anew without asking what it was.
MOST_WALKED = 500


def news_after(work: Work, place: Position, about: Collection[str]) -> tuple[Position, bool]:
    """The end of the log, and whether something that the actor sees happened since `place` to anything in `about`: entities,
    or single records as `person-12`."""
    end = end_of_feed(work.connection)
    if place == end:
        return end, False
    # The log is shorter than it was after a restore.
    return end, place > end or _is_any(work, place, end, about)


def _is_any(work: Work, place: Position, end: Position, about: Collection[str]) -> bool:
    where = tuple_(change.c.transaction, change.c.seq)
    walked = select(change.c.entity, change.c.record_id, change.c.kind).where(where > tuple_(*place), where <= tuple_(*end))
    rows = work.execute(walked.order_by(change.c.transaction, change.c.seq).limit(MOST_WALKED)).all()
    if len(rows) == MOST_WALKED:
        return True
    return _is_seen(work, [row for row in rows if row.entity in about or f"{row.entity}-{row.record_id}" in about])


def _is_seen(work: Work, rows: Collection[Row[tuple[str, int, str]]]) -> bool:
    # Who may see a record no longer, has to be shown the page without it; relations are seen with their ends.
    if any(row.kind == "share" or row.entity not in ENTITIES for row in rows):
        return True
    for entity in {row.entity for row in rows}:
        records = TABLES[entity]
        ids = {row.record_id for row in rows if row.entity == entity}
        seen = select(records.c.id).where(records.c.id.in_(ids), visible_even_in_trash(work.actor, entity)).limit(1)
        if work.execute(seen).first():
            return True
    return False
