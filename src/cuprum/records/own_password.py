"""One's own password, changed by whoever knows the present one."""

from __future__ import annotations

from sqlalchemy import update

from cuprum.auth.passwords import hash_password
from cuprum.auth.sign_in import user_by_password
from cuprum.kit.errors import Invalid, Problem
from cuprum.records.work import Work
from cuprum.storage.account_tables import user


def change_own_password(work: Work, present: str, new: str) -> None:
    """Raises Invalid for a present password that is wrong, and a new one that is too short or too long."""
    if user_by_password(work.connection, work.actor.email, present) is None:
        raise Invalid(Problem("present", "is not your password"))
    digest = hash_password(new)
    work.execute(update(user).where(user.c.id == work.actor.user_id).values(password_hash=digest))
    # The log says that it changed, and nothing of either digest.
    work.group.record("user", work.actor.user_id, "update", {"password": None}, {"password": "changed"})
