"""where merged records went, and which pairs are no duplicates"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "merged_into",
        sa.Column("entity", sa.String(length=12), nullable=False),
        sa.Column("record_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("into_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("entity", "record_id", name=op.f("pk_merged_into")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "not_duplicate",
        sa.Column("entity", sa.String(length=12), nullable=False),
        sa.Column("record_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("other_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("entity", "record_id", "other_id", name=op.f("pk_not_duplicate")),
        sqlite_with_rowid=False,
    )
