"""Webhook subscriptions: who is told of which changes, where, and how (`copper-api/part2.md §9`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticCustomError
from sqlalchemy import and_, func, insert, select, update

from cuprum.entities import ENTITIES, reading
from cuprum.events.delivery import COPPER, DEAD, FAILED, RELIABLE, UNSTARTED
from cuprum.events.handoff import SUBSCRIBED_TYPES
from cuprum.kit.addresses import AddressRule, RefusedTarget, check_url
from cuprum.kit.errors import Invalid, Malformed, NotFound, Problem, Refused
from cuprum.kit.secret_box import SecretBox, box_for
from cuprum.kit.signing import new_secret
from cuprum.kit.uuid7 import uuid7
from cuprum.records.notifications import body, subscriber
from cuprum.records.visible import present, seen_by, visible_even_in_trash
from cuprum.records.work import Work
from cuprum.storage.dialect import lock_word
from cuprum.storage.event_tables import delivery, webhook
from cuprum.storage.rows import inserted_id
from cuprum.storage.tables import TABLES

TYPES = tuple(SUBSCRIBED_TYPES.get(entity, entity) for entity in ENTITIES)
EVENTS = ("new", "update", "delete")
MODES = (COPPER, RELIABLE)
MOST_ACTIVE = 100

MOST_SENT_AGAIN = 1_000

# Header names that are ours or the protocol's to set.
_OWN_HEADERS = {
    *("host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "expect", "te", "trailer"),
    *("webhook-id", "webhook-timestamp", "webhook-signature"),
}
_KEYS = ("target", "type", "event", "secret", "headers", "custom_field_computed_values", "mode")


def all_of(work: Work) -> list[Any]:
    """The active subscriptions: of the account for admins, their own for others."""
    statement = select(webhook).where(webhook.c.deleted_at.is_(None)).order_by(webhook.c.id)
    if not work.actor.is_admin:
        statement = statement.where(webhook.c.user_id == work.actor.user_id)
    return list(work.execute(statement))


def one(work: Work, webhook_id: int) -> Any:
    """The subscription; raises NotFound for what is gone or somebody else's."""
    found = next((row for row in all_of(work) if row.id == webhook_id), None)
    if found is None:
        raise NotFound
    return found


def subscribe(work: Work, body: Any, *, modes: bool = False) -> tuple[int, str | None]:
    """Subscribe; returns the id and, in reliable mode, the signing secret, which is shown this once.

    `modes` is for our own address: on Copper's, `mode` is an unknown attribute.
    """
    values = _read(work, body, new=True, modes=modes)
    lock_word(work.connection, "webhook subscriptions")
    active = work.execute(select(func.count()).where(webhook.c.deleted_at.is_(None))).scalar_one()
    if active >= MOST_ACTIVE:
        raise Refused(f"Invalid request: an account has at most {MOST_ACTIVE} webhook subscriptions; delete one first")
    signing_secret = new_secret() if values.setdefault("mode", COPPER) == RELIABLE else None
    values |= {
        "user_id": work.actor.user_id,
        "created_at": work.now,
        "signing_secret": signing_secret and _box(work).seal(signing_secret),
    }
    values.setdefault("custom_field_computed_values", False)
    webhook_id = inserted_id(work.connection, webhook, values)
    work.group.record("webhook", webhook_id, "new", {}, _logged(values))
    return webhook_id, signing_secret


def change(work: Work, webhook_id: int, body: Any, *, modes: bool = False) -> str | None:
    """Change a subscription; returns a signing secret when it just became reliable."""
    before = one(work, webhook_id)
    values = _read(work, body, new=False, modes=modes)
    signing_secret = None
    if values.get("mode") == RELIABLE and before.signing_secret is None:
        signing_secret = new_secret()
        values["signing_secret"] = _box(work).seal(signing_secret)
    if values:
        work.execute(update(webhook).where(webhook.c.id == webhook_id).values(**values))
        work.group.record("webhook", webhook_id, "update", _logged(_as_it_was(before, values)), _logged(values))
    return signing_secret


def unsubscribe(work: Work, webhook_id: int) -> None:
    before = one(work, webhook_id)
    work.execute(update(webhook).where(webhook.c.id == webhook_id).values(deleted_at=work.now))
    whole = {key: getattr(before, key) for key in ("target", "type", "event", "mode")}
    work.group.record("webhook", webhook_id, "delete", whole, {})


def deliveries(work: Work, webhook_id: int, *, state: str | None, before: str | None, limit: int) -> list[Any]:
    """Deliveries of a subscription, newest first, of one state if asked, before the one with the id `before`."""
    one(work, webhook_id)
    statement = select(delivery).where(delivery.c.webhook_id == webhook_id).order_by(delivery.c.id.desc()).limit(limit)
    if state:
        statement = statement.where(delivery.c.state == state)
    if before:
        statement = statement.where(delivery.c.id < before)
    return list(work.execute(statement))


def undelivered(work: Work, webhook_ids: list[int]) -> dict[int, int]:
    """How many deliveries of each did not arrive."""
    counted = select(delivery.c.webhook_id, func.count()).where(delivery.c.webhook_id.in_(webhook_ids))
    counted = counted.where(delivery.c.state.in_((DEAD, FAILED))).group_by(delivery.c.webhook_id)
    return {row[0]: row[1] for row in work.execute(counted)}


def redeliver(work: Work, webhook_id: int, ids: list[str] | None) -> list[str]:
    """Send deliveries again under their own `webhook-id`: the named ones, or those that failed or are dead, oldest first.

    Returns their ids, at most `MOST_SENT_AGAIN`; raises NotFound when a named one is not of this subscription.
    """
    one(work, webhook_id)
    chosen = select(delivery.c.id).where(delivery.c.webhook_id == webhook_id).order_by(delivery.c.id).limit(MOST_SENT_AGAIN)
    chosen = chosen.where(delivery.c.state.in_((DEAD, FAILED)) if ids is None else delivery.c.id.in_(ids))
    found = list(work.execute(chosen).scalars())
    if ids is not None and len(found) < len(set(ids)):
        raise NotFound("One of the deliveries is not one of this subscription")
    # Its next run: the former one, should it still wait for an attempt, ends by itself.
    again = {"state": UNSTARTED, "run_number": delivery.c.run_number + 1, "attempts": 0, "next_attempt_at": None}
    work.execute(update(delivery).where(delivery.c.id.in_(found)).values(**again))
    return found


def send_test(work: Work, webhook_id: int) -> str:
    """Send a message about the latest record that its owner may see, as if it had just happened; returns the delivery's id.

    A deletion is told of a record that is in the trash: a receiver may take the message at its word. Raises Refused where
    there is no such record.
    """
    row = one(work, webhook_id)
    entity = next(entity for entity in ENTITIES if SUBSCRIBED_TYPES.get(entity, entity) == row.type)
    owner, records = subscriber(work.connection, row.user_id), TABLES[entity]
    if owner is None:
        raise Refused("Whoever added this webhook can no longer sign in: nothing is sent to it.")
    wanted = present(owner, entity)
    if row.event == "delete":
        wanted = and_(visible_even_in_trash(owner, entity), records.c.deleted_at.is_not(None))
    latest = select(records.c.id).where(wanted).order_by(records.c.id.desc()).limit(1)
    found = work.connection.execute(latest, seen_by(owner)).scalar()
    if found is None:
        kind = row.type.replace("_log", "")
        told = f"no {kind} in the trash" if row.event == "delete" else f"no {kind} yet"
        raise Refused(f"There is {told} that the message could be about: a receiver may take it at its word.")
    # Copper's message has no such key; only our own way of sending says that it is a test.
    message = body(row, [found], {}, {"test": True} if row.mode == RELIABLE else None)
    sent = {"id": uuid7(), "webhook_id": webhook_id, "at": work.now, "body": message, "state": UNSTARTED}
    work.execute(insert(delivery).values(**sent))
    return str(sent["id"])


def _box(work: Work) -> SecretBox:
    return box_for(work.settings.home, work.settings.secret_key)


def address_rule(work: Work) -> AddressRule:
    return AddressRule(allow_http=work.settings.webhook_allow_http, allow_private=work.settings.webhook_allow_private)


def _read(work: Work, body: Any, *, new: bool, modes: bool) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise Malformed("Malformed request: the body must be a JSON object")
    known = _KEYS if modes else _KEYS[:-1]
    problems = []
    if unknown := [str(key)[:100] for key in body if key not in (*known, "id", "created_at")]:
        problems.append(Problem("base", f"Unrecognized attributes specified: {', '.join(unknown)}"))
    values: dict[str, Any] = {}
    for key in known:
        if key in body or (new and key in ("target", "type", "event")):
            try:
                values[key] = _value(key, body.get(key), required=key in ("target", "type", "event"))
            except PydanticCustomError as refusal:
                problems.append(Problem(key, refusal.message(), refusal.type))
    if problems:
        raise Invalid(*problems)
    if "target" in values:
        _check_target(work, values["target"])
    return values


def _value(key: str, value: Any, *, required: bool) -> Any:
    if required and (value is None or value == ""):
        reading.refuse("can't be blank", "blank")
    match key:
        case "target":
            return (reading.text(value, 2_000) or "").strip()
        case "type":
            return reading.choice(value, TYPES)
        case "event":
            return reading.choice(value, EVENTS)
        case "mode":
            return reading.choice(value, MODES) or COPPER
        case "custom_field_computed_values":
            return bool(reading.flag(value))
    return _flat_map(key, value)


def _flat_map(key: str, value: Any) -> dict[str, str] | None:
    if value is None:
        return None
    if not isinstance(value, dict) or len(value) > 50:
        reading.refuse("must be an object of texts")
    read = {}
    for name, content in value.items():
        name, content = reading.text(name, 255) or "", reading.text(content, 4_000) or ""
        if key == "headers" and not (_is_header(name) and _is_sendable(content := content.strip())):
            reading.refuse(f"{name[:50]!r} cannot be sent as a header")
        if key == "secret" and name in ("ids", "type", "event", "subscription_id", "updated_attributes", "timestamp"):
            reading.refuse(f"{name} is a key of the notification itself")
        read[name] = content
    return read


def _is_header(name: str) -> bool:
    letters = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    return bool(name) and set(name) <= letters and name.lower() not in _OWN_HEADERS


def _is_sendable(content: str) -> bool:
    return content.isascii() and content.isprintable()


def _check_target(work: Work, target: str) -> None:
    try:
        check_url(target, address_rule(work))
    except RefusedTarget as refusal:
        # What Copper refuses too is said in its words; where a setting would allow it, the refusal names the setting.
        way_out = f" ({refusal})" if refusal.setting else ""
        raise Refused(f"Invalid input: Invalid URI For External Request{way_out}") from refusal


def _as_it_was(before: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: getattr(before, key) for key in values}


def _logged(values: Mapping[str, Any]) -> dict[str, Any]:
    """The log says that a secret changed, never what it is."""
    return {key: "…" if key in ("secret", "signing_secret", "headers") and value else value for key, value in values.items()}
