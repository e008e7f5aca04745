"""JSON in, with every kind of nonsense refused; JSON out, with stored JSON passed through untouched."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from cuprum.kit.errors import Malformed

encode = msgspec.json.Encoder(decimal_format="number").encode
Raw = msgspec.Raw

_DEEPEST = 32


def text(value: Any) -> str:
    return encode(value).decode()


def decode(body: bytes | str) -> Any:
    """Decode stored JSON that we wrote ourselves."""
    return msgspec.json.decode(body)


def decode_untrusted(body: bytes) -> Any:
    """Decode a request body; raises Malformed with the reason (§3: malformed JSON is a 400)."""
    body = body.removeprefix(b"\xef\xbb\xbf")  # .NET and Windows tools begin UTF-8 with this mark
    if _nesting(body) > _DEEPEST:
        raise Malformed(f"Malformed JSON: nested deeper than {_DEEPEST} levels")
    try:
        return msgspec.json.decode(body)
    except UnicodeDecodeError:
        raise Malformed("Malformed JSON: the body is not valid UTF-8") from None
    except (msgspec.DecodeError, RecursionError) as trouble:
        # The decoder takes half a character at the end of a text for the end of the body.
        half = _HALF_A_CHARACTER.search(body)
        raise Malformed(
            f"Malformed JSON: {half[0].decode()} is half a character" if half else f"Malformed JSON: {trouble}"
        ) from None


_HALF_A_CHARACTER = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)


def _nesting(body: bytes) -> int:
    """The deepest nesting, counted outside strings; only bodies with many brackets are walked."""
    if body.count(b"[") + body.count(b"{") <= _DEEPEST:
        return 0
    depth = deepest = 0
    in_string = escaped = False
    for byte in body:
        if in_string:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                in_string = False
        elif byte == 0x22:
            in_string = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest
