"""What the terminal shows once the server is ready."""

from __future__ import annotations

from sqlalchemy import Connection, select

from cuprum import __version__
from cuprum.config import Settings
from cuprum.records.demo import DemoLogin, demo_login
from cuprum.storage.account_tables import account
from cuprum.web.first_start import OneTimeLink


def banner(connection: Connection, settings: Settings, link: OneTimeLink) -> str:
    name = connection.execute(select(account.c.name)).scalar()
    if name is None:
        return f"""
Cuprum {__version__} on {settings.public_url} has no account yet. Open it here; the link works once, until the server stops:
  {link.url(settings)}
Ctrl-C stops the server."""
    login = demo_login(connection, settings)
    return f"""
Cuprum {__version__} serves {name} on {settings.public_url}
{_login(login) if login else "  A key for a program: cuprum key create EMAIL"}
Ctrl-C stops the server."""


def _login(login: DemoLogin) -> str:
    known = {"User": login.email, "Password": login.password, "Key": login.key}
    return "\n".join(f"  {name:<9} {value}" for name, value in known.items() if value)
