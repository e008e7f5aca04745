"""The installation that a command works on: its settings, and its database brought up to date."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cuprum.kit.errors import CuprumError

if TYPE_CHECKING:
    from cuprum.config import Settings
    from cuprum.storage.database import Database


class WrongSetting(CuprumError):
    """An environment variable that cannot be used."""


def read_settings() -> Settings:
    """The settings, with a home that can be written to; raises WrongSetting, naming each variable."""
    from pydantic import ValidationError

    from cuprum.config import Settings

    try:
        # The environment fills in what is not given, which mypy cannot know.
        settings = Settings()  # type: ignore[call-arg]
    except ValidationError as refusal:
        reasons = (f"CUPRUM_{str(one['loc'][0]).upper()}: {one['msg'].removeprefix('Value error, ')}" for one in refusal.errors())
        raise WrongSetting("; ".join(reasons)) from None
    _make_home(settings.home)
    return settings


def _make_home(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as trouble:
        reason = "it is a file" if isinstance(trouble, FileExistsError) else trouble.strerror
        raise WrongSetting(f"CUPRUM_HOME: {home} cannot be the folder of the data: {reason}") from None
    if not os.access(home, os.W_OK | os.X_OK):
        raise WrongSetting(f"CUPRUM_HOME: {home} cannot be written to by the user who runs this")


@contextmanager
def opened() -> Iterator[Database]:
    """The database, migrated; an empty home becomes one. Works beside a running server."""
    from cuprum.storage.database import Database
    from cuprum.storage.migrate import migrate
    from cuprum.storage.restore import finish_restore

    settings = read_settings()
    finish_restore(settings)
    migrate(settings)
    database = Database(settings)
    try:
        yield database
    finally:
        database.close()
