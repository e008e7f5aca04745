"""Takes a backup's databases in place of those that are there, as one set, and begins a new epoch.

SQLite: the backup is checked and laid ready in `HOME/restore`, whose appearance is the decision; from then on every start
finishes the work, so a kill in the middle leaves either the old state or the new. PostgreSQL: one transaction.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
import zipfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from cuprum.config import Settings
from cuprum.kit import jsonio
from cuprum.kit.errors import Refused, Unavailable
from cuprum.kit.uuid7 import uuid7
from cuprum.storage import dialect
from cuprum.storage.backup import MANIFEST, POSTGRESQL_FILE, SQLITE_FILES, postgresql_tool
from cuprum.storage.migrate import newest_revision
from cuprum.storage.server_lock import running_server
from cuprum.storage.write_lock import write_lock

# A server that gets it ends in good order and starts anew under the same process id.
RESTART_SIGNAL = signal.SIGUSR1
SERVER_RESTARTS_SECONDS = 60


def restore(settings: Settings, file: Path) -> bool:
    """Replace everything by a backup; True if a running server started again with it. Raises Refused, with the cure."""
    with tempfile.TemporaryDirectory(prefix=".cuprum-restore-", dir=_made(settings.home)) as folder:
        unpacked = Path(folder) / "set"
        _unpack(settings, file, unpacked)
        if not settings.is_sqlite:
            _restore_postgresql(settings, unpacked / POSTGRESQL_FILE)
            return False
        _prepare(settings, unpacked)
        if _ready(settings).exists():
            raise Refused("Another restore waits to be finished: start the server, or run any command, and try again.")
        os.rename(unpacked, _ready(settings))
    server = running_server(settings.home)
    if server is None:
        finish_restore(settings)
        return False
    os.kill(server, RESTART_SIGNAL)
    _wait(settings, server)
    return True


def finish_restore(settings: Settings) -> None:
    """Put a set that lies ready in place. A running server does it itself, when it has ended its work."""
    if not settings.is_sqlite or not _ready(settings).exists() or running_server(settings.home) not in (None, os.getpid()):
        return
    with write_lock(settings.home):
        ready = _ready(settings)
        if not ready.exists():
            return
        for name in SQLITE_FILES:
            _overwrite(ready / name, settings.home / name)
        done = settings.home / ".restored"
        shutil.rmtree(done, ignore_errors=True)
        os.rename(ready, done)
        shutil.rmtree(done)


def _made(home: Path) -> Path:
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return home


def _ready(settings: Settings) -> Path:
    return settings.home / "restore"


def _unpack(settings: Settings, file: Path, folder: Path) -> None:
    kind = "sqlite" if settings.is_sqlite else "postgresql"
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = jsonio.decode(archive.read(MANIFEST))
            if manifest["database"] != kind:
                raise Refused(f"This is a backup of {manifest['database']}, and the database here is {kind}.")
            _refuse_newer(manifest["schema"])
            for name in {MANIFEST, POSTGRESQL_FILE, *SQLITE_FILES} & set(archive.namelist()):
                archive.extract(name, folder)
    except (zipfile.BadZipFile, KeyError, ValueError):
        raise Refused(f"{file} is no backup that `cuprum backup` made, or it is damaged.") from None


def _refuse_newer(schema: str) -> None:
    if schema > newest_revision():
        raise Refused(
            f"The backup has schema {schema}, this program knows {newest_revision()}: it was made by a newer Cuprum. "
            "Install that version."
        )


def _prepare(settings: Settings, folder: Path) -> None:
    """Check the set, and begin its new epoch before it is anybody's."""
    for name in SQLITE_FILES:
        if (folder / name).exists() and (flaw := _flaw(folder / name)):
            raise Refused(f"The backup is damaged ({name}: {flaw}). Nothing was changed.")
    with closing(dialect.sqlite_module().connect(folder / SQLITE_FILES[0])) as database, database:
        (stored,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
        _refuse_newer(stored)
        # Higher than any version that a process may have cached.
        database.execute(_NEW_EPOCH.format(epoch=uuid7(), version=int(time.time())))


_NEW_EPOCH = "UPDATE account SET epoch = '{epoch}', vocabulary_version = vocabulary_version + {version}"


def _flaw(file: Path) -> str | None:
    module = dialect.sqlite_module()
    try:
        with closing(module.connect(file)) as database:
            (answer,) = database.execute("PRAGMA quick_check(1)").fetchone()
            return None if answer == "ok" else answer
    except module.DatabaseError as trouble:
        return str(trouble)


def _overwrite(source: Path, target: Path) -> None:
    """In one transaction of the target's, so that other processes on the home see the old state, then the new."""
    if not source.exists() and not target.exists():
        return
    module = dialect.sqlite_module()
    try:
        origin = source if source.exists() else ":memory:"
        with closing(module.connect(origin)) as new, closing(module.connect(target, timeout=30)) as old:
            new.backup(old)
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except module.DatabaseError:
        # What is damaged beyond opening is the reason for many a restore.
        for end in ("", "-wal", "-shm"):
            target.with_name(target.name + end).unlink(missing_ok=True)
        if source.exists():
            shutil.copyfile(source, target)


def _wait(settings: Settings, server: int) -> None:
    ends = time.monotonic() + SERVER_RESTARTS_SECONDS
    while _ready(settings).exists() or running_server(settings.home) is None:
        if time.monotonic() > ends:
            raise Unavailable(f"The server (process {server}) did not start again: stop it. Its next start restores.")
        time.sleep(0.1)


def _restore_postgresql(settings: Settings, dump: Path) -> None:
    engine = dialect.postgresql_engine(settings, size=1)
    with engine.connect() as connection:
        others = connection.execute(_OTHERS).scalar_one()
    engine.dispose()
    if others:
        raise Refused(f"{others} other sessions use this database. Stop every server and command on it first.")
    after = f"{_NEW_EPOCH.format(epoch=uuid7(), version=1)};\n{_OTHER_LIFE};"
    around = _sql(dump, "before.sql", _EMPTIED), dump, _sql(dump, "after.sql", after)
    postgresql_tool(
        settings, "psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
        *(f"--file={file}" for file in around),
    )  # fmt: skip


# Transaction ids of another server's life mean nothing to this one: what is restored is older than all that it will write.
_OTHER_LIFE = 'UPDATE change SET "transaction" = 0'
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend'"
)
# The dump holds what is in `public` and the engine's own schema; what was made since must go too.
_EMPTIED = "DROP SCHEMA IF EXISTS jobs CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


def _sql(dump: Path, name: str, statements: str) -> Path:
    file = dump.with_name(name)
    # The dump leaves the search path empty.
    file.write_text(f"SET search_path = public; {statements}")
    return file
