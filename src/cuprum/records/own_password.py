"""One's own password, replaced once whoever asks has shown that they know the present one."""

from __future__ import annotations

from sqlalchemy import update

from cuprum.records.work import Work
from cuprum.storage.account_tables import user


def replace_own_password(work: Work, digest: str) -> None:
    """`digest` is of the new one: making it takes too long for a transaction."""
    work.execute(update(user).where(user.c.id == work.actor.user_id).values(password_hash=digest))
    # The log says that it changed, and nothing of either digest.
    work.group.record("user", work.actor.user_id, "update", {"password": None}, {"password": "changed"})
