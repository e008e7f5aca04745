"""`cuprum user`: who works here."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from cuprum.cli.house import opened

app = typer.Typer(help="The users of the account.", no_args_is_help=True)


@app.command()
def add(
    email: str,
    name: Annotated[str, typer.Option(help="The name that others see.")],
    role: Annotated[str, typer.Option(help="owner, admin or member.")],
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")] = False,
    account: Annotated[str, typer.Option(help="First user only: the account's name.")] = "My company",
    zone: Annotated[str, typer.Option(help="First user only: the account's time zone.")] = "UTC",
    currency: Annotated[str, typer.Option(help="First user only: the account's currency.")] = "USD",
) -> None:
    """Add a user. The first one, an owner, opens the account."""
    from cuprum.auth.passwords import hash_password
    from cuprum.records.people_of_account import OpenedAccount, add_first_user, add_user, logged_by_command

    password = hash_password(sys.stdin.readline().rstrip("\r\n")) if password_stdin else None
    values: dict[str, Any] = {"email": email, "name": name, "role": role, "password_hash": password}
    with opened() as database:
        if not database.write_now(add_first_user, OpenedAccount(account, zone, currency), **values):
            database.write_now(logged_by_command(add_user, f"cuprum user add {email}"), **values)
    print(f"{email} is {'an' if role[0] in 'oa' else 'a'} {role} now. A key for programs: cuprum key create {email}")


@app.command("list")
def list_users() -> None:
    """List the users: id, e-mail, role, state, name."""
    from cuprum.records.people_of_account import users

    with opened() as database:
        for one in database.read_now(users):
            print(f"{one.id}\t{one.email}\t{one.role}\t{'disabled' if one.disabled_at else 'active'}\t{one.name}")


@app.command()
def password(email: str) -> None:
    """Set a user's password, read from standard input; whoever is signed in as that user is signed out."""
    from cuprum.auth.passwords import hash_password
    from cuprum.records.people_of_account import logged_by_command, set_password

    digest = hash_password(sys.stdin.readline().rstrip("\r\n"))
    with opened() as database:
        named = logged_by_command(set_password, f"cuprum user password {email}")
        database.write_now(named, email=email, password_hash=digest)
    print(f"{email} has a new password.")


@app.command()
def disable(email: str) -> None:
    """Let a user in no longer: their keys stop at once, their records stay."""
    from cuprum.records.people_of_account import disable_user, logged_by_command

    with opened() as database:
        database.write_now(logged_by_command(disable_user, f"cuprum user disable {email}"), email=email)
    print(f"{email} is disabled.")
