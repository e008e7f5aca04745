"""What is left of imports that nobody went on with: their files, and plans that were never started."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from cuprum.kit.uuid7 import id_at
from cuprum.storage.import_tables import import_file as parts
from cuprum.storage.import_tables import import_job as jobs
from cuprum.transfer.imports import OPEN, PLANNED

PLANS_KEPT_SECONDS = 7 * 24 * 3600
# Longer than any upload takes.
_UPLOADED_SECONDS = 3600
_AT_ONCE = 100


def forget_plans(connection: Connection, now: int) -> int:
    """Forget imports that were planned long ago and never started; returns how many, at most `_AT_ONCE`."""
    old = select(jobs.c.id).where(jobs.c.state == PLANNED, jobs.c.created_at < now - PLANS_KEPT_SECONDS).limit(_AT_ONCE)
    return connection.execute(delete(jobs).where(jobs.c.id.in_(old))).rowcount


def drop_a_left_file(connection: Connection, now: int) -> int:
    """Drop one part of a file that no import goes on with: never planned, cancelled, forgotten; returns how many parts went."""
    wanted = select(jobs.c.uid).where(jobs.c.state.in_((PLANNED, *OPEN)))
    # Ids sort by the time they were made.
    left = select(parts.c.uid, parts.c.place).where(parts.c.uid.not_in(wanted), parts.c.uid < id_at(now - _UPLOADED_SECONDS))
    found = connection.execute(left.order_by(parts.c.uid, parts.c.place.desc()).limit(1)).one_or_none()
    if found is None:
        return 0
    return connection.execute(delete(parts).where(parts.c.uid == found.uid, parts.c.place == found.place)).rowcount
