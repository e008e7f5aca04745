"""Is this installation well? Each check says what it saw and, where something is wrong, the cure."""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, inspect, select, text

from cuprum.config import Settings
from cuprum.entities import ENTITIES
from cuprum.storage import dialect
from cuprum.storage.database import Database
from cuprum.storage.event_tables import change_group
from cuprum.storage.key_check import OtherKey, check_key
from cuprum.storage.migrate import newest_revision, stored_revision
from cuprum.storage.rebuild import flaws, full_text_flaw

ENOUGH_BYTES = 200_000_000
CLOCK_MAY_DIFFER_SECONDS = 300
# No clock is right that shows a day before this program was written.
WRITTEN_AT = 1_760_000_000


@dataclass(frozen=True)
class Finding:
    """One check: `cure` is empty when all is well; `is_warning` when it can wait."""

    check: str
    words: str
    cure: str = ""
    is_warning: bool = False


def checks(database: Database) -> Iterator[Finding]:
    settings = database.settings
    yield _engine(database)
    yield _schema(database)
    yield _integrity(database)
    yield _foreign_keys(database)
    yield _lookups(database)
    yield _full_text(database)
    yield _disk(settings)
    yield _clock(database)
    yield from _rights(settings)
    yield _jobs(database)
    yield _key(database)


def _engine(database: Database) -> Finding:
    with database.reading.connect() as connection:
        if dialect.is_sqlite(connection):
            version = connection.execute(text("SELECT sqlite_version()")).scalar_one()
            needed = ".".join(map(str, dialect.SQLITE_NEEDED))
            new_enough = tuple(map(int, version.split("."))) >= dialect.SQLITE_NEEDED
            cure = "" if new_enough else f"Use a Python with SQLite {needed} or newer, or PostgreSQL (CUPRUM_DATABASE_URL)."
            return Finding("database", f"SQLite {version}, {needed} is needed", cure)
        return Finding("database", f"PostgreSQL {connection.execute(text('SHOW server_version')).scalar_one()}")


def _schema(database: Database) -> Finding:
    stored, newest = stored_revision(database.reading), newest_revision()
    return Finding("schema", f"{stored}, this program knows {newest}", "" if stored == newest else "Run: cuprum migrate")


def _integrity(database: Database) -> Finding:
    if not database.settings.is_sqlite:
        return Finding("integrity", "PostgreSQL keeps it by checksums of its own")
    with database.reading.connect() as connection:
        answer = connection.execute(text("PRAGMA quick_check(3)")).scalars().all()
    if answer == ["ok"]:
        return Finding("integrity", "every page of the file is sound")
    return Finding("integrity", "; ".join(answer), "The file is damaged: restore the last backup (cuprum restore FILE).")


def _foreign_keys(database: Database) -> Finding:
    if not database.settings.is_sqlite:
        return Finding("foreign keys", "PostgreSQL enforces them")
    with database.reading.connect() as connection:
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if not broken:
        return Finding("foreign keys", "every one leads somewhere")
    tables = ", ".join(sorted({row[0] for row in broken}))
    return Finding(
        "foreign keys", f"{len(broken)} rows point nowhere ({tables})", "Restore the last backup (cuprum restore FILE)."
    )


def _lookups(database: Database) -> Finding:
    wrong = 0
    for entity in ENTITIES:
        after: int | None = 0
        while after is not None:
            found, after = database.read_now(flaws, entity, after)
            wrong += found
    if not wrong:
        return Finding("lookups", "all agree with their records")
    return Finding("lookups", f"{wrong} records are found wrongly or not at all", "Run: cuprum doctor --rebuild")


def _full_text(database: Database) -> Finding:
    if not database.settings.is_sqlite:
        return Finding("full text", "PostgreSQL's own indexes serve it")
    # The check is spelled as an insert, so it needs the writer; nothing is written.
    found = {entity: flaw for entity in ENTITIES if (flaw := database.write_now(full_text_flaw, entity))}
    if not found:
        return Finding("full text", "agrees with the names")
    return Finding("full text", "; ".join(f"{entity}: {flaw}" for entity, flaw in found.items()), "Run: cuprum doctor --rebuild")


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.home).free
    size = settings.sqlite_file.stat().st_size if settings.sqlite_file.exists() else 0
    # An upgrade makes a copy of the database first.
    wanted = max(ENOUGH_BYTES, 2 * size)
    words = f"{free // 1_000_000:,} MB free in {settings.home}"
    cure = "" if free >= wanted else f"Free some space: {wanted // 1_000_000:,} MB let a backup be taken before an upgrade."
    return Finding("disk", words, cure, is_warning=free >= ENOUGH_BYTES // 10)


def _clock(database: Database) -> Finding:
    with database.reading.connect() as connection:
        newest = connection.execute(select(func.max(change_group.c.at))).scalar() or 0
    now = time.time()
    if now < WRITTEN_AT or newest > now + CLOCK_MAY_DIFFER_SECONDS:
        seen = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(newest))
        return Finding("clock", f"the newest change is of {seen}, which is yet to come", "Set this machine's clock (NTP).")
    return Finding("clock", time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(now)))


def _rights(settings: Settings) -> Iterator[Finding]:
    home = settings.home
    if not os.access(home, os.W_OK | os.X_OK) or (settings.sqlite_file.exists() and not os.access(settings.sqlite_file, os.W_OK)):
        yield Finding("rights", f"{home} cannot be written", f"Let this user write it: chown -R $USER {home}")
    elif open_to_others := [path for path in _private(home) if stat.S_IMODE(path.stat().st_mode) & 0o077]:
        names = ", ".join(map(str, open_to_others))
        yield Finding("rights", f"others may look into {names}", f"Run: chmod go= {names.replace(', ', ' ')}", is_warning=True)
    else:
        yield Finding("rights", f"{home} is yours alone")


def _private(home: Path) -> list[Path]:
    return [home, *(path for name in ("secret.key", "demo-login") if (path := home / name).exists())]


def _jobs(database: Database) -> Finding:
    settings = database.settings
    if not settings.is_sqlite:
        there = inspect(database.reading).has_schema("jobs")
        return Finding("engine", "its tables are in the same database" if there else "was not started yet")
    if not settings.engine_file.exists():
        return Finding("engine", "was not started yet")
    try:
        # Not read-only: of a server that was killed the file may have to be recovered before it can be read.
        with closing(dialect.sqlite_module().connect(f"file:{settings.engine_file}?mode=rw", uri=True)) as connection:
            (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except dialect.sqlite_module().DatabaseError as trouble:
        answer = str(trouble)
    if answer == "ok":
        return Finding("engine", "every page of its file is sound")
    return Finding("engine", answer, "Its file is damaged: restore the last backup (cuprum restore FILE).")


def _key(database: Database) -> Finding:
    try:
        database.write_now(check_key, database.settings)
    except OtherKey as trouble:
        words, _, cure = str(trouble).partition(". ")
        return Finding("secret key", words, cure)
    return Finding("secret key", "it opens what is stored")
