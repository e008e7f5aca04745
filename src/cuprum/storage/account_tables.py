"""Tables of the account: its people, its rights, its own vocabulary."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, SmallInteger, String, Table, Text, text

from cuprum.storage.column_types import BigId, FoldedText, JsonText, Rate
from cuprum.storage.tables import metadata

# One row. `vocabulary_version` rises whenever a definition, pipeline, status, type or user changes: caches compare it.
account = Table(
    "account",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("primary_timezone", String(64), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("leads_enabled", Boolean, nullable=False),
    Column("vocabulary_version", BigInteger, nullable=False, server_default="1"),
    Column("epoch", String(36), nullable=False),
    # The group of changes that loaded the sample data last.
    Column("sample_group", String(36)),
    Column("date_created", BigInteger, nullable=False),
)

user = Table(
    "user",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("email_key", FoldedText, nullable=False, unique=True),
    Column("role", String(8), nullable=False),
    Column("password_hash", Text),
    Column("disabled_at", BigInteger),
    Column("date_created", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

team = Table(
    "team",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", Text, nullable=False),
    # A team that was deleted keeps its members and what is shared with it, and gives nobody a right any more.
    Column("archived_at", BigInteger),
    sqlite_autoincrement=True,
)

team_member = Table(
    "team_member",
    metadata,
    Column("team_id", BigInteger, ForeignKey("team.id"), primary_key=True),
    Column("user_id", BigInteger, ForeignKey("user.id"), primary_key=True, index=True),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("user.id"), nullable=False, index=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("label", Text, nullable=False),
    Column("hint", String(8), nullable=False),
    Column("date_created", BigInteger, nullable=False),
    Column("last_used_at", BigInteger),
    Column("revoked_at", BigInteger),
    sqlite_autoincrement=True,
)

# Who else sees a record that is not for everybody: `u12` is a user, `t3` a team.
record_share = Table(
    "record_share",
    metadata,
    Column("entity", String(12), primary_key=True),
    Column("record_id", BigInteger, primary_key=True, autoincrement=False),
    Column("grantee", String(21), primary_key=True),
    sqlite_with_rowid=False,
)

follow = Table(
    "follow",
    metadata,
    Column("entity", String(12), primary_key=True),
    Column("user_id", BigInteger, ForeignKey("user.id"), primary_key=True),
    Column("record_id", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)


def _words(name: str, *further: Column) -> Table:
    return Table(
        name,
        metadata,
        Column("id", BigId, primary_key=True),
        Column("name", Text, nullable=False),
        Column("place", Integer, nullable=False, server_default="0"),
        *further,
        Column("archived_at", BigInteger),
        sqlite_autoincrement=True,
    )


contact_type = _words("contact_type", Column("is_default", Boolean, nullable=False, server_default=text("false")))
lead_status = _words("lead_status", Column("is_default", Boolean, nullable=False, server_default=text("false")))
customer_source = _words("customer_source")
loss_reason = _words("loss_reason")
pipeline = _words(
    "pipeline",
    Column("type", String(12), nullable=False),
    Column("is_revenue", Boolean, nullable=False),
    Column("silent_after_days", Integer),
)
pipeline_stage = _words(
    "pipeline_stage",
    Column("pipeline_id", BigInteger, ForeignKey("pipeline.id"), nullable=False, index=True),
    Column("win_probability", SmallInteger),
)
activity_type = _words(
    "activity_type",
    Column("icon_type", String(20), nullable=False),
    Column("is_disabled", Boolean, nullable=False, server_default=text("false")),
    Column("is_interaction", Boolean, nullable=False, server_default=text("false")),
    Column("is_default_task_type", Boolean),
)

custom_field_definition = Table(
    "custom_field_definition",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", Text, nullable=False),
    Column("data_type", String(12), nullable=False),
    Column("available_on", JsonText, nullable=False),
    Column("is_filterable", Boolean, nullable=False),
    Column("currency", String(3)),
    Column("place", Integer, nullable=False, server_default="0"),
    # Of people who fill in forms; the wire of Copper has no word for it.
    Column("is_required", Boolean, nullable=False, server_default=text("false")),
    Column("deleted_at", BigInteger),
    sqlite_autoincrement=True,
)

custom_field_option = Table(
    "custom_field_option",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("definition_id", BigInteger, ForeignKey("custom_field_definition.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("deleted_at", BigInteger),
    sqlite_autoincrement=True,
)

exchange_rate = Table(
    "exchange_rate",
    metadata,
    Column("currency", String(3), primary_key=True),
    Column("rate", Rate, nullable=False),
    Column("date_modified", BigInteger, nullable=False),
)

# Bidirectional links between records; stored once, the lesser (entity, id) first.
relation = Table(
    "relation",
    metadata,
    Column("entity", String(12), primary_key=True),
    Column("record_id", BigInteger, primary_key=True, autoincrement=False),
    Column("other_entity", String(12), primary_key=True),
    Column("other_id", BigInteger, primary_key=True, autoincrement=False),
    Column("date_created", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_relation_other", relation.c.other_entity, relation.c.other_id, relation.c.entity, relation.c.record_id)

# Where a record went that was merged into another: its old addresses lead on to that one.
merged_into = Table(
    "merged_into",
    metadata,
    Column("entity", String(12), primary_key=True),
    Column("record_id", BigInteger, primary_key=True, autoincrement=False),
    Column("into_id", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_merged_into_into", merged_into.c.entity, merged_into.c.into_id)

# Pairs of which somebody said that they are two; the lesser id first.
not_duplicate = Table(
    "not_duplicate",
    metadata,
    Column("entity", String(12), primary_key=True),
    Column("record_id", BigInteger, primary_key=True, autoincrement=False),
    Column("other_id", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# Small facts that a node or a command keeps between starts.
setting = Table("setting", metadata, Column("key", String(64), primary_key=True), Column("value", JsonText))

# One row: a known word, sealed with the key of the installation, by which a process sees whether it holds that key.
sealed_word = Table(
    "sealed_word",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("word", Text, nullable=False),
)
