"""an inbox for each user, reminders of tasks, and names that are nearly the same"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"

# SQLite only auto-increments INTEGER keys.
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FoldedText = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "notification",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", FoldedText, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("entity", sa.String(length=12), nullable=True),
        sa.Column("record_id", sa.BigInteger(), nullable=True),
        sa.Column("how_many", sa.Integer(), server_default="1", nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("path", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_notification_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("key", name=op.f("uq_notification_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notification_user", "notification", ["user_id", "id"])
    _partly("ix_notification_unread", "notification", ["user_id", "id"], "read_at IS NULL")
    _partly(
        "ix_task_reminder", "task", ["reminder_date", "id"], "deleted_at IS NULL AND status = 0 AND reminder_date IS NOT NULL"
    )
    further = ["id", "visibility", "assignee_id"]
    for name, other in (("last_name_key", "first_name_key"), ("first_name_key", "last_name_key")):
        _partly(f"ix_person_company_id_{name}", "person", ["company_id", name, other, *further], "deleted_at IS NULL")
    op.create_index("ix_merged_into_into", "merged_into", ["entity", "into_id"])


def _partly(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
