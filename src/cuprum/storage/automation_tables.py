"""Workflows, their runs, and every step of each: what the engine forgets after a while is kept here."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from cuprum.storage.column_types import BigId
from cuprum.storage.tables import metadata

workflow = Table(
    "workflow",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", String(120), nullable=False, unique=True),
    # The file as it was added, with every key that it had.
    Column("definition", Text, nullable=False),
    # Which connection each node uses: {"copper_1": "main", "": "the one for all others"}.
    Column("connections", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("user_id", BigInteger, ForeignKey("user.id")),
    Column("date_created", BigInteger, nullable=False),
    Column("date_modified", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

automation_run = Table(
    "automation_run",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("workflow_id", BigInteger, ForeignKey("workflow.id", ondelete="SET NULL")),
    Column("name", Text, nullable=False),
    Column("state", String(10), nullable=False),
    # Why it is parked: unavailable, needs_reauth or ambiguous.
    Column("reason", String(16)),
    # Each retry goes on under the next number.
    Column("attempt", Integer, nullable=False),
    # The definition, the inputs and everything else that it runs with, as they were when it started.
    Column("arguments", Text, nullable=False),
    Column("outputs", Text),
    Column("error", Text),
    Column("place", Text),
    # How many runs stand between this one and what a person did.
    Column("depth", Integer, nullable=False),
    # Milliseconds.
    Column("created_at", BigInteger, nullable=False, index=True),
    Column("started_at", BigInteger),
    Column("finished_at", BigInteger),
)
Index("ix_automation_run_workflow", automation_run.c.workflow_id, automation_run.c.created_at)
Index("ix_automation_run_state", automation_run.c.state, automation_run.c.created_at)

automation_step = Table(
    "automation_step",
    metadata,
    Column("run_id", String(200), ForeignKey("automation_run.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Text, primary_key=True),
    Column("node", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("input", Text),
    Column("output", Text),
    Column("error", Text),
    # The second at which a write was sent whose outcome is not known yet.
    Column("sent_at", BigInteger),
    # The changes that it made, where the server says so; what `automation_write` says of it elsewhere.
    Column("wrote_group", String(36), index=True),
    # Milliseconds.
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
)

# What steps wrote, so that nobody takes it for somebody else's change.
automation_write = Table(
    "automation_write",
    metadata,
    Column("run_id", String(200), ForeignKey("automation_run.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Text, primary_key=True),
    Column("entity", String(16), primary_key=True),
    Column("record_id", BigInteger, primary_key=True),
    # The second at which the record was modified, by the server's clock; 0: it was deleted.
    Column("version", BigInteger, nullable=False),
    # The definition ids of the custom fields among what was sent, as a JSON list; null where that was not noted.
    Column("custom_fields", Text),
)
Index("ix_automation_write_record", automation_write.c.entity, automation_write.c.record_id)
