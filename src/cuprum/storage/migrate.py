"""Brings the schema to what the code needs; Alembic is only loaded when there is something to do."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from cuprum.config import Settings
from cuprum.kit.errors import CuprumError
from cuprum.storage import dialect
from cuprum.storage.write_lock import write_lock

VERSIONS = Path(__file__).parent / "migrations" / "versions"


class SchemaTrouble(CuprumError):
    """The stored schema cannot be used; the sentence says what to do."""


def newest_revision() -> str:
    """Migrations are a number and a sentence: `0001_the_ground_floor.py` is revision `0001`."""
    return max(path.stem.split("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


def stored_revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(settings: Settings) -> str | None:
    """Upgrade if needed and return the backup's path if one was taken; raises SchemaTrouble."""
    if settings.is_sqlite:
        settings.home.mkdir(parents=True, exist_ok=True)
        engine = dialect.sqlite_engine(settings, read_only=False, size=1)
    else:
        engine = dialect.postgresql_engine(settings, size=2)
    try:
        with _alone(settings, engine):
            stored, newest = stored_revision(engine), newest_revision()
            if stored == newest:
                return None
            if stored is not None and stored > newest:
                raise SchemaTrouble(
                    f"The database has schema {stored}, this program knows {newest}: it was written by a newer Cuprum. "
                    "Install that version, or restore a backup made with this one."
                )
            backup = _backup_before(settings, stored)
            try:
                _upgrade(engine)
                dialect.count_anew(engine)
            except DBAPIError as trouble:
                raise SchemaTrouble(f"The schema could not be upgraded, nothing was changed: {trouble.orig}") from trouble
            return backup
    except DBAPIError as trouble:
        where = f"The database {settings.sqlite_file}" if settings.is_sqlite else "The database of CUPRUM_DATABASE_URL"
        raise SchemaTrouble(f"{where} cannot be used: {trouble.orig}") from trouble
    finally:
        engine.dispose()


@contextmanager
def _alone(settings: Settings, engine: Engine) -> Any:
    """Two processes that start at once must not both migrate."""
    if settings.is_sqlite:
        with write_lock(settings.home):
            yield
        return
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(4867001)"))
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(4867001)"))


def _backup_before(settings: Settings, stored: str | None) -> str | None:
    if stored is None or not settings.is_sqlite:
        return None
    backup = settings.home / "backups" / f"before-upgrade-from-{stored}.db"
    backup.parent.mkdir(exist_ok=True)
    source = dialect.sqlite_module().connect(str(settings.sqlite_file))
    target = dialect.sqlite_module().connect(str(backup))
    with target:
        source.backup(target)
    source.close()
    target.close()
    return str(backup)


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(VERSIONS.parent))
    with engine.begin() as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")
