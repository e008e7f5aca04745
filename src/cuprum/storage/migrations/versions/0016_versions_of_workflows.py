"""each version of a workflow is kept, with the text that somebody wrote, and runs name the one they ran"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "workflow_version",
        sa.Column("workflow_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("connections", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("date_created", sa.BigInteger(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_workflow_version_user_id_user")),
        sa.ForeignKeyConstraint(
            ["workflow_id"], ["workflow.id"], name=op.f("fk_workflow_version_workflow_id_workflow"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workflow_id", "number", name=op.f("pk_workflow_version")),
    )
    # Plain ADD COLUMN: a table that is rebuilt on SQLite would take what hangs on it along.
    op.add_column("workflow", sa.Column("source", sa.Text(), nullable=True))
    op.add_column("workflow", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("automation_run", sa.Column("version", sa.Integer(), nullable=True))
    op.execute(
        "INSERT INTO workflow_version (workflow_id, number, definition, connections, user_id, date_created) "
        "SELECT id, 1, definition, connections, user_id, date_modified FROM workflow"
    )
