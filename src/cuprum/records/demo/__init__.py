"""The demo account "Harbour & Pine", a boat timber merchant: opened once, with a login of its own."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Connection, select

from cuprum.auth.digests import hashed
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
    key = create_key(connection, email=OWNER, label="demo")
    tell(connection, settings, now())
    # Before the commit: an account without its key in the file would be of no use to anybody.
    _keep(_key_file(settings), key)


def demo_login(connection: Connection, settings: Settings) -> tuple[str, str] | None:
    """E-mail and key of the demo account while the key works."""
    try:
        key = _key_file(settings).read_text("ascii").strip()
    except OSError:
        return None
    works = select(user.c.email).join(api_key, api_key.c.user_id == user.c.id)
    email = connection.execute(works.where(api_key.c.hash == hashed(key), api_key.c.revoked_at.is_(None))).scalar()
    return (email, key) if email else None


def _key_file(settings: Settings) -> Path:
    return settings.home / "demo-key"


def _keep(path: Path, key: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(key + "\n")
