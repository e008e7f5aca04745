"""views of lists under a name, who pinned which, and lists by value, last contact and due date"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

# SQLite only auto-increments INTEGER keys.
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

INDEXES = (("opportunity", "monetary_value"), ("person", "date_last_contacted"), ("task", "due_date"))


def upgrade() -> None:
    for table, key in INDEXES:
        op.create_index(
            f"ix_{table}_{key}",
            table,
            [key, "id", "visibility", "assignee_id"],
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
    op.create_table(
        "saved_view",
        sa.Column("id", BigId, nullable=False),
        sa.Column("entity", sa.String(length=12), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("path", sa.String(length=64), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("date_created", sa.BigInteger(), nullable=False),
        sa.Column("date_modified", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_saved_view_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.create_index("ix_saved_view_entity", ["entity", "owner_id"], unique=False)
    op.create_table(
        "saved_view_pin",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("view_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_saved_view_pin_user_id")),
        sa.ForeignKeyConstraint(["view_id"], ["saved_view.id"], name=op.f("fk_saved_view_pin_view_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "view_id", name=op.f("pk_saved_view_pin")),
    )
    with op.batch_alter_table("saved_view_pin", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_view_pin_view_id"), ["view_id"], unique=False)
