"""`cuprum migrate`: brings the schema up to date, after a backup."""

from __future__ import annotations

from cuprum.cli.house import read_settings


def migrate() -> None:
    """Bring the database's schema up to date; every other command does so by itself."""
    from cuprum.storage.migrate import migrate, newest_revision

    backup = migrate(read_settings())
    print(f"The schema is {newest_revision()}.")
    if backup:
        print(f"The database as it was before: {backup}")
