"""blank names last: orders by a part of the name that end with who has none"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

# The columns in front of the key and behind it: an order that starts with the owner has it in front.
INDEXES = (
    ("lead", "", "first_name_key"),
    ("lead", "", "last_name_key"),
    ("person", "", "first_name_key"),
    ("person", "", "last_name_key"),
    ("person", "assignee_id", "first_name_key"),
)


def upgrade() -> None:
    for table, before, key in INDEXES:
        name = "_".join(part for part in ("ix", table, before, key, "filled_first") if part)
        further = ("id", "visibility") if before else ("id", "visibility", "assignee_id")
        op.create_index(
            name,
            table,
            [*([before] if before else []), sa.text(f"({key} = '')"), key, *further],
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
