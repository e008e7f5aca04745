"""Forms as browsers and OAuth clients send them, read as pairs: what comes twice is seen twice; a file may come along."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
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


@dataclass(frozen=True)
class Upload:
    """The fields of a form, and the file that came with them; `content` is empty where none was chosen."""

    fields: Pairs
    file_name: str
    content: bytes


async def read_upload(request: Request, *, largest: int) -> Upload:
    """A multipart body, put on disk while it comes in. Raises Malformed, and TooLarge as soon as the file is."""
    try:
        # The boundaries and the other fields come on top of the file.
        body = _no_longer_than(request, largest + LARGEST_FORM)
        parser = MultiPartParser(request.headers, body, max_files=1, max_fields=_MOST_FIELDS, max_part_size=LARGEST_FORM)
        form = await parser.parse()
    except (MultiPartException, KeyError):
        raise Malformed("Malformed request: the body must be a form with at most one file (multipart/form-data)") from None
    try:
        file = next((one for _, one in form.multi_items() if isinstance(one, UploadFile)), None)
        content = await file.read() if file else b""
        if len(content) > largest:
            raise _too_large(largest)
        fields = [(name, one) for name, one in form.multi_items() if isinstance(one, str)]
        return Upload(fields, (file.filename if file else None) or "", content)
    finally:
        await form.close()


async def _no_longer_than(request: Request, largest: int) -> AsyncGenerator[bytes, None]:
    length = 0
    async for chunk in request.stream():
        length += len(chunk)
        if length > largest:
            raise _too_large(largest - LARGEST_FORM)
        yield chunk


def _too_large(largest: int) -> TooLarge:
    return TooLarge(f"The file is too large: the most is {largest / 1_000_000:g} MB.")
