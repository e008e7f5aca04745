"""Who can, for those who cannot."""

from __future__ import annotations

from cuprum.auth.actor import ADMINS
from cuprum.records.work import Work


def admins(work: Work) -> str:
    """The names of those who give rights in this account: `Ada, Bob`."""
    users = work.vocabulary.words["user"].values()
    return ", ".join(one["name"] for one in users if one["role"] in ADMINS and one["disabled_at"] is None)
