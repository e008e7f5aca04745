"""`cuprum export`: the records of one kind as a CSV file, all as they are at one moment."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from cuprum.cli.house import opened

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from cuprum.storage.database import Database


def export(
    entity: Annotated[str, typer.Argument(help="people, companies, leads, opportunities, projects or tasks.")],
    where: Annotated[str, typer.Option(help="A filter as it stands in the address of a list: monetary_value.least.5000")] = "",
    match: Annotated[str, typer.Option(help="all or any of the conditions.")] = "all",
    sort: Annotated[str, typer.Option(help="What to sort by, with a minus in front the other way: -date_created")] = "",
    columns: Annotated[str, typer.Option(help="Names of columns with commas between them; by default every one.")] = "",
    output: Annotated[Path | None, typer.Option(help="The file to write; by default standard output.")] = None,
    bom: Annotated[bool, typer.Option("--bom", help="Mark the file as UTF-8, as Excel wants it.")] = False,
    user: Annotated[str, typer.Option("--as", help="E-mail of the user whose records these are; by default the owner.")] = "",
) -> None:
    """Export records as CSV: UTF-8, days as 2026-12-31, and nothing that a spreadsheet would run."""
    from cuprum.transfer.export import BOM

    asked = {"sort_by": sort.removeprefix("-"), "sort_direction": "desc" if sort.startswith("-") else "asc"} if sort else {}
    with opened() as database, _file(output) as file:

        def write(connection: Connection) -> None:
            for count, text in enumerate(_lines(connection, database, entity, asked, where, match, columns, user)):
                file.write((BOM if bom and not count else "") + text)

        database.snapshot_now(write)


def _file(output: Path | None) -> AbstractContextManager[IO[str]]:
    if output is not None:
        return output.open("w", encoding="utf-8", newline="")
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    return nullcontext(sys.stdout)


def _lines(
    connection: Connection, database: Database, entity: str, asked: dict[str, str], where: str, match: str, columns: str,
    user: str,
) -> Iterator[str]:  # fmt: skip
    from cuprum.cli.import_file import work_of_user
    from cuprum.entities import BY_PLURAL, ENTITIES
    from cuprum.kit.errors import Invalid, Problem
    from cuprum.records.listing import Listing
    from cuprum.records.where import read_where
    from cuprum.transfer.export import export_columns, export_lines
    from cuprum.web.list_columns import all_columns, title_of

    work = work_of_user(connection, user, database)
    record = BY_PLURAL.get(entity) or ENTITIES.get(entity)
    if record is None or record.entity == "activity":
        raise Invalid(Problem("entity", "must be people, companies, leads, opportunities, projects or tasks"))
    known = all_columns(work, record.entity)
    names = [name.strip() for name in columns.split(",") if name.strip()] or list(known)
    if unknown := [name for name in names if name not in known]:
        raise Invalid(Problem("columns", f"has no column {', '.join(unknown)}; there are {', '.join(known)}"))
    chosen = export_columns((title_of(known[name]), known[name]) for name in names)
    return export_lines(work, Listing(work, record.entity, asked, read_where(where, match)), chosen)
