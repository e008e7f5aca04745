"""Work that a change asks for, noted in the change's own transaction and taken over after the commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from cuprum.events.log import Change
from cuprum.storage.dialect import remembered, taking
from cuprum.storage.event_tables import change, change_group, handoff, webhook
from cuprum.storage.rows import insertion

WEBHOOK = "webhook"

# What a subscriber hears for each kind of change.
EVENTS = {"new": "new", "restore": "new", "update": "update", "convert": "update", "merge": "update", "delete": "delete"}

# Subscriptions name activities as Copper does.
SUBSCRIBED_TYPES = {"activity": "activity_log"}

_SUBSCRIBED = (
    select(webhook.c.id)
    .where(webhook.c.type == bindparam("type"), webhook.c.event == bindparam("event"), webhook.c.deleted_at.is_(None))
    .limit(1)
)


def note_for_webhooks(connection: Connection, entries: Sequence[Change]) -> None:
    """Hand changes over to the webhooks where anybody has subscribed to them."""
    noted = [{"change_seq": entry.seq, "kind": WEBHOOK} for entry in entries if _is_wanted(connection, entry)]
    if noted:
        insertion(handoff).run_each(connection, noted)


def _is_wanted(connection: Connection, entry: Change) -> bool:
    event = EVENTS.get(entry.kind)
    return event is not None and _is_subscribed(connection, SUBSCRIBED_TYPES.get(entry.entity, entry.entity), event)


def _is_subscribed(connection: Connection, subscribed: str, event: str) -> bool:
    known = remembered(connection, "subscriptions")
    key = (subscribed, event)
    if key not in known:
        known[key] = connection.execute(_SUBSCRIBED, {"type": subscribed, "event": event}).first() is not None
    return known[key]


def take(connection: Connection, kind: str, most: int) -> list[Any]:
    """The oldest changes handed over for this kind, taken: they are gone with the commit of this transaction."""
    waiting = select(handoff.c.change_seq).where(handoff.c.kind == kind).order_by(handoff.c.change_seq).limit(most)
    taken = list(connection.execute(taking(connection, waiting)).scalars())
    if not taken:
        return []
    connection.execute(delete(handoff).where(handoff.c.kind == kind, handoff.c.change_seq.in_(taken)))
    found = select(change, change_group.c.at).join(change_group, change_group.c.id == change.c.group_id)
    return list(connection.execute(found.where(change.c.seq.in_(taken)).order_by(change.c.seq)))
