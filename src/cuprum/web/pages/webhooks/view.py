"""Webhooks: who is told of which changes, how each delivery went, and sending again what did not arrive."""

from __future__ import annotations

import re
from typing import Any

from cuprum.events.delivery import DEAD, DELIVERED, FAILED, SENDING, STATES, UNSTARTED, WAITING
from cuprum.kit import jsonio
from cuprum.kit.addresses import RefusedTarget
from cuprum.kit.errors import CuprumError, Invalid, Problem
from cuprum.records import webhooks
from cuprum.records.work import Work
from cuprum.web.pages.webhooks.reasons import in_words
from cuprum.web.visit import Answer, GoTo, Page, Unchanged, Visit

_SHOWN = 50
_DELIVERY_ID = re.compile(r"[0-9a-f-]{36}")
EVENTS = {"new": "is created", "update": "is changed", "delete": "is deleted"}
STATE_WORDS = {
    UNSTARTED: ("Waiting", "circle-dashed", "plain"), WAITING: ("Waiting", "clock", "plain"),
    SENDING: ("Being sent", "play", "plain"),
    DELIVERED: ("Delivered", "circle-check", "good"), FAILED: ("Failed", "circle-x", "bad"),
    DEAD: ("Given up", "circle-x", "bad"),
}  # fmt: skip
_FIELDS = ("target", "type", "event", "mode")


def subscriptions(work: Work, visit: Visit) -> Page:
    """Admins see everybody's, others their own."""
    rows = webhooks.all_of(work)
    undelivered = webhooks.undelivered(work, [one.id for one in rows])
    words = {
        "rows": rows,
        "undelivered": undelivered,
        "events": EVENTS,
        "names": {number: one["name"] for number, one in work.vocabulary.words["user"].items()},
        "type_words": type_words,
    }
    return Page("webhooks/list.html", words)


def type_words(kind: str) -> str:
    return kind.replace("_log", "").replace("_", " ")


def new(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    return _form(work, visit, None, trouble)


def edit(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    return _form(work, visit, webhooks.one(work, visit.id), trouble)


def _form(work: Work, visit: Visit, row: Any, trouble: CuprumError | None) -> Page:
    shown = {name: getattr(row, name) for name in _FIELDS} if row else {"type": "lead", "event": "new", "mode": "reliable"}
    typed = visit.fields or shown
    problems: dict[str, str] = {}
    for one in trouble.problems if isinstance(trouble, Invalid) else ():
        problems[one.attribute] = one.reason
    # The refusal itself is said in Copper's words; what it comes from says why.
    if trouble and isinstance(trouble.__cause__, RefusedTarget):
        problems["target"] = str(trouble.__cause__)
    words = {
        "row": row, "typed": typed, "problems": problems, "trouble": None if problems else trouble,
        "types": webhooks.TYPES, "events": EVENTS, "type_words": type_words,
        "has_secret": bool(row and row.secret), "header_names": _names(row and row.headers),
    }  # fmt: skip
    return Page("webhooks/form.html", words, status=trouble.status if trouble else 200)


def _names(pairs: str | None) -> list[str]:
    return list(jsonio.decode(pairs)) if pairs else []


def subscribe(work: Work, visit: Visit) -> Answer:
    """In reliable mode the secret by which the receiver knows us is shown, this once."""
    body = _body(visit)
    work.group.label = f"Webhook to {body.get('target', '')[:80]} added"
    webhook_id, secret = webhooks.subscribe(work, body, modes=True)
    return _shown(work, visit, webhook_id, secret) if secret else GoTo(f"/settings/webhooks/{webhook_id}")


def save(work: Work, visit: Visit) -> Answer:
    before = webhooks.one(work, visit.id)
    work.group.label = f"Webhook to {before.target[:80]} changed"
    secret = webhooks.change(work, visit.id, _body(visit), modes=True)
    return _shown(work, visit, visit.id, secret) if secret else GoTo(f"/settings/webhooks/{visit.id}")


def _body(visit: Visit) -> dict[str, Any]:
    """What was typed; secrets and headers only where something new stands there, or they are to go."""
    fields = visit.fields
    body: dict[str, Any] = {name: fields.get(name, "") for name in _FIELDS if name in fields}
    for name in ("secret", "headers"):
        if fields.get(f"no_{name}") == "1":
            body[name] = None
        elif text := fields.get(name, "").strip():
            body[name] = _pairs(name, text)
    return body


def _pairs(name: str, text: str) -> dict[str, str]:
    """`Name: value` a line."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        key, colon, value = line.partition(":")
        if not colon or not key.strip():
            raise Invalid(Problem(name, "must be lines such as Authorization: Bearer s3"))
        found[key.strip()] = value.strip()
    return found


def subscription(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Answer:
    """One subscription and what was sent to it."""
    return _shown(work, visit, visit.id, None, trouble)


def _shown(work: Work, visit: Visit, webhook_id: int, secret: str | None, trouble: CuprumError | None = None) -> Page | Unchanged:
    row = webhooks.one(work, webhook_id)
    state, before = visit.query.get("state", ""), visit.query.get("before", "")
    rows = webhooks.deliveries(
        work,
        webhook_id,
        state=state if state in STATES else None,
        before=before if _DELIVERY_ID.fullmatch(before) else None,
        limit=_SHOWN + 1,
    )
    seen = jsonio.text([[one.id, one.state, one.attempts] for one in rows[:3]]) + str(len(rows))
    if visit.is_part and visit.query.get("seen") == seen:
        return Unchanged()
    words = {
        "row": row, "rows": rows[:_SHOWN], "bodies": [jsonio.decode(one.body) for one in rows[:_SHOWN]],
        "state": state, "seen": seen, "reasons": [in_words(one.last_status, one.last_reason) for one in rows[:_SHOWN]],
        "earlier": rows[_SHOWN - 1].id if len(rows) > _SHOWN else None, "states": STATE_WORDS, "events": EVENTS,
        "type_words": type_words, "secret": secret, "trouble": trouble, "is_first": not before,
        "undelivered": webhooks.undelivered(work, [webhook_id]).get(webhook_id, 0), "headers": _names(row.headers),
        "secrets": _names(row.secret),
    }  # fmt: skip
    return Page("webhooks/one.html", words, part="deliveries", status=trouble.status if trouble else 200)


def remove(work: Work, visit: Visit) -> GoTo:
    before = webhooks.one(work, visit.id)
    work.group.label = f"Webhook to {before.target[:80]} deleted"
    webhooks.unsubscribe(work, visit.id)
    return GoTo("/settings/webhooks")


def send_test(work: Work, visit: Visit) -> GoTo:
    delivery_id = webhooks.send_test(work, visit.id)
    return GoTo(f"/settings/webhooks/{visit.id}#d-{delivery_id}", done="")


def redeliver(work: Work, visit: Visit) -> GoTo:
    """One delivery, or all that did not arrive."""
    delivery_id = visit.fields.get("delivery", "")
    if delivery_id and not _DELIVERY_ID.fullmatch(delivery_id):
        raise Invalid(Problem("delivery", "is not the id of a delivery"))
    webhooks.redeliver(work, visit.id, [delivery_id] if delivery_id else None)
    return GoTo(f"/settings/webhooks/{visit.id}", done="")
