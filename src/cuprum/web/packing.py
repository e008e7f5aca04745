"""Pages go out compressed, but for those that another site had the browser ask for."""

from __future__ import annotations

import zlib

from starlette.requests import Request

# Below that a page fits into one packet as it is.
SMALLEST_BYTES = 1_000
# Beyond it a page takes twice the time to become a twentieth smaller.
_LEVEL = 4
_WITH_GZIP_HEADER = 31


def may_pack(request: Request) -> bool:
    """Whether the browser understands it, and no other site can count on what it learns of the length (BREACH)."""
    headers = request.headers
    return "gzip" in headers.get("accept-encoding", "") and headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def packed(html: str, *, may_pack: bool) -> tuple[bytes, dict[str, str]]:
    """The body to send, and the headers that say how."""
    body = html.encode()
    if not may_pack or len(body) < SMALLEST_BYTES:
        return body, {}
    packer = zlib.compressobj(_LEVEL, wbits=_WITH_GZIP_HEADER)
    return packer.compress(body) + packer.flush(), {"Content-Encoding": "gzip"}
