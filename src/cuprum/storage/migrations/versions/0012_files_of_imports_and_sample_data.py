"""files of imports are kept in the database, where every server finds them, and an account knows its sample data"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "import_file",
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("uid", "place", name=op.f("pk_import_file")),
    )
    with op.batch_alter_table("import_job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("samples", sa.Text(), nullable=False, server_default="[]"))
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sample_group", sa.String(length=36), nullable=True))
