"""nicknames of people"""

import sqlalchemy as sa
from alembic import op

from cuprum.storage.column_types import FoldedText

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("nickname", sa.Text()))
        person.add_column(sa.Column("nickname_key", FoldedText, server_default="", nullable=False))
