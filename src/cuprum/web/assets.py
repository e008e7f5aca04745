"""Styles, scripts and icons, under addresses that change with their content, so that browsers may keep them for ever."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cuprum.kit.errors import NoSuchRoute

STATIC = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOR_EVER = "public, max-age=31536000, immutable"


def routes() -> list[Route]:
    return [Route("/static/{digest}/{name}", asset, methods=["GET"])]


def address(name: str) -> str:
    """Where a page finds an asset."""
    return f"/static/{_digest()}/{name}"


async def asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _files():
        raise NoSuchRoute
    # A page of before an upgrade gets what there is now, and must ask again.
    kept = _FOR_EVER if request.path_params["digest"] == _digest() else "no-cache"
    headers = {"Cache-Control": kept, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(_zipped(name), media_type=_TYPES[Path(name).suffix], headers=headers | {"Content-Encoding": "gzip"})
    return Response(_files()[name], media_type=_TYPES[Path(name).suffix], headers=headers)


@cache
def _files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(STATIC.iterdir()) if path.suffix in _TYPES}


@cache
def _zipped(name: str) -> bytes:
    return gzip.compress(_files()[name], mtime=0)


@cache
def _digest() -> str:
    """Of all of them: scripts import one another by plain names, which must not mix two versions."""
    whole = hashlib.sha256()
    for name, content in _files().items():
        whole.update(name.encode() + b"\0" + content)
    return whole.hexdigest()[:12]
