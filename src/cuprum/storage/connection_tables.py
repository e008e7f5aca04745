"""Connections to Copper-shaped APIs, their secrets sealed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, String, Table, Text

from cuprum.storage.column_types import BigId
from cuprum.storage.tables import metadata

# What a connection's `state` says; while one process refreshes its token, the others wait.
OK, REFRESHING, NEEDS_REAUTHORISATION = "ok", "refreshing", "needs_reauth"

connection = Table(
    "connection",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("kind", String(10), nullable=False),
    Column("base_url", Text, nullable=False),
    # What is not secret about it: the e-mail address, or the OAuth app and where it authorises.
    Column("public", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("user_id", BigInteger, ForeignKey("user.id")),
    Column("date_created", BigInteger, nullable=False),
    Column("date_modified", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

# How many requests may still go out through a connection, whichever process sends them.
request_budget = Table(
    "request_budget",
    metadata,
    Column("connection_id", BigInteger, ForeignKey("connection.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    # The base URL that this is true of.
    Column("origin", Text, nullable=False),
    # Null until the server was asked.
    Column("is_limited", Boolean),
    # Thousandths of a request, as it was at that millisecond.
    Column("tokens", BigInteger, nullable=False),
    Column("refilled_at", BigInteger, nullable=False),
    # The server said that it was too much: nobody asks before that millisecond.
    Column("paused_until", BigInteger, nullable=False),
)
