"""`cuprum key`: API keys for programs."""

from __future__ import annotations

from typing import Annotated

import typer

from cuprum.cli.house import opened

app = typer.Typer(help="API keys, each of one user.", no_args_is_help=True)


@app.command()
def create(email: str, label: Annotated[str, typer.Option(help="What the key is for.")] = "command line") -> None:
    """Create an API key and print it, alone. It is shown this once."""
    from cuprum.records.people_of_account import create_key, logged_by_command

    with opened() as database:
        print(database.write_now(logged_by_command(create_key, f"cuprum key create {email}"), email=email, label=label))


@app.command("list")
def list_keys() -> None:
    """List the keys: id, end of the key, e-mail, state, last used, label."""
    from cuprum.records.people_of_account import keys

    with opened() as database:
        for one in database.read_now(keys):
            state = "revoked" if one.revoked_at else "active"
            print(f"{one.id}\t…{one.hint}\t{one.email}\t{state}\t{_when(one.last_used_at)}\t{one.label}")


@app.command()
def revoke(key_id: Annotated[int, typer.Argument(help="The id that `cuprum key list` shows.")]) -> None:
    """Make a key worthless, at once."""
    from cuprum.records.people_of_account import logged_by_command, revoke_key

    with opened() as database:
        database.write_now(logged_by_command(revoke_key, f"cuprum key revoke {key_id}"), key_id=key_id)
    print(f"Key {key_id} is revoked.")


def _when(seconds: int | None) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC") if seconds else "never"
