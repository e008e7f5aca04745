"""A page: a template, the account's name and version in it, and rules that let the browser load and send nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import HTMLResponse

from cuprum import __version__
from cuprum.auth.sessions import form_token
from cuprum.storage.account_tables import account
from cuprum.web.browser import TOKEN_FIELD, is_safe, keep, or_new, secret_of

if TYPE_CHECKING:
    from jinja2 import Environment

PAGES = Path(__file__).parent / "pages"


async def page(request: Request, template: str, status: int = 200, *, sends_to: str = "", **words: Any) -> HTMLResponse:
    """The filled template; `sends_to` is where its form may lead beside here, as a Content-Security-Policy source."""
    name = await request.app.state.cuprum.database.read(lambda connection: connection.execute(select(account.c.name)).scalar())
    secret = or_new(secret_of(request))
    words |= {
        "account": name or "Cuprum", "version": __version__, "is_safe": is_safe(request),
        "token_field": TOKEN_FIELD, "form_token": form_token(secret),
    }  # fmt: skip
    response = HTMLResponse(_templates().get_template(template).render(words), status)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {sends_to}".rstrip()
    )
    response.headers["Cache-Control"] = "no-store"
    if secret != secret_of(request):
        keep(request, response, secret)
    return response


@cache
def _templates() -> Environment:
    # Loaded for the first who looks.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
