"""`cuprum backup`: the whole installation's data in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cuprum.cli.house import opened


def backup(target: Annotated[Path, typer.Argument(metavar="FILE|DIR", help="A file, or a folder for a dated one.")]) -> None:
    """Write a backup, beside a running server too. Keep the secret key apart: it is not in it."""
    from cuprum.storage.backup import backup

    with opened() as database:
        print(backup(database.settings, target))
