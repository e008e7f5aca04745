"""A backup: one file with our database and the engine's, both as they stood at one moment, of a running server too."""

from __future__ import annotations

import os
import subprocess
import tempfile
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from cuprum.config import Settings
from cuprum.kit import jsonio
from cuprum.kit.errors import CuprumError, Refused
from cuprum.storage import dialect
from cuprum.storage.held_word import ENGINE_TABLES, held_word
from cuprum.storage.migrate import newest_revision
from cuprum.storage.write_lock import write_lock

MANIFEST = "manifest.json"
SQLITE_FILES = ("cuprum.db", "jobs.db")
POSTGRESQL_FILE = "database.sql"


class ToolFailed(CuprumError):
    """PostgreSQL's own tool is missing, or refused."""


def backup(settings: Settings, target: Path) -> Path:
    """Write a backup of a migrated database to a file, or under a name of its own into a folder; returns the file."""
    if target.is_dir():
        target = target / f"cuprum-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.backup"
    if not target.parent.is_dir():
        raise Refused(f"There is no folder {target.parent}.")
    with tempfile.TemporaryDirectory(prefix=".cuprum-backup-", dir=target.parent) as folder:
        parts = _sqlite(settings, Path(folder)) if settings.is_sqlite else [_postgresql(settings, Path(folder))]
        packed = Path(folder) / "packed"
        _pack(packed, parts, _manifest(settings))
        os.replace(packed, target)
    return target


def _manifest(settings: Settings) -> dict[str, Any]:
    return {
        "format": 1,
        "database": "sqlite" if settings.is_sqlite else "postgresql",
        "schema": newest_revision(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _sqlite(settings: Settings, folder: Path) -> list[Path]:
    """Copies of both files; writers wait only for the moment in which both snapshots are opened."""
    files = [file for name in SQLITE_FILES if (file := settings.home / name).exists()]
    sources = [dialect.sqlite_module().connect(file, isolation_level=None, timeout=30) for file in files]
    with write_lock(settings.home):
        # Ours first: what the engine has taken over by then is in its own file too.
        for source in sources:
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
    for source, file in zip(sources, files, strict=True):
        # One step within the open read transaction: the copy is that snapshot, whatever is written meanwhile.
        with closing(source), closing(dialect.sqlite_module().connect(folder / file.name)) as copy:
            source.backup(copy)
    return [folder / file.name for file in files]


def _postgresql(settings: Settings, folder: Path) -> Path:
    dump = folder / POSTGRESQL_FILE
    engine = dialect.postgresql_engine(settings, size=1)
    try:
        # The engine's tables are in the same database, so one dump is one moment. But for functions: pg_dump sees them as
        # they are by then, and half of one that was made meanwhile.
        with held_word(engine, ENGINE_TABLES, shared=True):
            postgresql_tool(settings, "pg_dump", "--no-owner", "--no-privileges", f"--file={dump}")
    finally:
        engine.dispose()
    return dump


def postgresql_tool(settings: Settings, tool: str, *arguments: str) -> None:
    """Run pg_dump or psql on the database; raises ToolFailed with its own words."""
    url = make_url(settings.database_url).set(drivername="postgresql")
    # The password goes by the environment: everybody can read a command line.
    environment = {**os.environ, "PGPASSWORD": str(url.password)} if url.password else None
    address = url.set(password=None).render_as_string(hide_password=False)
    try:
        done = subprocess.run([tool, f"--dbname={address}", *arguments], env=environment, capture_output=True, text=True)
    except FileNotFoundError:
        raise ToolFailed(
            f"{tool} is not installed here. Install PostgreSQL's client programs (Debian: postgresql-client)."
        ) from None
    if done.returncode:
        raise ToolFailed(f"{tool} refused: {done.stderr.strip()}")


def _pack(packed: Path, parts: list[Path], manifest: dict[str, Any]) -> None:
    descriptor = os.open(packed, os.O_CREAT | os.O_RDWR, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(MANIFEST, jsonio.encode(manifest))
            for part in parts:
                archive.write(part, part.name)
        file.flush()
        os.fsync(file.fileno())
