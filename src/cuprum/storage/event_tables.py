"""Tables of what happened, and of who is told."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, SmallInteger, String, Table, Text

from cuprum.storage.column_types import BigId, JsonText
from cuprum.storage.dialect import OwnTransaction
from cuprum.storage.tables import metadata

# One request, bulk edit, conversion, import or run is one group: the unit of undo.
change_group = Table(
    "change_group",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("actor", BigInteger),
    Column("face", String(12), nullable=False),
    Column("via", Text),
    Column("label", Text, nullable=False),
    Column("undone_by", String(36), index=True),
)
Index("ix_change_group_actor_id", change_group.c.actor, change_group.c.id)

change = Table(
    "change",
    metadata,
    Column("seq", BigId, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("group_id", String(36), ForeignKey("change_group.id"), nullable=False, index=True),
    Column("entity", String(32), nullable=False),
    Column("record_id", BigInteger, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("before", JsonText, nullable=False),
    Column("after", JsonText, nullable=False),
    # A reader of the log stops below the oldest open one.
    Column("transaction", BigInteger, nullable=False, default=OwnTransaction(), server_default="0"),
    sqlite_autoincrement=True,
)
Index("ix_change_record", change.c.entity, change.c.record_id, change.c.seq)
# The order in which the feed is read.
Index("ix_change_transaction_seq", change.c.transaction, change.c.seq)

# Which records a change of something between them is about, be it a relation or that somebody follows one.
change_about = Table(
    "change_about",
    metadata,
    Column("entity", String(12), primary_key=True),
    Column("record_id", BigInteger, primary_key=True, autoincrement=False),
    Column("change_seq", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# Work too long for one transaction (`kind` of what), and how far it has come; the row goes when it is done.
unfinished = Table(
    "unfinished",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("about", String(64), primary_key=True),
    # On whose behalf; none for somebody at the machine.
    Column("actor", BigInteger),
    Column("progress", JsonText, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Work that a change asks for; the row goes when the durable engine has taken it over.
handoff = Table(
    "handoff",
    metadata,
    Column("change_seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(12), primary_key=True),
    sqlite_with_rowid=False,
)

webhook = Table(
    "webhook",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("user.id"), nullable=False),
    Column("target", Text, nullable=False),
    Column("type", String(12), nullable=False),
    Column("event", String(8), nullable=False),
    Column("secret", JsonText),
    Column("headers", JsonText),
    Column("custom_field_computed_values", Boolean, nullable=False),
    Column("mode", String(8), nullable=False),
    Column("signing_secret", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("deleted_at", BigInteger),
    sqlite_autoincrement=True,
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("webhook_id", BigInteger, ForeignKey("webhook.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # Which run of the engine it belongs to: sent again by hand, it gets the next.
    Column("run_number", Integer, nullable=False, server_default="0"),
    Column("last_status", SmallInteger),
    Column("last_reason", Text),
    Column("last_attempt_at", BigInteger),
    Column("next_attempt_at", BigInteger),
)
Index("ix_delivery_webhook", delivery.c.webhook_id, delivery.c.id)
Index("ix_delivery_state", delivery.c.state, delivery.c.id)
Index("ix_delivery_last_attempt", delivery.c.last_attempt_at)

# Answers to writes that came with an `Idempotency-Key`, kept for 24 hours in the write's own transaction.
idempotency = Table(
    "idempotency",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
)
