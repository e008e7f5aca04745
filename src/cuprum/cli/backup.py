"""`cuprum backup`: the whole installation's data in one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cuprum.cli.house import opened
from cuprum.kit.secret_box import KEY_FILE

if TYPE_CHECKING:
    from cuprum.config import Settings


def backup(target: Annotated[Path, typer.Argument(metavar="FILE|DIR", help="A file, or a folder for a dated one.")]) -> None:
    """Write a backup, beside a running server too. Keep the secret key apart: it is not in it."""
    from cuprum.storage.backup import backup
    from cuprum.storage.key_check import check_key

    with opened() as database:
        database.write_now(check_key, database.settings)
        print(backup(database.settings, target))
        typer.echo(_TOLD.format(key=_where_key_is(database.settings)), err=True)


_TOLD = """In it: every record, the change log, users, digests of passwords and keys, sealed secrets, the work still to be done.
Not in it: the key that opens the sealed secrets ({key}). Keep that too, in another place."""


def _where_key_is(settings: Settings) -> str:
    return "CUPRUM_SECRET_KEY" if settings.secret_key else str(settings.home / KEY_FILE)
