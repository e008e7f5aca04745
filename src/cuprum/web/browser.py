"""The browser at the other end: its session cookie, and whether a form came from a page of ours."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from cuprum.auth.digests import new_secret
from cuprum.auth.sessions import LASTS_SECONDS, is_form_token
from cuprum.kit.errors import Forbidden
from cuprum.kit.forms import Pairs, Upload, read_form, read_upload
from cuprum.kit.loopback import is_loopback_host

SAFE_COOKIE, PLAIN_COOKIE = "__Host-cuprum", "cuprum"
TOKEN_FIELD = "form_token"


def is_safe(request: Request) -> bool:
    """Whether nobody on the way can read along: https, or the very machine."""
    host = request.url.hostname or ""
    public = urlsplit(request.app.state.cuprum.settings.public_url)
    # Behind a proxy that speaks https to the browser, we hear plain http.
    return request.url.scheme == "https" or is_loopback_host(host) or (public.scheme == "https" and public.hostname == host)


def address_here(request: Request) -> str:
    """Where this server is found from outside: at its public address, or as this browser found it where that is none.

    An address of the machine itself may be called by several names, and cookies go only to the one that the browser uses.
    """
    public = request.app.state.cuprum.settings.public_url.rstrip("/")
    if public and not is_loopback_host(urlsplit(public).hostname or ""):
        return str(public)
    return f"{request.url.scheme}://{request.url.netloc}"


def secret_of(request: Request) -> str:
    """What the session cookie holds; empty where there is none."""
    return request.cookies.get(SAFE_COOKIE if is_safe(request) else PLAIN_COOKIE, "")


def or_new(secret: str) -> str:
    """The same, or a fresh one that is nobody's session yet but can stand behind a form."""
    return secret or new_secret()


def keep(request: Request, response: Response, secret: str) -> Response:
    """Have the browser hold this secret; an empty one is taken away."""
    safe = is_safe(request)
    response.set_cookie(
        SAFE_COOKIE if safe else PLAIN_COOKIE,
        secret,
        max_age=LASTS_SECONDS if secret else 0,
        secure=safe,
        httponly=True,
        samesite="lax",
    )
    return response


def told_of(request: Request) -> tuple[str, str]:
    """What the browser calls itself, and where it is."""
    return request.headers.get("user-agent", ""), request.client.host if request.client else ""


async def own_form(request: Request, **limits: int) -> Pairs:
    """The fields of a form that a page of ours showed to this browser. Raises Forbidden for any other."""
    return _own(request, await read_form(request, **limits))


async def own_upload(request: Request, *, largest: int) -> Upload:
    """The same for a form with a file of at most so many bytes."""
    upload = await read_upload(request, largest=largest)
    return replace(upload, fields=_own(request, upload.fields))


def _own(request: Request, pairs: Pairs) -> Pairs:
    if not _comes_from_here(request) or not is_form_token(secret_of(request), dict(pairs).get(TOKEN_FIELD, "")):
        raise Forbidden("This form is too old, or came from another site. Go back, load the page again and try once more.")
    return [pair for pair in pairs if pair[0] != TOKEN_FIELD]


def _comes_from_here(request: Request) -> bool:
    """What the browser itself says of the origin; one too old to say so still has to bring the form's token."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        return False
    own = {f"{request.url.scheme}://{request.url.netloc}", _origin(request.app.state.cuprum.settings.public_url)}
    return origin is None or origin in own


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def local_path(given: str) -> str:
    """A place on this server to go on to; whatever could lead elsewhere is the front page."""
    is_plain = given.isascii() and given.isprintable() and "\\" not in given
    return given if is_plain and given.startswith("/") and not given.startswith("//") else "/"
