"""`cuprum restore`: everything as a backup has it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cuprum.cli.house import read_settings


def restore(file: Annotated[Path, typer.Argument(help="What `cuprum backup` wrote.")]) -> None:
    """Put a backup in place of the data; a running server on SQLite ends its work and starts again with it."""
    from cuprum.storage.migrate import migrate
    from cuprum.storage.restore import restore

    settings = read_settings()
    restarted = restore(settings, file)
    migrate(settings)
    print(f"Restored from {file}." + (" The server started again with it." if restarted else ""))
