"""A connection by OAuth 2.0 in the browser: out to the other server, and back with its code.

What must be remembered meanwhile goes with the browser, sealed with the installation's key: nobody else's browser can end
what this one began, and nothing is left of what nobody ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cuprum.automation.connections import OAUTH2, Connections, name_problems, rule_of, stored_by_id
from cuprum.connector.errors import CopperError
from cuprum.connector.oauth import COPPER_ENDPOINTS, App, Endpoints, Pending, code_from, oauth_client
from cuprum.connector.oauth import begin as begun
from cuprum.kit import jsonio
from cuprum.kit.errors import CuprumError, Invalid, Problem, Refused
from cuprum.kit.forms import read_form
from cuprum.kit.outbound import guarded_client
from cuprum.kit.secret_box import CannotOpen, box_for
from cuprum.web.browser import is_safe
from cuprum.web.desk import Again, State, View, answered, asks, told
from cuprum.web.pages.automations.guard import only_admins
from cuprum.web.pages.connections.view import CALLBACK, checked_base_url, connection, host_of, new, refuse_taken, shown_after_test
from cuprum.web.visit import Page, Visit, visit_of

_COOKIE = "cuprum-letting-in"
_LASTS_SECONDS = 900


async def begin(request: Request) -> Response:
    """Shows the link to the other server: a form of ours may lead nowhere else, a link may."""
    return await _out(request, _asked_for, new)


async def begin_again(request: Request) -> Response:
    """The same for a connection that is there: its app is known, and nothing is typed."""
    return await _out(request, _known, connection)


# Name, address of the API, app.
Asked = tuple[str, str, App]


async def _out(request: Request, asked: Callable[[State, Visit], Asked], again: Again) -> Response:
    remembered: list[str] = []

    def act(state: State, visit: Visit) -> View:
        name, base_url, app = asked(state, visit)
        url, sealed = _pending(state, name, base_url, app)
        remembered.append(sealed)
        words = {"url": url, "host": host_of(url), "name": name}
        return lambda work, visit: Page("connections/out.html", words)

    response = await asks(act, again, first=only_admins)(request)
    if remembered:
        _remember(request, response, remembered[0])
    return response


def _asked_for(state: State, visit: Visit) -> Asked:
    fields = visit.fields
    name, base_url = fields.get("name", "").strip(), checked_base_url(state, fields.get("base_url", ""))
    problems = name_problems(name)
    if not fields.get("client_id", "").strip():
        problems.append(Problem("client_id", "can't be blank", "blank"))
    if problems:
        raise Invalid(*problems)
    refuse_taken(Connections(state.settings, state.database), name, fields.get("renews", ""))
    return name, base_url, App(fields["client_id"].strip(), fields.get("client_secret", "").strip(), visit.address + CALLBACK)


def _known(state: State, visit: Visit) -> Asked:
    one = state.database.read_now(stored_by_id, visit.id)
    if one.kind != OAUTH2:
        raise Refused(f"{one.name} goes by a key, not by signing in.")
    app = Connections(state.settings, state.database).app_of(one.name, visit.address + CALLBACK)
    return one.name, checked_base_url(state, one.base_url), app


def _pending(state: State, name: str, base_url: str, app: App) -> tuple[str, str]:
    try:
        with guarded_client(rule_of(state.settings)) as http:
            endpoints = oauth_client(http).discover(base_url)
    except CopperError as trouble:
        raise Refused(f"{host_of(base_url)} does not say where its users sign in: {trouble.message}") from trouble
    if not endpoints.authorize_url.startswith(("https://", "http://")):
        raise Refused(f"{host_of(base_url)} names no address at which its users sign in.")
    pending = begun(app, endpoints)
    kept = {
        "name": name, "base_url": base_url, "app": asdict(app), "endpoints": asdict(endpoints), "pending": asdict(pending),
        "ends": int(time.time()) + _LASTS_SECONDS,
    }  # fmt: skip
    return pending.url, box_for(state.settings.home, state.settings.secret_key).seal(jsonio.text(kept))


async def came_back(request: Request) -> Response:
    """With a code, or with a refusal. What another site's form brings comes again as a link: only that has our cookies."""
    if request.method == "POST":
        try:
            fields = await read_form(request)
        except CuprumError as trouble:
            return await answered(request, visit_of(request, []), told(trouble))
        wanted = [(name, value) for name, value in fields if name in ("code", "state", "error", "error_description", "iss")]
        return RedirectResponse(f"{CALLBACK}?{urlencode(wanted)}", 303)
    kept = _kept(request)

    def act(state: State, visit: Visit) -> View:
        if kept is None:
            raise Refused("Nobody began to connect in this browser, or it took too long. Begin again under Connections.")
        return _in(state, visit, kept)

    response = await asks(act, first=only_admins)(request)
    _remember(request, response, "")
    return response


def _in(state: State, visit: Visit, kept: dict[str, Any]) -> View:
    app, endpoints, pending = App(**kept["app"]), Endpoints(**kept["endpoints"]), Pending(**kept["pending"])
    try:
        code = code_from(visit.query, pending, state_may_be_missing=endpoints == COPPER_ENDPOINTS, issuer=endpoints.issuer)
        with guarded_client(rule_of(state.settings)) as http:
            token = oauth_client(http).token_for(app, endpoints, pending, code)
    except CopperError as trouble:
        raise Refused(trouble.message) from trouble
    stored = Connections(state.settings, state.database)
    stored.add_oauth(kept["name"], app=app, endpoints=endpoints, token=token, base_url=kept["base_url"], is_guarded=True)
    return shown_after_test(state, stored, kept["name"])


def _remember(request: Request, response: Response, sealed: str) -> None:
    lasts = _LASTS_SECONDS if sealed else 0
    response.set_cookie(_COOKIE, sealed, max_age=lasts, path=CALLBACK, secure=is_safe(request), httponly=True, samesite="lax")


def _kept(request: Request) -> dict[str, Any] | None:
    settings = request.app.state.cuprum.settings
    try:
        kept: dict[str, Any] = jsonio.decode(box_for(settings.home, settings.secret_key).open(request.cookies.get(_COOKIE, "")))
    except (CannotOpen, ValueError):
        return None
    return kept if kept["ends"] > time.time() else None
