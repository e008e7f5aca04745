"""The engine's own database: a SQLite file beside ours, or a schema on PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa

from cuprum.jobs.tables import SCHEMA

_OLDEST_SQLITE = (3, 42)


def open_sqlite(path: Path, *, synchronous: str = "FULL") -> sa.Engine:
    """WAL, writers that take their lock at the start of the transaction, and patience with other processes.

    FULL, because a hand-over deletes its row in our database once the engine has the work:
    a power cut must not take the one without the other.
    """
    database = sa.create_engine(
        f"sqlite:///{path}",
        module=_sqlite_module(),
        pool_size=10,
        max_overflow=20,
        connect_args={"check_same_thread": False},
    )

    @sa.event.listens_for(database, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        connection.execute("PRAGMA busy_timeout=30000")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute("PRAGMA foreign_keys=ON")

    return database.execution_options(schema_translate_map={SCHEMA: None})


def open_postgres(url: str, *, schema: str) -> sa.Engine:
    """A pool on an existing database; the schema is made when it is missing."""
    database = sa.create_engine(
        sa.make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=10,
        max_overflow=20,
        pool_pre_ping=True,
        connect_args={"application_name": "cuprum-jobs", "connect_timeout": os.environ.get("PGCONNECT_TIMEOUT", 10)},
    )
    return database.execution_options(schema_translate_map={SCHEMA: schema})


def _sqlite_module() -> ModuleType:
    if sqlite3.sqlite_version_info >= _OLDEST_SQLITE:
        return sqlite3
    from pysqlite3 import dbapi2

    return dbapi2
