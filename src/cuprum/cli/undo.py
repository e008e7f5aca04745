"""`cuprum undo`: takes a group of changes back."""

from __future__ import annotations

from typing import Annotated

import typer

from cuprum.cli.house import opened


def undo(group: Annotated[str, typer.Argument(help="The id of the group: the header X-Cuprum-Group of a write has it.")]) -> None:
    """Undo a request, bulk edit, conversion, import or run, and print the id of the group that did so."""
    from cuprum.events.handoff import note_for_webhooks
    from cuprum.records.undo import undo_at_the_machine

    with opened() as database:
        undone = undo_at_the_machine(database, group, (note_for_webhooks,))
    if undone.group:
        print(undone.group)
    typer.echo(f"Undone: {undone.count} changes. Left as they are: {len(undone.conflicts)}.", err=True)
    for one in undone.conflicts:
        field = f", {one['field']}" if one["field"] else ""
        typer.echo(f"  {one['entity']} {one['id']}{field}: {one['reason']}", err=True)
