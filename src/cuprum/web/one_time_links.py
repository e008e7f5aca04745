"""`/invitation` and `/new-password`: whoever holds such a link becomes a user, or sets a new password; each works once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from cuprum.auth.passwords import LONGEST, SHORTEST, hash_password
from cuprum.auth.sessions import begin_session
from cuprum.events.log import Group
from cuprum.kit.errors import CuprumError, Gone, Invalid, NotFound, Problem
from cuprum.records.one_time_links import INVITATION, PASSWORD, link_of, take_invitation, take_password_link
from cuprum.records.people_of_account import user_problems
from cuprum.web.browser import keep, own_form, secret_of, told_of
from cuprum.web.page import page

PATHS = {INVITATION: "/invitation", PASSWORD: "/new-password"}
_TITLES = {INVITATION: "Come in", PASSWORD: "A new password"}


def routes() -> list[Route]:
    return [
        *(Route(path, _shows(kind), methods=["GET"]) for kind, path in PATHS.items()),
        *(Route(path, _takes(kind), methods=["POST"]) for kind, path in PATHS.items()),
    ]


def address(server: str, kind: str, secret: str) -> str:
    """What is handed to whom the link is for."""
    return f"{server}{PATHS[kind]}?link={secret}"


def _shows(kind: str) -> Callable[[Request], Any]:
    async def show(request: Request) -> Response:
        """The form; to look at it does not use the link."""
        return await _form(request, kind, request.query_params.get("link", ""), {}, ())

    return show


def _takes(kind: str) -> Callable[[Request], Any]:
    async def take(request: Request) -> Response:
        try:
            form = dict(await own_form(request))
        except CuprumError as error:
            return await page(request, "trouble.html", error.status, title="Not yet", trouble=str(error))
        secret, name, password = form.get("link", ""), form.get("name", ""), form.get("password", "")
        try:
            opened = await _taken(request, kind, secret, name, password)
        except Invalid as error:
            return await _form(request, kind, secret, form, error.problems)
        except (Gone, NotFound) as error:
            return await _spent(request, error)
        return keep(request, RedirectResponse("/home", 303), opened)

    return take


async def _taken(request: Request, kind: str, secret: str, name: str, password: str) -> str:
    """The secret of the new session. Raises Invalid, Gone."""
    problems = [one for one in user_problems("a@b", name) if kind == INVITATION]
    try:
        digest = await asyncio.to_thread(hash_password, password)
    except Invalid as error:
        problems += error.problems
    if problems:
        raise Invalid(*problems)

    def done(connection: Connection) -> str:
        listeners = request.app.state.cuprum.listeners
        if kind == INVITATION:
            group = Group(connection, None, "web", None, f"{name.strip()} came in by an invitation", listeners)
            user_id = take_invitation(connection, secret, name=name, password_hash=digest, group=group)
        else:
            group = Group(connection, None, "web", None, "A password set by a link", listeners)
            user_id = take_password_link(connection, secret, password_hash=digest, group=group)
        return begin_session(connection, user_id, secret_of(request), *told_of(request))

    opened: str = await request.app.state.cuprum.database.write(done)
    request.app.state.cuprum.after_commit()
    return opened


async def _form(request: Request, kind: str, secret: str, typed: dict[str, str], problems: tuple[Problem, ...]) -> Response:
    try:
        found = await request.app.state.cuprum.database.read(link_of, secret, kind, int(time.time()))
    except Gone as error:
        return await _spent(request, error)
    return await page(
        request, "one_time_link.html", 422 if problems else 200, kind=kind, path=PATHS[kind], title=_TITLES[kind], link=secret,
        email=found.email, role=found.role, name=typed.get("name", ""), shortest=SHORTEST, longest=LONGEST,
        problems={one.attribute: one.reason for one in reversed(problems)},
    )  # fmt: skip


async def _spent(request: Request, error: CuprumError) -> Response:
    return await page(request, "trouble.html", error.status, title="This link opens nothing", trouble=str(error))
