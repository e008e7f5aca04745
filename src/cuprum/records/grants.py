"""What users granted to apps: seen and taken back, by themselves or by an admin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select

from cuprum.auth.may import may
from cuprum.auth.oauth.revoking import revoke_grant
from cuprum.kit.errors import NotFound
from cuprum.records.work import Work
from cuprum.storage.oauth_tables import oauth_app, oauth_grant, oauth_token


def grants(work: Work, *, of_everyone: bool = False) -> Sequence[Row[Any]]:
    """The grants by which an app can still act for whoever asks, or for anybody (for admins; raises Forbidden); newest first."""
    if of_everyone:
        may(work.actor, "manage", "grants")
    found = select(oauth_grant, oauth_app.c.client_id, oauth_app.c.name.label("app"), oauth_app.c.kind)
    found = found.join(oauth_app, oauth_app.c.id == oauth_grant.c.app_id)
    found = found.where(can_still_act(work.now))
    if not of_everyone:
        found = found.where(oauth_grant.c.user_id == work.actor.user_id)
    return work.connection.execute(found.order_by(oauth_grant.c.id.desc())).all()


def can_still_act(now: int) -> ColumnElement[bool]:
    """Of a grant: it was not ended, and a token of it lives."""
    living = exists().where(
        oauth_token.c.grant_id == oauth_grant.c.id, oauth_token.c.spent_at.is_(None),
        or_(oauth_token.c.expires_at.is_(None), oauth_token.c.expires_at > now),
    )  # fmt: skip
    return and_(oauth_grant.c.revoked_at.is_(None), living)


def end_grant(work: Work, grant_id: int) -> None:
    """Take a grant back with all its tokens; raises NotFound for one that is over, or another's unless an admin asks."""
    found = select(oauth_grant.c.user_id).where(oauth_grant.c.id == grant_id)
    owner = work.connection.execute(found).scalar()
    if owner is None or (owner != work.actor.user_id and not work.actor.is_admin):
        raise NotFound
    if not revoke_grant(work.connection, grant_id, work.group):
        raise NotFound
