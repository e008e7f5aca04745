"""What a browser is told when something broke or the database does not answer: a page that reads nothing, and for a script that
shows a page already a line on it."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from cuprum.kit.errors import CuprumError, Unavailable
from cuprum.web.welcome import POLICY, filled

_ON_THE_PAGE = {"HX-Retarget": "#notice", "HX-Reswap": "innerHTML", "Cache-Control": "no-store"}


def broken(request: Request, error: CuprumError) -> Response:
    if request.headers.get("hx-request") == "true":
        return HTMLResponse(escape(str(error)), error.status, _ON_THE_PAGE | error.headers)
    is_read = request.method == "GET"
    words = {
        "title": "Not now" if isinstance(error, Unavailable) else "Something broke",
        "sentence": str(error),
        # What was typed still stands on the page before.
        "cure": "Nothing is lost: this page comes back as soon as it works again."
        if is_read
        else "Go back: what you typed still stands on the page before. Then send it again.",
        "again": request.url.path if is_read else "/home",
        "again_label": "Try again" if is_read else "Go to Home",
    }
    kept = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(filled("broken.html", words), error.status, kept | error.headers)
