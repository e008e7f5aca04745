"""which records a change of a relation, or of who follows, is about; teams that were deleted"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_AT_A_TIME = 1_000


def upgrade() -> None:
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(sa.Column("archived_at", sa.BigInteger(), nullable=True))
    about = op.create_table(
        "change_about",
        sa.Column("entity", sa.String(length=12), nullable=False),
        sa.Column("record_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("change_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("entity", "record_id", "change_seq", name=op.f("pk_change_about")),
        sqlite_with_rowid=False,
    )
    connection, seq = op.get_bind(), 0
    known = sa.text(
        "SELECT seq, before, after FROM change WHERE entity IN ('relation', 'follow', 'not_duplicate') AND seq > :seq"
        " ORDER BY seq LIMIT :most"
    )
    while rows := connection.execute(known, {"seq": seq, "most": _AT_A_TIME}).all():
        seq = rows[-1].seq
        ends = {(*end, row.seq) for row in rows for end in _ends(json.loads(row.before) or json.loads(row.after))}
        op.bulk_insert(about, [dict(zip(("entity", "record_id", "change_seq"), one, strict=True)) for one in sorted(ends)])


def _ends(values: dict) -> list[tuple[str, int]]:
    ends = [(values["entity"], values["record_id"])]
    if "other_id" in values:
        ends.append((values.get("other_entity", values["entity"]), values["other_id"]))
    return ends
