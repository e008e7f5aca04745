"""A request as the handlers see it: path, query and body, read leniently where Copper's clients need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from cuprum.api import query_string
from cuprum.entities.reading import LARGEST_ID
from cuprum.kit.errors import Invalid, Malformed, NotFound, Problem, TooLarge
from cuprum.kit.jsonio import decode_untrusted


@dataclass
class Call:
    """One request; `query` keeps the last of repeated keys, `filters` reads lists and objects out of the query string.

    `headers` are by their names in lower case, the first of repeated ones.
    """

    method: str
    path: str
    parameters: dict[str, Any]
    query: dict[str, str]
    filters: dict[str, Any]
    raw: bytes
    headers: dict[str, str]
    answer_headers: dict[str, str] = field(default_factory=dict)
    # What the request's line in the log says beside its address.
    log: dict[str, Any] = field(default_factory=dict)

    def json(self) -> Any:
        """The decoded body; a missing one is an empty object (`copper-api/part1.md §1`)."""
        return decode_untrusted(self.raw) if self.raw.strip() else {}

    def object(self) -> dict[str, Any]:
        body = self.json()
        if body is None:
            return {}
        if not isinstance(body, dict):
            raise Malformed("Malformed request: the body must be a JSON object")
        return body

    def id(self, name: str = "id") -> int:
        """A record id of the path; what cannot be one is not found."""
        text = self.parameters[name]
        if not text.isascii() or not text.isdecimal() or not 0 <= int(text[:25]) <= LARGEST_ID:
            raise NotFound
        return int(text)

    @property
    def computed(self) -> bool:
        return str(self.query.get("custom_field_computed_values")).lower() in ("true", "1")


async def read_call(request: Request, largest_body: int, setting: str = "CUPRUM_MAX_BODY_BYTES") -> Call:
    raw, headers = b"", _headers(request)
    # A GET's body is read by nobody: some clients send `{}` with it.
    if request.method not in ("GET", "HEAD"):
        raw = await _body(request, headers, largest_body, setting)
    given = request.scope["query_string"]
    # NUL ends a string in C, and PostgreSQL refuses it: no name, cursor or id has one.
    if "\0" in request.scope["path"]:
        raise NotFound
    query, filters = (dict(query_string.pairs(given)), query_string.nested(given)) if given else ({}, {})
    if b"%00" in given:
        _refuse_nul(query)
    log = request.scope.setdefault("log", {})
    return Call(request.method, request.scope["path"], request.path_params, query, filters, raw, headers, log=log)


def _headers(request: Request) -> dict[str, str]:
    # Five are asked for in each request, and the request's own would be looked through for each.
    headers: dict[str, str] = {}
    for name, value in request.scope["headers"]:
        headers.setdefault(name.decode("latin-1"), value.decode("latin-1"))
    return headers


def _refuse_nul(query: Mapping[str, str]) -> None:
    if odd := [name for name, value in query.items() if "\0" in name + value]:
        raise Invalid(*(Problem(name.replace("\0", ""), "contains characters that are not text") for name in odd))


async def _body(request: Request, headers: dict[str, str], largest: int, setting: str) -> bytes:
    too_large = TooLarge(f"Request body too large: the limit is {largest} bytes ({setting})")
    announced = headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > largest:
        raise too_large
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > largest:
            raise too_large
        chunks.append(chunk)
    return b"".join(chunks)
