"""Ends what a user granted; apart from the rest, since it needs nothing of Authlib."""

from __future__ import annotations

import time

from sqlalchemy import Connection, update

from cuprum.events.log import Group
from cuprum.storage.oauth_tables import oauth_grant


def revoke_grant(connection: Connection, grant_id: int, group: Group) -> bool:
    """End a grant with every code and token of it; False when it had ended before."""
    at = int(time.time())
    living = oauth_grant.c.id == grant_id, oauth_grant.c.revoked_at.is_(None)
    if not connection.execute(update(oauth_grant).where(*living).values(revoked_at=at)).rowcount:
        return False
    group.record("oauth_grant", grant_id, "update", {"revoked_at": None}, {"revoked_at": at})
    return True
