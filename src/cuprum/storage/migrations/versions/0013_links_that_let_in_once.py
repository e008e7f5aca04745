"""links that let somebody in once, where a session is, fields that people must fill in, rates with ten places"""

import sqlalchemy as sa
from alembic import op

from cuprum.storage.column_types import BigId

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    with op.batch_alter_table("custom_field_definition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_required", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("browser", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("address", sa.String(length=64), server_default="", nullable=False))
    # Four places were too few for the rates of small currencies.
    op.execute("UPDATE exchange_rate SET rate = rate * 1000000")
    op.create_table(
        "one_time_link",
        sa.Column("id", BigId, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("date_created", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_one_time_link_made_by_user")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_one_time_link_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("hash", name=op.f("uq_one_time_link_hash")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_link_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_one_time_link_user_id"), ["user_id"], unique=False)
