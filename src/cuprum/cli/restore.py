"""`cuprum restore`: everything as a backup has it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cuprum.cli.house import read_settings

if TYPE_CHECKING:
    from cuprum.config import Settings


def restore(file: Annotated[Path, typer.Argument(help="What `cuprum backup` wrote.")]) -> None:
    """Put a backup in place of the data; a running server on SQLite ends its work and starts again with it."""
    from cuprum.storage.migrate import migrate
    from cuprum.storage.restore import restore

    settings = read_settings()
    restarted = restore(settings, file)
    migrate(settings)
    print(f"Restored from {file}." + (" The server started again with it." if restarted else ""))
    _tell_of_key(settings)


def _tell_of_key(settings: Settings) -> None:
    """The key is not in a backup: say at once if the one here does not open what was restored."""
    from cuprum.storage.database import Database
    from cuprum.storage.key_check import OtherKey, check_key

    database = Database(settings)
    try:
        database.write_now(check_key, settings)
    except OtherKey as trouble:
        typer.echo(str(trouble), err=True)
    finally:
        database.close()
