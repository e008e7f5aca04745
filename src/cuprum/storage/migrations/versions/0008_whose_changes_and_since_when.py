"""the groups of changes that runs wrote, and bindings that begin at a millisecond"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("automation_step", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wrote_group", sa.String(length=36), nullable=True))
        batch_op.create_index(batch_op.f("ix_automation_step_wrote_group"), ["wrote_group"], unique=False)
    with op.batch_alter_table("trigger_binding", schema=None) as batch_op:
        batch_op.alter_column("start_at", new_column_name="start_ms")
    op.execute("UPDATE trigger_binding SET start_ms = start_ms * 1000")
