"""Saved views of lists, and which of them each user has pinned."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, String, Table, Text, text

from cuprum.storage.column_types import BigId
from cuprum.storage.tables import metadata

saved_view = Table(
    "saved_view",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("entity", String(12), nullable=False),
    Column("owner_id", BigInteger, ForeignKey("user.id"), nullable=False),
    Column("name", Text, nullable=False),
    # The page that it is looked at on, and the state in that page's address.
    Column("path", String(64), nullable=False),
    Column("query", Text, nullable=False),
    Column("is_shared", Boolean, nullable=False, server_default=text("false")),
    Column("date_created", BigInteger, nullable=False),
    Column("date_modified", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
Index("ix_saved_view_entity", saved_view.c.entity, saved_view.c.owner_id)

saved_view_pin = Table(
    "saved_view_pin",
    metadata,
    Column("user_id", BigInteger, ForeignKey("user.id"), primary_key=True),
    Column("view_id", BigInteger, ForeignKey("saved_view.id", ondelete="CASCADE"), primary_key=True, index=True),
)
