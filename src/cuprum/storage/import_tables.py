"""Imports of files, the files until they are through, and what became of each of their rows."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from cuprum.storage.column_types import BigId
from cuprum.storage.tables import metadata

import_job = Table(
    "import_job",
    metadata,
    Column("id", BigId, primary_key=True),
    # The engine's name for it, that of its file, and of its group of changes.
    Column("uid", String(36), nullable=False, unique=True),
    Column("entity", String(12), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("headers", Text, nullable=False),
    # The first cells of each column.
    Column("samples", Text, nullable=False, server_default="[]"),
    Column("plan", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("total", Integer, nullable=False),
    # How many of its rows are through, of each outcome: {"new": 17, …}.
    Column("counts", Text, nullable=False),
    Column("error", Text),
    Column("user_id", BigInteger, ForeignKey("user.id"), nullable=False),
    Column("face", String(8), nullable=False),
    Column("via", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("started_at", BigInteger),
    Column("finished_at", BigInteger),
    sqlite_autoincrement=True,
)
Index("ix_import_job_state", import_job.c.state)

# In parts: no row, and no transaction that writes one, is large.
import_file = Table(
    "import_file",
    metadata,
    Column("uid", String(36), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

import_row = Table(
    "import_row",
    metadata,
    Column("job_id", BigInteger, ForeignKey("import_job.id", ondelete="CASCADE"), primary_key=True),
    # Where it begins in the file.
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("outcome", String(8), nullable=False),
    Column("record_id", BigInteger),
    Column("reason", Text),
    # As they were in the file, of what was left out: the file itself goes when the import is done.
    Column("cells", Text),
)
Index("ix_import_row_outcome", import_row.c.job_id, import_row.c.outcome, import_row.c.line)
