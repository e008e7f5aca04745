"""The demo account "Harbour & Pine", a boat timber merchant: opened once, with a login of its own."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, exists, select, update

from cuprum.auth.digests import hashed
from cuprum.auth.passwords import hash_password, is_password
from cuprum.config import Settings
from cuprum.kit.clock import now
from cuprum.records.demo.house import open_house
from cuprum.records.demo.tale import tell
from cuprum.records.new_account import has_account
from cuprum.records.people_of_account import create_key
from cuprum.storage.account_tables import api_key, user
from cuprum.storage.database import Database
from cuprum.storage.dialect import lock_word

OWNER = "ana@harbour.example"


def demo_account(database: Database) -> None:
    """Open it where there is no account yet; everything or, if the process is killed, nothing."""
    if not database.read_now(has_account):
        database.write_now(_open, database.settings)


def _open(connection: Connection, settings: Settings) -> None:
    lock_word(connection, "first user")
    if has_account(connection):
        return
    open_house(connection)
    key, password = create_key(connection, email=OWNER, label="demo"), secrets.token_urlsafe(12)
    connection.execute(update(user).where(user.c.email == OWNER).values(password_hash=hash_password(password)))
    tell(connection, settings, now())
    # Before the commit: an account without its login in the file would be of no use to anybody.
    _keep(_login_file(settings), f"{key}\n{password}")


@dataclass(frozen=True)
class DemoLogin:
    """How to come in; None for what was changed since."""

    email: str
    key: str | None
    password: str | None


def demo_login(connection: Connection, settings: Settings) -> DemoLogin | None:
    """The login of the demo account, as far as it still works."""
    try:
        key, password = _login_file(settings).read_text("ascii").split()
    except (OSError, ValueError):
        return None
    held = exists().where(api_key.c.user_id == user.c.id, api_key.c.hash == hashed(key), api_key.c.revoked_at.is_(None))
    found = connection.execute(select(user.c.email, user.c.password_hash, held.label("key")).where(user.c.email == OWNER)).first()
    if found is None:
        return None
    right = bool(found.password_hash) and is_password(password, found.password_hash)
    return DemoLogin(found.email, key if found.key else None, password if right else None)


def _login_file(settings: Settings) -> Path:
    return settings.home / "demo-login"


def _keep(path: Path, login: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(login + "\n")
