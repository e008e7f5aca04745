"""Our own two tables beside the engine's: who is alive, and what is to start when."""

from __future__ import annotations

import sqlalchemy as sa

# Rendered as the jobs' schema on PostgreSQL and as none on SQLite.
SCHEMA = "jobs_schema"
_metadata = sa.MetaData(schema=SCHEMA)

node = sa.Table(
    "cuprum_node",
    _metadata,
    sa.Column("executor_id", sa.Text, primary_key=True),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("listens", sa.Boolean, nullable=False),
    sa.Column("started_at", sa.Double, nullable=False),
    sa.Column("beat_at", sa.Double, nullable=False),
)

schedule = sa.Table(
    "cuprum_schedule",
    _metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("workflow", sa.Text, nullable=False),
    sa.Column("args", sa.Text, nullable=False),
    sa.Column("cron", sa.Text),
    sa.Column("every_seconds", sa.Integer),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("queue", sa.Text),
    sa.Column("partition", sa.Text),
    sa.Column("overlaps", sa.Boolean, nullable=False),
    sa.Column("tells_time", sa.Boolean, nullable=False),
    sa.Column("last_at", sa.Double, nullable=False),
    sa.Column("last_id", sa.Text),
)


def create_tables(database: sa.Engine) -> None:
    with database.begin() as connection:
        if connection.dialect.name == "postgresql":
            # IF NOT EXISTS alone still collides when two nodes start at the same moment.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('cuprum.jobs.create_tables'))"))
            schema = connection.get_execution_options()["schema_translate_map"][SCHEMA]
            connection.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
        for table in _metadata.sorted_tables:
            connection.execute(sa.schema.CreateTable(table, if_not_exists=True))


def now(database: sa.Engine) -> sa.ColumnElement[float]:
    """The database's clock in epoch seconds: the one clock that several machines share."""
    if database.dialect.name == "postgresql":
        return sa.cast(sa.extract("epoch", sa.func.clock_timestamp()), sa.Double)
    return sa.literal_column("unixepoch('subsec')", sa.Double)
