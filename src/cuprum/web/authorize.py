"""`/oauth/authorize`: an app asks, the user answers, and the browser takes the answer to the app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from cuprum.auth.scopes import SCOPES
from cuprum.kit.errors import CuprumError
from cuprum.kit.forms import Pairs, pairs
from cuprum.web.browser import own_form
from cuprum.web.page import PAGES, page
from cuprum.web.sign_in import who_is_at

PATH = "/oauth/authorize"
_ASKED = (
    "response_type", "response_mode", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method",
)  # fmt: skip
_KINDNESS = {"Cache-Control": "max-age=3600"}


@dataclass(frozen=True)
class Asked:
    """A request that may be put before the user."""

    app: str
    scopes: tuple[str, ...]
    redirect_uri: str


@dataclass(frozen=True)
class Told:
    """What the app is told, and where: `redirect_uri` is one that it registered, or None when it cannot be told."""

    redirect_uri: str | None
    fields: dict[str, str]
    by_post: bool


def routes() -> list[Route]:
    return [
        Route(PATH, ask, methods=["GET"]),
        Route(PATH, answer, methods=["POST"]),
        Route("/oauth/form-post.js", script, methods=["GET"]),
    ]


async def ask(request: Request) -> Response:
    """The consent page, after signing in. A wrong request is refused before anybody is asked to sign in."""
    try:
        asked = pairs(request.scope["query_string"])
    except CuprumError as error:
        return await _trouble(request, str(error), error.status)
    found = await request.app.state.cuprum.database.read(_checked, asked, _issuer(request))
    if isinstance(found, Told):
        return await _tell(request, found)
    who = await who_is_at(request)
    if who is None:
        here = PATH + "?" + urlencode(asked)
        return RedirectResponse("/sign-in?next=" + quote(here, safe=""), 303)
    return await page(
        request, "consent.html", sends_to=_source(found.redirect_uri), app=found.app, who=who, target=_shown(found.redirect_uri),
        words=[SCOPES[scope] for scope in found.scopes], asked=[pair for pair in asked if pair[0] in _ASKED],
        here=PATH + "?" + urlencode(asked),
    )  # fmt: skip


async def answer(request: Request) -> Response:
    """What the user decided. Everything is checked anew: it came through a browser."""
    try:
        given = await own_form(request)
    except CuprumError as error:
        return await _trouble(request, str(error), error.status)
    who = await who_is_at(request)
    if who is None:
        return await _trouble(request, "You are no longer signed in. Go back to the app and start again.", 403)
    user_id = who.user_id if dict(given).get("decision") == "accept" else None
    asked = [pair for pair in given if pair[0] in _ASKED]
    told = await request.app.state.cuprum.database.write(_decided, asked, _issuer(request), user_id)
    return await _tell(request, told)


def _checked(connection: Connection, asked: Pairs, issuer: str) -> Asked | Told:
    from authlib.oauth2.rfc6749 import OAuth2Error

    from cuprum.auth.oauth.server import AppRequest, Server

    server, request = Server(connection, issuer), AppRequest("GET", asked, {})
    try:
        grant = server.get_consent_grant(request)
    except OAuth2Error as error:
        return _refused(server, request, error)
    return Asked(request.client.name, tuple(request.scope.split()), grant.redirect_uri)


def _decided(connection: Connection, asked: Pairs, issuer: str, user_id: int | None) -> Told:
    from authlib.oauth2.rfc6749 import AccessDeniedError, OAuth2Error

    from cuprum.auth.oauth.server import AppRequest, Server

    server, request = Server(connection, issuer), AppRequest("GET", asked, {})
    try:
        grant = server.get_consent_grant(request)
        if user_id is None:
            raise AccessDeniedError("The user refused.", redirect_uri=grant.redirect_uri, state=request.payload.state)
        fields = grant.granted(user_id)
    except OAuth2Error as error:
        return _refused(server, request, error)
    return _told(server, request, grant.redirect_uri, fields)


def _refused(server: Any, request: Any, error: Any) -> Told:
    fields = {"error": error.error or "invalid_request"}
    if error.description:
        fields["error_description"] = error.description
    return _told(server, request, error.redirect_uri, fields)


def _told(server: Any, request: Any, redirect_uri: str | None, fields: dict[str, str]) -> Told:
    client = server.query_client(request.payload.client_id or "")
    if request.payload.state:
        fields["state"] = request.payload.state
    by_post = client is not None and client.hears_by_post(request.payload.data.get("response_mode"))
    # RFC 9207: an app that knows several servers sees which one answers.
    return Told(redirect_uri, fields | {"iss": server.issuer}, by_post)


async def _tell(request: Request, told: Told) -> Response:
    if told.redirect_uri is None:
        return await _trouble(request, told.fields.get("error_description") or told.fields["error"], 400)
    if told.by_post:
        source, target = _source(told.redirect_uri), _shown(told.redirect_uri)
        return await page(
            request, "form_post.html", sends_to=source, redirect_uri=told.redirect_uri, fields=told.fields, target=target
        )
    return RedirectResponse(_with(told.redirect_uri, told.fields), 303, {"Cache-Control": "no-store"})


async def _trouble(request: Request, sentence: str, status: int) -> Response:
    # What is wrong with the question itself, whoever is asked can do nothing about.
    hint = {"hint": "Whoever makes the app can put this right. Nothing was given to it."} if status == 400 else {}
    return await page(request, "trouble.html", status, title="This app cannot be let in", trouble=sentence, **hint)


def _with(address: str, fields: dict[str, str]) -> str:
    parts = urlsplit(address)
    query = parse_qsl(parts.query, keep_blank_values=True) + list(fields.items())
    return urlunsplit(parts._replace(query=urlencode(query)))


def _source(redirect_uri: str) -> str:
    """The app's place in a Content-Security-Policy: browsers also hold a form's redirects against it."""
    parts = urlsplit(redirect_uri)
    # A policy has no words for an address of IPv6.
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc and "[" not in parts.netloc else f"{parts.scheme}:"


def _shown(redirect_uri: str) -> str:
    parts = urlsplit(redirect_uri)
    return parts.netloc or parts.scheme


def _issuer(request: Request) -> str:
    return (request.app.state.cuprum.settings.public_url or str(request.base_url)).rstrip("/")


async def script(request: Request) -> Response:
    return Response((PAGES / "form_post.js").read_bytes(), media_type="text/javascript", headers=_KINDNESS)
