"""Forms as browsers and OAuth clients send them, read as pairs: what comes twice is seen twice."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from cuprum.kit.errors import Malformed, TooLarge

LARGEST_FORM = 64_000
_MOST_FIELDS = 100

Pairs = list[tuple[str, str]]


async def read_form(request: Request) -> Pairs:
    """The fields of an url-encoded body; raises Malformed for any other kind of body, TooLarge."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Malformed("Malformed request: the body must be application/x-www-form-urlencoded")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise TooLarge(f"Request body too large: a form has at most {LARGEST_FORM} bytes")
    return pairs(body)


def pairs(encoded: bytes) -> Pairs:
    """Raises Malformed for more fields than any form has, or text that is not UTF-8."""
    try:
        return parse_qsl(encoded.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        raise Malformed("Malformed request: the fields cannot be read") from None
