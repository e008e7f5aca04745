"""Forms as browsers and OAuth clients send them, read as pairs: what comes twice is seen twice."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from cuprum.kit.errors import Malformed, TooLarge

LARGEST_FORM = 64_000
_MOST_FIELDS = 100

Pairs = list[tuple[str, str]]


async def read_form(request: Request, *, largest: int = LARGEST_FORM, most_fields: int = _MOST_FIELDS) -> Pairs:
    """The fields of an url-encoded body; raises Malformed for any other kind of body, TooLarge."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Malformed("Malformed request: the body must be application/x-www-form-urlencoded")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise TooLarge(f"Request body too large: a form has at most {largest} bytes")
    return pairs(body, most_fields)


def pairs(encoded: bytes, most_fields: int = _MOST_FIELDS) -> Pairs:
    """Raises Malformed for more fields than any form has, or text that is not UTF-8."""
    try:
        return parse_qsl(encoded.decode(), keep_blank_values=True, max_num_fields=most_fields, errors="strict")
    except ValueError:
        raise Malformed("Malformed request: the fields cannot be read") from None
