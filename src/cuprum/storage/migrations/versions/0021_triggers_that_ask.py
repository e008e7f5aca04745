"""triggers that ask for what is no change: moments that pass, and who follows"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0018"


def upgrade() -> None:
    with op.batch_alter_table("event_ledger", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.alter_column("kind", existing_type=sa.String(8), type_=sa.String(12), existing_nullable=False)
    with op.batch_alter_table("trigger_binding", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_until", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("asked_seq", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("followed", sa.Text(), nullable=True))
