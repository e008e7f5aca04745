"""`httpClient/v1/…`: a request to any address that this installation lets out, through the guarded transport."""

from __future__ import annotations

import json
import re
from typing import Any

from cuprum.automation.expressions import as_text
from cuprum.automation.nodes.outcome import PERMANENT, TRANSIENT, NodeCall, NodeTrouble, Said, Undecidable
from cuprum.kit.exchange import Outcome, exchange

LARGEST_ANSWER = 1_000_000
LONGEST_SECONDS = 120.0
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")


def method_of(kind: str) -> str:
    return kind.rpartition("/")[2].upper()


def is_read(kind: str) -> bool:
    return method_of(kind) in ("GET", "HEAD")


def request(call: NodeCall, client: Any, sent_at: int | None, note_sent: Any) -> Said:
    """The answer's body, or with `fullResponse` its status and headers too."""
    given, method = call.input, method_of(call.type)
    if not isinstance(given.get("uri"), str) or not given["uri"].strip():
        raise NodeTrouble("uri can't be blank", kind="InvalidInput")
    theirs = _headers(given.get("headers"))
    repeats = method in ("GET", "HEAD", "PUT", "DELETE")
    if not repeats:
        if sent_at is not None:
            raise Undecidable(f"{method} {given['uri']} was sent and its answer lost: whether it happened cannot be told.")
        note_sent()
    headers = {"Idempotency-Key": call.key} if not repeats else {}
    headers |= theirs
    content = _content(given.get("body"), headers)
    outcome = exchange(
        client,
        method,
        given["uri"],
        keep_bytes=LARGEST_ANSWER,
        headers=headers,
        params=_pairs(given.get("queryParameters")) or None,
        content=content,
        follow_redirects=bool(given.get("followRedirect") or given.get("followAllRedirects")),
        extensions={"total_seconds": _seconds(given.get("timeout"))},
    )
    if not outcome.succeeded and not (given.get("ignoreResponseCode") and outcome.status is not None):
        raise _trouble(call, outcome, repeats)
    body = _body(outcome, given.get("responseType") or given.get("responseFormat"))
    if given.get("fullResponse"):
        return Said({"statusCode": outcome.status, "headers": dict(outcome.headers), "body": body})
    return Said(body)


def shown(call: NodeCall) -> Said:
    return Said({"dry_run": True, "would": {"method": method_of(call.type), **call.input}})


def _trouble(call: NodeCall, outcome: Outcome, repeats: bool) -> NodeTrouble:
    method = method_of(call.type)
    lost = (outcome.status is None and outcome.may_have_arrived) or (outcome.status or 0) in (500, 502, 504)
    if lost and not repeats:
        return Undecidable(f"{method} {call.input['uri']}: {outcome.reason}; it may have happened, so it is not sent again.")
    return NodeTrouble(
        f"{method} {call.input['uri']}: {outcome.reason}",
        kind="HttpError",
        trouble=PERMANENT if outcome.permanent else TRANSIENT,
        retry_after_seconds=outcome.retry_after_seconds,
        details={"status": outcome.status, "body": outcome.excerpt[:2_000]},
    )


def _headers(given: Any) -> dict[str, str]:
    found = _pairs(given)
    for name, value in found.items():
        if not _NAME.fullmatch(name) or not all(" " <= letter <= "~" or letter == "\t" for letter in value):
            raise NodeTrouble(f"the header {name[:80]} cannot be sent: headers hold plain ASCII text", kind="InvalidInput")
    return found


def _pairs(given: Any) -> dict[str, str]:
    """Headers or parameters: an object, of which ByteChef also writes `{parameters: {…}}`, and lists for values."""
    if isinstance(given, dict) and isinstance(given.get("parameters"), dict):
        given = given["parameters"]
    if not isinstance(given, dict):
        return {}
    return {
        str(name): ", ".join(map(as_text, value)) if isinstance(value, list) else as_text(value) for name, value in given.items()
    }


def _content(given: Any, headers: dict[str, str]) -> bytes | None:
    if given is None:
        return None
    kind, content = "JSON", given
    if isinstance(given, dict) and ("bodyContentType" in given or "bodyContent" in given):
        kind, content = str(given.get("bodyContentType") or "JSON").upper(), given.get("bodyContent")
    if content is None:
        return None
    names = {name.lower() for name in headers}
    if kind == "FORM_URL_ENCODED":
        from urllib.parse import urlencode

        written, media = urlencode(_pairs(content)), "application/x-www-form-urlencoded"
    elif kind == "RAW" or (kind != "JSON" and isinstance(content, str)):
        written, media = as_text(content), "text/plain; charset=utf-8"
    else:
        written, media = json.dumps(content, ensure_ascii=False), "application/json"
    if "content-type" not in names:
        headers["Content-Type"] = media
    return written.encode()


def _body(outcome: Outcome, wanted: Any) -> Any:
    media = next((value for name, value in outcome.headers.items() if name.lower() == "content-type"), "")
    if not outcome.body:
        return None
    if str(wanted or "").upper() == "JSON" or "json" in media:
        try:
            return json.loads(outcome.body)
        except ValueError:
            pass
    return outcome.body.decode("utf-8", "replace")


def _seconds(milliseconds: Any) -> float:
    if isinstance(milliseconds, int | float) and not isinstance(milliseconds, bool) and milliseconds > 0:
        return min(milliseconds / 1000, LONGEST_SECONDS)
    return 30.0
