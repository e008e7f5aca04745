"""The table of what people are told in their inbox."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, text

from cuprum.storage.column_types import BigId, FoldedText
from cuprum.storage.tables import metadata

notification = Table(
    "notification",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("user.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    # What makes it the only one of its kind: whoever tells the same once more tells nothing.
    Column("key", FoldedText, nullable=False, unique=True),
    Column("at", BigInteger, nullable=False),
    Column("read_at", BigInteger),
    # Who did it; none where nobody did, as with a reminder.
    Column("actor_id", BigInteger),
    # What it is about. Where that is no record, its words and the place that it leads to are kept.
    Column("entity", String(12)),
    Column("record_id", BigInteger),
    Column("how_many", Integer, nullable=False, server_default="1"),
    Column("words", Text),
    Column("path", Text),
    sqlite_autoincrement=True,
)
Index("ix_notification_user", notification.c.user_id, notification.c.id)
_UNREAD = text("read_at IS NULL")
Index("ix_notification_unread", notification.c.user_id, notification.c.id, sqlite_where=_UNREAD, postgresql_where=_UNREAD)
