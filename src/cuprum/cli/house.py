"""The installation that a command works on: its settings, and its database brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cuprum.kit.errors import CuprumError

if TYPE_CHECKING:
    from cuprum.config import Settings
    from cuprum.storage.database import Database


class WrongSetting(CuprumError):
    """An environment variable that cannot be used."""


def read_settings() -> Settings:
    """Raises WrongSetting, naming each variable."""
    from pydantic import ValidationError

    from cuprum.config import Settings

    try:
        # The environment fills in what is not given, which mypy cannot know.
        return Settings()  # type: ignore[call-arg]
    except ValidationError as refusal:
        reasons = (f"CUPRUM_{str(one['loc'][0]).upper()}: {one['msg']}" for one in refusal.errors())
        raise WrongSetting("; ".join(reasons)) from None


@contextmanager
def opened() -> Iterator[Database]:
    """The database, migrated; an empty home becomes one. Works beside a running server."""
    from cuprum.storage.database import Database
    from cuprum.storage.migrate import migrate
    from cuprum.storage.restore import finish_restore

    settings = read_settings()
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    finish_restore(settings)
    migrate(settings)
    database = Database(settings)
    try:
        yield database
    finally:
        database.close()
