"""`/sign-in` and `/sign-out`: who sits at this browser."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from cuprum.auth.sessions import SignedIn, begin_session, end_session, note_seen, signed_in
from cuprum.auth.sign_in import user_by_password
from cuprum.kit.errors import CuprumError, Limited
from cuprum.web.browser import keep, local_path, own_form, secret_of, told_of
from cuprum.web.drafts import LARGEST, Draft, offered
from cuprum.web.page import page

_WRONG = "That e-mail address and password do not go together."


def routes() -> list[Route]:
    return [
        Route("/sign-in", show, methods=["GET"]),
        Route("/sign-in", enter, methods=["POST"]),
        Route("/sign-out", leave, methods=["POST"]),
    ]


async def who_is_at(request: Request) -> SignedIn | None:
    """The user who is signed in at this browser."""
    secret, database = secret_of(request), request.app.state.cuprum.database
    found: SignedIn | None = await database.read(signed_in, secret) if secret else None
    if found and found.is_stale:
        await database.write(note_seen, secret)
    return found


async def show(request: Request) -> Response:
    """The form, or who is signed in already."""
    go_on = local_path(request.query_params.get("next", "/"))
    return await page(request, "sign_in.html", who=await who_is_at(request), go_on=go_on, email="", trouble=None, draft=None)


async def enter(request: Request) -> Response:
    try:
        given = dict(await own_form(request, largest=LARGEST))
    except CuprumError as error:
        return await page(request, "trouble.html", error.status, title="Not signed in", trouble=str(error))
    email, go_on = given.get("email", "").strip(), local_path(given.get("next", "/"))
    draft = Draft.given(given)
    again: dict[str, Any] = {"who": None, "go_on": go_on, "email": email, "draft": draft}
    try:
        user_id = await _user_id(request, email, given.get("password", ""))
    except Limited as error:
        answer = await page(request, "sign_in.html", 429, **again, trouble=str(error))
        answer.headers.update(error.headers)
        return answer
    if user_id is None:
        return await page(request, "sign_in.html", 401, **again, trouble=_WRONG)
    secret = await request.app.state.cuprum.database.write(begin_session, user_id, secret_of(request), *told_of(request))
    further = await offered(request, draft, secret, email) if draft else RedirectResponse(go_on, 303)
    return keep(request, further, secret)


async def _user_id(request: Request, email: str, password: str) -> int | None:
    """Raises Limited."""
    # Its library takes a while to load, the first time.
    limits = await asyncio.to_thread(lambda: request.app.state.cuprum.sign_in_limits)
    address = request.client.host if request.client else ""
    with limits.attempt(email, address) as attempt:
        found: int | None = await request.app.state.cuprum.database.read(_user, email, password)
        attempt.is_right = found is not None
    return found


def _user(connection: Connection, email: str, password: str) -> Any:
    found = user_by_password(connection, email, password)
    return found.id if found else None


async def leave(request: Request) -> Response:
    try:
        given = dict(await own_form(request))
    except CuprumError as error:
        return await page(request, "trouble.html", error.status, title="Not signed out", trouble=str(error))
    await request.app.state.cuprum.database.write(end_session, secret_of(request))
    return keep(request, RedirectResponse(local_path(given.get("next", "/sign-in")), 303), "")
