"""The description over HTTP: `/openapi.json` for programs, `/api` for people; each is made once, at its first reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cuprum.api.openapi.document import document
from cuprum.kit import jsonio

# Nothing but our own style sheet: the page needs no script, no font, no image.
PAGE_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_KINDLY = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
_PAGE = {"Content-Security-Policy": PAGE_POLICY, "Referrer-Policy": "no-referrer", **_KINDLY}


def description(described: Sequence[BaseRoute]) -> list[Route]:
    """Routes that describe these routes, open to everybody."""

    @cache
    def plain() -> bytes:
        return jsonio.encode(document(described))

    @cache
    def page() -> bytes:
        # Jinja is loaded for those who look.
        from cuprum.api.openapi.page import page

        return page(jsonio.decode(plain())).encode()

    @cache
    def style() -> bytes:
        from cuprum.api.openapi.page import style

        return style()

    return [
        # Whoever may write a client in a browser may read the description from there.
        _route("/openapi.json", plain, "application/json", {"Access-Control-Allow-Origin": "*", **_KINDLY}),
        _route("/api", page, "text/html; charset=utf-8", _PAGE),
        _route("/api/style.css", style, "text/css; charset=utf-8", _KINDLY),
    ]


def _route(path: str, content: Callable[[], bytes], media_type: str, headers: dict[str, str]) -> Route:
    async def answer(request: Request) -> Response:
        return Response(content(), media_type=media_type, headers=headers)

    return Route(path, answer, methods=["GET"])
