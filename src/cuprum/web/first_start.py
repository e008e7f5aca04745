"""`/first-start`: whoever holds the link that the terminal printed opens the account, and is its owner."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from cuprum.auth.digests import new_secret, same
from cuprum.auth.passwords import LONGEST, SHORTEST, hash_password
from cuprum.auth.sessions import begin_session
from cuprum.config import Settings
from cuprum.kit.errors import CuprumError, Invalid, Problem
from cuprum.records.new_account import has_account
from cuprum.records.people_of_account import OpenedAccount, add_first_user, first_user_problems
from cuprum.web.browser import keep, own_form, secret_of, told_of
from cuprum.web.page import PAGES, page
from cuprum.web.world import currencies, zones

PATH = "/first-start"
FIELDS = ("name", "email", "password", "account", "currency", "zone")
_SPENT = (
    "An account is opened once, by the link that the server printed when it started. This is not that link, or it was used "
    "already: stop the server, start it again and take the one it prints."
)


class OneTimeLink:
    """Known to this process and its terminal alone; once there is an account it opens nothing."""

    def __init__(self) -> None:
        self.secret = new_secret()

    def url(self, settings: Settings) -> str:
        return f"{settings.public_url.rstrip('/')}{PATH}?link={self.secret}"

    def fits(self, given: str) -> bool:
        return same(self.secret, given)


def routes() -> list[Route]:
    return [
        Route(PATH, show, methods=["GET"]),
        Route(PATH, open_account, methods=["POST"]),
        Route(f"{PATH}.js", script, methods=["GET"]),
    ]


async def show(request: Request) -> Response:
    """The form. Where there is an account already, signing in is the way in."""
    if await request.app.state.cuprum.database.read(has_account):
        return RedirectResponse("/sign-in", 303)
    link = request.query_params.get("link", "")
    return await _form(request, link, {}, ()) if _fits(request, link) else await _spent(request)


async def open_account(request: Request) -> Response:
    try:
        form = dict(await own_form(request))
    except CuprumError as error:
        return await page(request, "trouble.html", error.status, title="Not opened", trouble=str(error))
    if await request.app.state.cuprum.database.read(has_account):
        return RedirectResponse("/sign-in", 303)
    if not _fits(request, form.get("link", "")):
        return await _spent(request)
    given = {name: form.get(name, "") if name == "password" else form.get(name, "").strip() for name in FIELDS}
    try:
        opened = await _opened(request, given)
    except Invalid as error:
        return await _form(request, form["link"], given, error.problems)
    # Somebody was faster: whoever that was has the account.
    return keep(request, RedirectResponse("/", 303), opened) if opened else RedirectResponse("/sign-in", 303)


async def _opened(request: Request, given: Mapping[str, str]) -> str | None:
    """The secret of the new owner's session; None where there is an account by now. Raises Invalid."""
    problems = first_user_problems(
        OpenedAccount(given["account"], given["zone"], given["currency"]), given["email"], given["name"]
    )
    digest = ""
    try:
        digest = await asyncio.to_thread(hash_password, given["password"])
    except Invalid as error:
        problems += error.problems
    if problems:
        raise Invalid(*problems)
    return await request.app.state.cuprum.database.write(_open, given, digest, secret_of(request), told_of(request))


def _open(connection: Connection, given: Mapping[str, str], digest: str, former: str, told: tuple[str, str]) -> str | None:
    owner = {"email": given["email"], "name": given["name"], "role": "owner", "password_hash": digest}
    owner_id = add_first_user(connection, _account(given), face="web", **owner)
    return begin_session(connection, owner_id, former, *told) if owner_id else None


def _account(given: Mapping[str, str]) -> OpenedAccount:
    return OpenedAccount(given["account"], given["zone"], given["currency"])


async def _form(request: Request, link: str, given: Mapping[str, str], problems: tuple[Problem, ...]) -> Response:
    wrong = {problem.attribute: problem.reason for problem in reversed(problems)}
    values = {"zone": "UTC", "currency": "USD", **given, "password": ""}
    return await page(
        request, "first_start.html", 422 if problems else 200, link=link, path=PATH, is_new=not given, shortest=SHORTEST,
        longest=LONGEST, values={name: values.get(name, "") for name in FIELDS}, zones=zones(), currencies=currencies(),
        problems=wrong, first=next((name for name in FIELDS if name in wrong), FIELDS[0]),
    )  # fmt: skip


async def _spent(request: Request) -> Response:
    return await page(request, "trouble.html", 403, title="This link opens nothing", trouble=_SPENT)


def _fits(request: Request, given: str) -> bool:
    link: OneTimeLink | None = getattr(request.app.state, "first_start", None)
    return link is not None and link.fits(given)


async def script(request: Request) -> Response:
    return Response((PAGES / "first_start.js").read_bytes(), media_type="text/javascript", headers={"Cache-Control": "no-cache"})
