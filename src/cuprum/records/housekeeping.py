"""What a running server tidies up now and then."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, select, tuple_

from cuprum.events.delivery import ENDED
from cuprum.kit.uuid7 import id_at
from cuprum.storage.event_tables import delivery, idempotency
from cuprum.storage.oauth_tables import oauth_code, oauth_token, one_time_link, session

ANSWERS_KEPT_SECONDS = 24 * 3600
DELIVERIES_KEPT_SECONDS = 30 * 24 * 3600
# A code or a token that comes again after it ended is still known as stolen.
SIGN_INS_KEPT_SECONDS = 24 * 3600
LINKS_KEPT_SECONDS = 30 * 24 * 3600
ROWS_A_TIME = 500


def forget_answers(connection: Connection, now: int) -> int:
    """Delete answers kept for repeated writes that nobody may repeat any more; returns how many, at most `ROWS_A_TIME`."""
    old = select(idempotency.c.user_id, idempotency.c.key).where(idempotency.c.at < now - ANSWERS_KEPT_SECONDS).limit(ROWS_A_TIME)
    key = tuple_(idempotency.c.user_id, idempotency.c.key)
    return connection.execute(delete(idempotency).where(key.in_(old))).rowcount


def forget_deliveries(connection: Connection, now: int) -> int:
    """Delete webhook deliveries that ended long ago, one way or the other; returns how many, at most `ROWS_A_TIME`."""
    long_ago = now - DELIVERIES_KEPT_SECONDS
    # Ids sort by the time they were made, so the index of states gives the oldest without a search.
    oldest = select(delivery.c.id).where(delivery.c.state.in_(ENDED), delivery.c.id < id_at(long_ago))
    # What was sent again lately is new once more.
    oldest = oldest.where(func.coalesce(delivery.c.last_attempt_at, delivery.c.at) < long_ago).limit(ROWS_A_TIME)
    return connection.execute(delete(delivery).where(delivery.c.id.in_(oldest))).rowcount


def forget_sign_ins(connection: Connection, now: int) -> int:
    """Delete sessions, codes, tokens and links that ended long ago; returns the most of a table, at most `ROWS_A_TIME`."""
    deleted = []
    for table in (session, oauth_code, oauth_token):
        ended = select(table.c.hash).where(table.c.expires_at < now - SIGN_INS_KEPT_SECONDS).limit(ROWS_A_TIME)
        deleted.append(connection.execute(delete(table).where(table.c.hash.in_(ended))).rowcount)
    # A link that was never used is told as too old for a while longer than that; then it is forgotten.
    old = select(one_time_link.c.id).where(one_time_link.c.expires_at < now - LINKS_KEPT_SECONDS).limit(ROWS_A_TIME)
    deleted.append(connection.execute(delete(one_time_link).where(one_time_link.c.id.in_(old))).rowcount)
    return max(deleted)
