"""How somebody wants pages to look in this browser: kept in plain cookies, for there is nothing secret about it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cuprum.kit.errors import CuprumError
from cuprum.web.browser import local_path, own_form
from cuprum.web.desk import answered, told
from cuprum.web.visit import DENSITIES, THEMES, visit_of

_A_YEAR = 365 * 24 * 3600
_KNOWN = {"theme": (*THEMES, "system"), "density": DENSITIES, "keys": ("on", "off"), "starter": ("hidden",)}


async def prefer(request: Request) -> Response:
    try:
        fields = dict(await own_form(request))
    except CuprumError as trouble:
        return await answered(request, visit_of(request, []), told(trouble))
    response = RedirectResponse(local_path(fields.get("next", "/home")), 303)
    for name, words in _KNOWN.items():
        if fields.get(name) in words:
            response.set_cookie(name, fields[name], max_age=_A_YEAR, httponly=True, samesite="lax")
    return response
