"""Triggers: who polls what and how far, what records last looked like, what happened, and who has heard of it."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from cuprum.storage.column_types import BigId
from cuprum.storage.connection_tables import connection
from cuprum.storage.tables import metadata


def _connection_id(*, primary_key: bool = False) -> Column[int]:
    key = ForeignKey(connection.c.id, ondelete="CASCADE")
    return Column("connection_id", BigInteger, key, nullable=False, primary_key=primary_key)


# One row for each connection and entity that somebody watches. Seconds are the server's, milliseconds ours.
poll_state = Table(
    "poll_state",
    metadata,
    _connection_id(primary_key=True),
    Column("entity", String(16), primary_key=True),
    # The base URL that all this was read from: a connection may be pointed elsewhere.
    Column("origin", Text),
    # feed or search; null until the server was asked.
    Column("source", String(8)),
    Column("feed_path", Text),
    Column("feed_cursor", Text),
    Column("contact_at", BigInteger),
    # The server's clock less ours, in seconds.
    Column("ahead_seconds", Integer, nullable=False, server_default="0"),
    # When watching began, in milliseconds of the server's clock; what is older is history.
    Column("since_ms", BigInteger),
    Column("is_seeded", Boolean, nullable=False),
    # The latest second seen, and an unfinished sweep and census, as JSON.
    Column("second", BigInteger),
    Column("sweep", Text),
    Column("census", Text),
    Column("census_number", Integer, nullable=False, server_default="0"),
    Column("polled_at", BigInteger),
    Column("swept_at", BigInteger),
    Column("census_at", BigInteger),
    Column("hooks_at", BigInteger),
    Column("errors", Integer, nullable=False, server_default="0"),
    Column("error", Text),
    Column("error_status", Integer),
    Column("backoff_until", BigInteger),
    # The lease: host/process/token, serve or watch, and until when.
    Column("holder", String(120)),
    Column("holder_kind", String(8)),
    Column("held_until", BigInteger, nullable=False, server_default="0"),
)

record_shadow = Table(
    "record_shadow",
    metadata,
    _connection_id(primary_key=True),
    Column("entity", String(16), primary_key=True),
    Column("record_id", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(16), nullable=False),
    Column("body", Text, nullable=False),
    # A record that was deleted and came back lives again, and can be deleted again.
    Column("lives", Integer, nullable=False, server_default="1"),
    Column("deleted_at", BigInteger),
    # The number of the census that met it last.
    Column("census", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_record_shadow_census", record_shadow.c.connection_id, record_shadow.c.entity, record_shadow.c.census)

event_ledger = Table(
    "event_ledger",
    metadata,
    Column("seq", BigId, primary_key=True),
    _connection_id(),
    Column("entity", String(16), nullable=False),
    Column("record_id", BigInteger, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("version", String(64), nullable=False),
    # 0 for everybody; history that one binding asked for is for that one alone.
    Column("binding_id", BigInteger, nullable=False, server_default="0"),
    Column("at", BigInteger, nullable=False),
    Column("source", String(8), nullable=False),
    # {"record", "changed", "previous", "is_metadata_only"}
    Column("body", Text, nullable=False),
    # Milliseconds.
    Column("noted_at", BigInteger, nullable=False, index=True),
    UniqueConstraint("connection_id", "entity", "record_id", "kind", "version", "binding_id", name="uq_event_ledger"),
    sqlite_autoincrement=True,
)
Index("ix_event_ledger_pair", event_ledger.c.connection_id, event_ledger.c.entity, event_ledger.c.seq)

# What listens to a trigger: a workflow, or a `watch` of some name; and its place in the ledger.
trigger_binding = Table(
    "trigger_binding",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("workflow_id", BigInteger, ForeignKey("workflow.id", ondelete="CASCADE")),
    # The node's name in the workflow, or the name of the watch.
    Column("name", String(120), nullable=False),
    _connection_id(),
    Column("trigger", String(60), nullable=False),
    Column("entity", String(16), nullable=False),
    Column("parameters", Text, nullable=False),
    Column("is_on", Boolean, nullable=False),
    Column("from_seq", BigInteger, nullable=False),
    # Events before that millisecond of the server are history to it.
    Column("start_ms", BigInteger),
    # History that it asked for and has not been given yet: from that second on, and how far that is.
    Column("history_from", BigInteger),
    Column("history_cursor", Text),
    # Of a trigger that asks the server for more than changes: the server's second up to which it did, the place in the ledger
    # up to which changes were looked through, and the ids that were followed then, as JSON.
    Column("asked_until", BigInteger),
    Column("asked_seq", BigInteger),
    Column("followed", Text),
    # Milliseconds.
    Column("date_created", BigInteger, nullable=False),
    Column("error", Text),
    Column("holder", String(120)),
    Column("held_until", BigInteger, nullable=False, server_default="0"),
    sqlite_autoincrement=True,
)
Index(
    "uq_trigger_binding_workflow",
    trigger_binding.c.workflow_id,
    trigger_binding.c.name,
    unique=True,
)
Index(
    "uq_trigger_binding_watch",
    trigger_binding.c.name,
    trigger_binding.c.connection_id,
    trigger_binding.c.trigger,
    trigger_binding.c.entity,
    unique=True,
    sqlite_where=text("workflow_id IS NULL"),
    postgresql_where=text("workflow_id IS NULL"),
)
Index("ix_trigger_binding_pair", trigger_binding.c.connection_id, trigger_binding.c.entity)

# What we asked a server to tell us about: one for each connection, entity and event.
subscription = Table(
    "subscription",
    metadata,
    Column("id", BigId, primary_key=True),
    _connection_id(),
    Column("entity", String(16), nullable=False),
    # new, update or delete.
    Column("event", String(8), nullable=False),
    # The end of the address that it calls.
    Column("path", String(64), nullable=False, unique=True),
    # {"secret", "token"}: what a genuine notification carries in its body and in a header.
    Column("sealed", Text, nullable=False),
    # Null until the server gave it one.
    Column("remote_id", BigInteger),
    # Why the server does not take it; null when all is well.
    Column("refusal", Text),
    Column("heard_at", BigInteger),
    Column("genuine", Integer, nullable=False, server_default="0"),
    Column("forged", Integer, nullable=False, server_default="0"),
    # Events that a look found without having been told.
    Column("missed", Integer, nullable=False, server_default="0"),
    UniqueConstraint("connection_id", "entity", "event", name="uq_subscription"),
    sqlite_autoincrement=True,
)

# Notifications as they came, until a poller has looked.
delivery_inbox = Table(
    "delivery_inbox",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("subscription_id", BigInteger, ForeignKey("subscription.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("token", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    # Milliseconds.
    Column("at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
