"""The backups that are kept in the home: made from the settings, listed, deleted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cuprum.config import Settings
from cuprum.kit.errors import NotFound
from cuprum.storage.backup import backup

FOLDER = "backups"
_ENDING = ".backup"


@dataclass(frozen=True)
class Kept:
    path: Path
    size: int
    at: int


def folder(settings: Settings) -> Path:
    return settings.home / FOLDER


def make_backup(settings: Settings) -> Path:
    """Takes as long as a copy of the database does; raises ToolFailed where PostgreSQL's own tool is missing."""
    there = folder(settings)
    there.mkdir(mode=0o700, parents=True, exist_ok=True)
    return backup(settings, there)


def kept_backups(settings: Settings) -> list[Kept]:
    """The newest first."""
    found = []
    for path in folder(settings).glob(f"*{_ENDING}"):
        try:
            facts = path.stat()
        except FileNotFoundError:
            # Somebody deleted it a moment ago.
            continue
        found.append(Kept(path, facts.st_size, int(facts.st_mtime)))
    return sorted(found, key=lambda one: (one.at, one.path.name), reverse=True)


def kept_backup(settings: Settings, name: str) -> Path:
    """The file of that very name among those that are kept, and no other of the machine; raises NotFound."""
    found = next((one.path for one in kept_backups(settings) if one.path.name == name), None)
    if found is None:
        raise NotFound("There is no such backup")
    return found
