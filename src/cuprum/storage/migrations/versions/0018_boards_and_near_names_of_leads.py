"""the columns of a board in order, and leads of a company who share a name"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    _living("opportunity", "pipeline_stage_id", "status", "close_date")
    for name, other in (("last_name_key", "first_name_key"), ("first_name_key", "last_name_key")):
        _living("lead", "company_name_key", name, covering=(other, "converted_at"))


def _living(table: str, *keys: str, covering: tuple[str, ...] = ()) -> None:
    op.create_index(
        f"ix_{table}_{'_'.join(keys)}",
        table,
        [*keys, *covering, "id", "visibility", "assignee_id"],
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
