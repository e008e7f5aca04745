"""Homes whose databases have their schema: to make it takes as long as many a test that is about something else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import make_url

from cuprum.storage.migrate import migrate
from homes import Home, empty_home


class MigratedHomes:
    """Lends copies of a template of each kind, which is made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._templates: dict[str, Home] = {}
        self._stack = ExitStack()

    @contextmanager
    def home(self, kind: str, folder: Path) -> Iterator[Home]:
        """Its database has the schema and nothing in it; gone when the block ends."""
        template = self._template(kind)
        if kind == "sqlite":
            folder.mkdir(mode=0o700)
            shutil.copy(template.settings.sqlite_file, folder)
        with empty_home(kind, folder, make_url(template.database_url).database if template.database_url else None) as home:
            yield home

    def _template(self, kind: str) -> Home:
        if kind not in self._templates:
            home = self._stack.enter_context(empty_home(kind, self._folder / kind))
            migrate(home.settings)
            self._templates[kind] = home
        return self._templates[kind]

    def remove(self) -> None:
        self._stack.close()
