"""`cuprum doctor`: is this installation well, and if not, what is the cure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cuprum.cli.house import opened

if TYPE_CHECKING:
    from cuprum.storage.database import Database


def doctor(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="First derive lookups and full-text tables anew.")] = False,
    accept_key: Annotated[
        bool, typer.Option("--accept-key", help="First make this secret key the installation's, where the former one is lost.")
    ] = False,
) -> None:
    """Check the installation, beside a running server too. Exit 1 when something is wrong."""
    from cuprum.storage.checks import checks

    wrong = False
    with opened() as database:
        if accept_key:
            from cuprum.storage import key_check

            database.write_now(key_check.accept_key, database.settings)
        if rebuild:
            _rebuild(database)
        for finding in checks(database):
            mark = "ok" if not finding.cure else "note" if finding.is_warning else "WRONG"
            wrong = wrong or mark == "WRONG"
            print(f"{mark:<6} {finding.check}: {finding.words}" + (f"\n       {finding.cure}" if finding.cure else ""))
    raise typer.Exit(1 if wrong else 0)


def _rebuild(database: Database) -> None:
    from cuprum.entities import ENTITIES
    from cuprum.storage.rebuild import rebuild, rebuild_full_text

    for entity, record in ENTITIES.items():
        after: int | None = 0
        while after is not None:
            after = database.write_now(rebuild, entity, after)
        database.write_now(rebuild_full_text, entity)
        print(f"ok     rebuilt: {record.plural}")
