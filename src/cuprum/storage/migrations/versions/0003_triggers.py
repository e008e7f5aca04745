"""triggers: pollers, shadows, the ledger of events and who listens"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# SQLite only auto-increments INTEGER keys.
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "event_ledger",
        sa.Column("seq", BigId, nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("entity", sa.String(length=16), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("binding_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_event_ledger_connection_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event_ledger")),
        sa.UniqueConstraint("connection_id", "entity", "record_id", "kind", "version", "binding_id", name="uq_event_ledger"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("event_ledger", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_ledger_noted_at"), ["noted_at"], unique=False)
        batch_op.create_index("ix_event_ledger_pair", ["connection_id", "entity", "seq"], unique=False)

    op.create_table(
        "poll_state",
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("entity", sa.String(length=16), nullable=False),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=8), nullable=True),
        sa.Column("feed_path", sa.Text(), nullable=True),
        sa.Column("feed_cursor", sa.Text(), nullable=True),
        sa.Column("contact_at", sa.BigInteger(), nullable=True),
        sa.Column("ahead_seconds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=True),
        sa.Column("is_seeded", sa.Boolean(), nullable=False),
        sa.Column("second", sa.BigInteger(), nullable=True),
        sa.Column("sweep", sa.Text(), nullable=True),
        sa.Column("census", sa.Text(), nullable=True),
        sa.Column("census_number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("polled_at", sa.BigInteger(), nullable=True),
        sa.Column("swept_at", sa.BigInteger(), nullable=True),
        sa.Column("census_at", sa.BigInteger(), nullable=True),
        sa.Column("hooks_at", sa.BigInteger(), nullable=True),
        sa.Column("errors", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("error_status", sa.Integer(), nullable=True),
        sa.Column("backoff_until", sa.BigInteger(), nullable=True),
        sa.Column("holder", sa.String(length=120), nullable=True),
        sa.Column("holder_kind", sa.String(length=8), nullable=True),
        sa.Column("held_until", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_poll_state_connection_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("connection_id", "entity", name=op.f("pk_poll_state")),
    )
    op.create_table(
        "record_shadow",
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("entity", sa.String(length=16), nullable=False),
        sa.Column("record_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("lives", sa.Integer(), server_default="1", nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.Column("census", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_record_shadow_connection_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("connection_id", "entity", "record_id", name=op.f("pk_record_shadow")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("record_shadow", schema=None) as batch_op:
        batch_op.create_index("ix_record_shadow_census", ["connection_id", "entity", "census"], unique=False)

    op.create_table(
        "request_budget",
        sa.Column("connection_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("is_limited", sa.Boolean(), nullable=True),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("refilled_at", sa.BigInteger(), nullable=False),
        sa.Column("paused_until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_request_budget_connection_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("connection_id", name=op.f("pk_request_budget")),
    )
    op.create_table(
        "subscription",
        sa.Column("id", BigId, nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("entity", sa.String(length=16), nullable=False),
        sa.Column("event", sa.String(length=8), nullable=False),
        sa.Column("path", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("remote_id", sa.BigInteger(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("heard_at", sa.BigInteger(), nullable=True),
        sa.Column("genuine", sa.Integer(), server_default="0", nullable=False),
        sa.Column("forged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("missed", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_subscription_connection_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("connection_id", "entity", "event", name="uq_subscription"),
        sa.UniqueConstraint("path", name=op.f("uq_subscription_path")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "trigger_binding",
        sa.Column("id", BigId, nullable=False),
        sa.Column("workflow_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("trigger", sa.String(length=60), nullable=False),
        sa.Column("entity", sa.String(length=16), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("from_seq", sa.BigInteger(), nullable=False),
        sa.Column("start_at", sa.BigInteger(), nullable=True),
        sa.Column("history_from", sa.BigInteger(), nullable=True),
        sa.Column("history_cursor", sa.Text(), nullable=True),
        sa.Column("date_created", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("holder", sa.String(length=120), nullable=True),
        sa.Column("held_until", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_trigger_binding_connection_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workflow_id"], ["workflow.id"], name=op.f("fk_trigger_binding_workflow_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trigger_binding")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("trigger_binding", schema=None) as batch_op:
        batch_op.create_index("ix_trigger_binding_pair", ["connection_id", "entity"], unique=False)
        batch_op.create_index(
            "uq_trigger_binding_watch",
            ["name", "connection_id", "trigger", "entity"],
            unique=True,
            sqlite_where=sa.text("workflow_id IS NULL"),
            postgresql_where=sa.text("workflow_id IS NULL"),
        )
        batch_op.create_index("uq_trigger_binding_workflow", ["workflow_id", "name"], unique=True)

    op.create_table(
        "delivery_inbox",
        sa.Column("id", BigId, nullable=False),
        sa.Column("subscription_id", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_delivery_inbox_subscription_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_inbox")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("delivery_inbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_inbox_subscription_id"), ["subscription_id"], unique=False)
