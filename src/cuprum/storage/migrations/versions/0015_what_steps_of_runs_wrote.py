"""what the steps of runs wrote: any number of records each, and which custom fields"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "automation_write",
        sa.Column("run_id", sa.String(length=200), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("entity", sa.String(length=16), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("custom_fields", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["automation_run.id"], name=op.f("fk_automation_write_run_id_automation_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "place", "entity", "record_id", name=op.f("pk_automation_write")),
    )
    op.execute(
        "INSERT INTO automation_write (run_id, place, entity, record_id, version)"
        " SELECT run_id, place, wrote_entity, wrote_id, wrote_version FROM automation_step"
        " WHERE wrote_entity IS NOT NULL AND wrote_id IS NOT NULL AND wrote_version IS NOT NULL"
    )
    with op.batch_alter_table("automation_write", schema=None) as batch_op:
        batch_op.create_index("ix_automation_write_record", ["entity", "record_id"], unique=False)
    with op.batch_alter_table("automation_step", schema=None) as batch_op:
        batch_op.drop_index("ix_automation_step_wrote")
        batch_op.drop_column("wrote_version")
        batch_op.drop_column("wrote_id")
        batch_op.drop_column("wrote_entity")
