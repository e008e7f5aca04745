"""Backups: made now, downloaded, deleted; for admins, since everything is in them. Restoring is for the command line."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from cuprum.auth.may import may
from cuprum.kit.errors import CuprumError, Unavailable
from cuprum.records.admins import admins
from cuprum.records.work import Work
from cuprum.storage.backup import ToolFailed
from cuprum.storage.kept_backups import folder, kept_backup, kept_backups, make_backup
from cuprum.web.browser import own_form
from cuprum.web.desk import State, answered, told, work_of
from cuprum.web.visit import GoTo, Page, Visit, visit_of

PATH = "/settings/backup"
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def backups(work: Work, visit: Visit) -> Page:
    settings = work.settings
    words = {
        "backups": kept_backups(settings) if work.actor.is_admin else (), "admins": admins(work), "base": PATH,
        "is_sqlite": settings.is_sqlite, "folder": folder(settings), "home": settings.home, "made": visit.query.get("made", ""),
    }  # fmt: skip
    return Page("settings/backups.html", words)


async def make(request: Request) -> Response:
    """Not in a transaction: it takes as long as a copy of everything does, and others go on writing meanwhile."""
    state: State = request.app.state.cuprum
    visit = visit_of(request, [])
    try:
        visit = visit_of(request, await own_form(request))
        await state.database.read(_allowed, state, visit)
        path = await asyncio.to_thread(_made, state)
        await state.database.write(_noted, state, visit, path.name)
    except CuprumError as trouble:
        return await answered(request, visit, told(trouble))
    return await answered(request, visit, lambda work, visit: GoTo(f"{PATH}?made={path.name}", done=""))


def _made(state: State) -> Path:
    try:
        return make_backup(state.settings)
    except ToolFailed as trouble:
        raise Unavailable(str(trouble)) from None
    except OSError as trouble:
        raise Unavailable(f"The backup cannot be written to {folder(state.settings)}: {trouble.strerror}") from None


def _noted(connection: Connection, state: State, visit: Visit, name: str) -> None:
    """That somebody holds everything in a file is worth a line in the log."""
    work, _ = work_of(connection, state, visit)
    work.group.label = "Backup made"
    work.group.record("backup", 0, "new", {}, {"file": name})


async def download(request: Request) -> Response:
    state: State = request.app.state.cuprum
    visit = visit_of(request, [])
    try:
        await state.database.read(_allowed, state, visit)
        path = kept_backup(state.settings, visit.parameters["name"])
    except CuprumError as trouble:
        return await answered(request, visit, told(trouble))
    return FileResponse(path, media_type="application/octet-stream", filename=path.name, headers=_HEADERS)


def _allowed(connection: Connection, state: State, visit: Visit) -> None:
    work, _ = work_of(connection, state, visit)
    may(work.actor, "manage", "backups")


def delete(work: Work, visit: Visit) -> GoTo:
    may(work.actor, "manage", "backups")
    kept_backup(work.settings, visit.parameters["name"]).unlink(missing_ok=True)
    work.group.label = "Backup deleted"
    work.group.record("backup", 0, "delete", {"file": visit.parameters["name"]}, {})
    return GoTo(PATH, done="")
