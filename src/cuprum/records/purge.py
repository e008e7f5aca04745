"""Emptying the trash: records deleted longer ago than `CUPRUM_TRASH_DAYS` leave the database; the log keeps their last state."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from cuprum.kit.pace import Pace
from cuprum.storage.account_tables import follow, record_share, user
from cuprum.storage.database import Database
from cuprum.storage.tables import TABLES

_SECONDS_A_DAY = 86_400
_AT_ONCE = 200
# For fewer another look is not worth its while; on a slow database so many go all the same.
_FEWEST = 20


def purge_all(database: Database, now: int) -> int:
    """Purge everything that is due, in short transactions; returns how many records went."""
    purged, pace = 0, Pace()
    while gone := database.write_now(purge, now - database.settings.trash_days * _SECONDS_A_DAY, pace):
        purged += gone
    return purged


def purge(connection: Connection, before: int, pace: Pace) -> int:
    """Remove records that were deleted before a moment, as many as fit in one short transaction; returns how many.

    None went only when none are due: however slow the looks are, one batch goes.
    """
    pace.begin()
    users = list(connection.execute(select(user.c.id)).scalars())
    purged = 0
    for entity, records in TABLES.items():
        while room := pace.room(_AT_ONCE, _FEWEST):
            due = select(records.c.id).where(records.c.deleted_at < before).limit(room)
            ids = list(connection.execute(due).scalars())
            if not ids:
                break
            connection.execute(delete(record_share).where(record_share.c.entity == entity, record_share.c.record_id.in_(ids)))
            # A follow is keyed by user before record: naming every user spares a look through all of them.
            by_anybody = follow.c.entity == entity, follow.c.user_id.in_(users), follow.c.record_id.in_(ids)
            connection.execute(delete(follow).where(*by_anybody))
            connection.execute(delete(records).where(records.c.id.in_(ids)))
            pace.did(len(ids))
            purged += len(ids)
            if len(ids) < room:
                break
    return purged
