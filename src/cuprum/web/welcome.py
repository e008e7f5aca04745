"""`/`: what this is, for whoever opens the address in a browser; who is signed in goes to work."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template

from sqlalchemy import Connection, select
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from cuprum import __version__
from cuprum.storage.account_tables import account
from cuprum.web.sign_in import who_is_at

_HERE = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def routes() -> list[Route]:
    return [Route("/", welcome), Route("/welcome.css", sheet), Route("/pages.css", pages_sheet)]


async def welcome(request: Request) -> Response:
    if await who_is_at(request):
        return RedirectResponse("/home", 303)
    database = request.app.state.cuprum.database
    name = await database.read(_account_name)
    words = {"url": database.settings.public_url or str(request.base_url).rstrip("/")}
    page = filled("welcome.html", words | {"account": name}) if name else filled("no_account.html", words)
    return HTMLResponse(page, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"})


async def sheet(request: Request) -> Response:
    return _sheet("welcome.css")


async def pages_sheet(request: Request) -> Response:
    return _sheet("pages/pages.css")


def _sheet(file: str) -> Response:
    return Response((_HERE / file).read_bytes(), media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def _account_name(connection: Connection) -> str | None:
    return connection.execute(select(account.c.name)).scalar()


def filled(file: str, words: dict[str, str]) -> str:
    """A page of this folder that needs no template language."""
    template = Template((_HERE / file).read_text("utf-8"))
    return template.substitute({key: escape(value) for key, value in {"version": __version__, **words}.items()})
