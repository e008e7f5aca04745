"""`webhook/v1/responseToWebhookRequest`: what the caller of a webhook that awaits its workflow is answered."""

from __future__ import annotations

import re
from typing import Any

from cuprum.automation.expressions import as_text
from cuprum.automation.nodes.outcome import NodeTrouble, Said

JSON, RAW, REDIRECT, NO_DATA = "JSON", "RAW", "REDIRECT", "NO_DATA"
_KINDS = (JSON, RAW, REDIRECT, NO_DATA)
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
# The connection's own business, and cookies are ours.
_NOT_THEIRS = ("connection", "content-length", "transfer-encoding", "set-cookie", "upgrade", "keep-alive", "trailer", "te")


def answer(given: dict[str, Any]) -> Said:
    """Status, headers and body, checked: raises NodeTrouble naming what cannot be answered."""
    kind = str(given.get("responseType") or JSON).upper()
    if kind not in _KINDS:
        raise _wrong(f"responseType must be one of {', '.join(_KINDS)}, not {kind}")
    status = given.get("statusCode")
    status = 200 if status in (None, "") else status
    if isinstance(status, bool) or not str(status).isdecimal() or not 200 <= int(status) <= 599:
        raise _wrong(f"statusCode must be from 200 to 599, not {as_text(status)}")
    headers = {str(name): as_text(value) for name, value in (given.get("headers") or {}).items()}
    for name, value in headers.items():
        if not _HEADER.fullmatch(name) or name.lower() in _NOT_THEIRS or any(ord(letter) < 32 for letter in value):
            raise _wrong(f"the header {name} cannot be set")
    body = given.get("body")
    if kind == REDIRECT:
        target = as_text(body)
        if not target.startswith(("https://", "http://", "/")) or any(ord(letter) <= 32 for letter in target):
            raise _wrong(f"{target[:80]} is no address to redirect to")
        return Said({"statusCode": 302, "headers": {**headers, "Location": target}, "responseType": kind, "body": None})
    return Said({"statusCode": int(status), "headers": headers, "responseType": kind, "body": None if kind == NO_DATA else body})


def _wrong(reason: str) -> NodeTrouble:
    return NodeTrouble(reason, kind="InvalidInput")
