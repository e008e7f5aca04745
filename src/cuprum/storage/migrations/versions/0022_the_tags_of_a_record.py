"""the tags of a record, found without a look at everybody's"""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.drop_index("ix_tag_key_record", table_name="tag_key")
    op.create_index("ix_tag_key_record", "tag_key", ["entity", "record_id", "tag"], unique=False)
