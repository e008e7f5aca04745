"""Incoming notifications: stored as they come, and read by the poller of what they speak of."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from cuprum.automation.triggers.lease import Pair
from cuprum.connector.polling.notification import HEADER, Notification, read_notification
from cuprum.kit import jsonio
from cuprum.kit.secret_box import SecretBox
from cuprum.storage.trigger_tables import delivery_inbox as inbox
from cuprum.storage.trigger_tables import subscription

# A sender that nobody reads must not fill the disk.
MOST_WAITING = 10_000
READ_AT_ONCE = 500


@dataclass(frozen=True)
class Waiting:
    """Notifications that came for a pair: the ids of the entries, and what the genuine ones say."""

    ids: list[int]
    genuine: list[tuple[int, Notification]]
    forged: list[int]

    @property
    def deleted(self) -> list[int]:
        """The records that are said to be gone."""
        return sorted({number for _, one in self.genuine if one.kind == "deleted" for number in one.ids})


def take(connection: Connection, path: str, token: str, body: bytes) -> bool:
    """Store a notification; False when nobody is known under that path."""
    found = connection.execute(select(subscription.c.id).where(subscription.c.path == path)).scalar()
    if found is None:
        return False
    waiting = connection.execute(select(func.count()).select_from(inbox).where(inbox.c.subscription_id == found)).scalar_one()
    if waiting < MOST_WAITING:
        now = int(time.time() * 1000)
        connection.execute(insert(inbox).values(subscription_id=found, token=token, body=body, at=now))
    return True


def waiting(connection: Connection, pair: Pair, box: SecretBox) -> Waiting:
    """What has come for a pair. Secrets are compared in constant time."""
    of = (subscription.c.connection_id == pair.connection_id, subscription.c.entity == pair.entity)
    joined = inbox.join(subscription, subscription.c.id == inbox.c.subscription_id)
    rows = connection.execute(
        select(inbox.c.id, inbox.c.token, inbox.c.body, subscription.c.sealed, subscription.c.id.label("subscription_id"))
        .select_from(joined)
        .where(*of)
        .order_by(inbox.c.id)
        .limit(READ_AT_ONCE)
    ).all()
    genuine, forged = [], []
    for row in rows:
        known = jsonio.decode(box.open(row.sealed))
        said = read_notification(row.body, {HEADER: row.token}, secret=known["secret"], token=known["token"])
        if said and said.entity == pair.entity:
            genuine.append((row.subscription_id, said))
        else:
            forged.append(row.subscription_id)
    return Waiting([row.id for row in rows], genuine, forged)


def remove(connection: Connection, read: Waiting) -> None:
    """Forget what was read, and count it."""
    connection.execute(delete(inbox).where(inbox.c.id.in_(read.ids)))
    _count(connection, (number for number, _ in read.genuine), "genuine", heard_at=int(time.time() * 1000))
    _count(connection, read.forged, "forged")


def _count(connection: Connection, subscriptions: Iterable[int], column: str, **values: int) -> None:
    for number in subscriptions:
        counted = {column: subscription.c[column] + 1, **values}
        connection.execute(update(subscription).where(subscription.c.id == number).values(**counted))
